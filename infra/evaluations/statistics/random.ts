import { createHash } from 'node:crypto';

const RANGE = 2 ** 32;

/** Returns numbers from 0, below 1, that follow from a text: the same on every machine (xoshiro128**, seeded by sha256). */
export function randomFrom(seed: string): () => number {
  const bytes = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12) | 1];
  return () => {
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result / RANGE;
  };
}

/** Returns the seed of a sampler that follows from a text: 0 to 2^31 - 1. */
export const seedFrom = (text: string): number => createHash('sha256').update(text).digest().readUInt32LE(0) >>> 1;
