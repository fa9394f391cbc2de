import { createHash } from 'node:crypto';

/**
 * Derives a sampler's seed from an id: 1 to 2^31 - 1, which fits Avro's `int` and every model server's seed.
 * Deterministic.
 */
export function seedOf(id: string): number {
  const seed = createHash('sha256').update(id).digest().readUInt32BE(0) >>> 1;
  return seed === 0 ? 1 : seed;
}
