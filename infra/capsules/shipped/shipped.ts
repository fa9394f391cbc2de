import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapsuleError } from '../errors.ts';

/** Names of the capsules that ship with the platform. */
export const shippedCapsules = ['data-quality-check', 'research-brief', 'support-triage'] as const;

/** Returns the manifest of a shipped capsule as a tenant publishes it, not validated. Throws CapsuleError CAPSULE_INVALID. */
export function shippedCapsule(name: string, publisher: string): Record<string, unknown> {
  if (!(shippedCapsules as readonly string[]).includes(name))
    throw new CapsuleError('CAPSULE_INVALID', `no capsule ${name} ships; there are ${shippedCapsules.join(', ')}`);
  const text = readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8');
  return { ...(JSON.parse(text) as Record<string, unknown>), publisher };
}
