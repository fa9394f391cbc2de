import { describe, expect, it } from 'vitest';
import { constitutionActivated, constitutionPublished } from '../../schemas/generated/records.ts';
import { writesOf } from '../testing/apply.ts';
import { constitution } from './projection.ts';
import { getActiveConstitution } from './queries.ts';

describe('the constitution in Redis', () => {
  it('is one hash per version, and one that names the active version', () => {
    const published = constitutionPublished({ version: '1', digest: 'd', envelope: '{}' });
    const activated = constitutionActivated({ slot: 'active', version: '1', digest: 'd', activatedBy: null });
    expect(writesOf(constitution, [published, activated])).toEqual([
      { key: 'version:1', set: { version: '1', digest: 'd', envelope: '{}' }, ttlMs: null },
      { key: 'active', set: { version: '1', digest: 'd' }, ttlMs: null },
    ]);
  });

  it('returns no envelope whose digest differs from the active one', async () => {
    const hashes: Record<string, Record<string, string>> = {
      'khipu:constitution:v1:active': { version: '1', digest: 'd' },
      'khipu:constitution:v1:version:1': { version: '1', digest: 'other', envelope: '{}' },
    };
    const redis = { hgetall: async (key: string) => hashes[key] ?? {} };
    expect(await getActiveConstitution(redis)).toEqual({ version: '1', digest: 'd', envelope: null });
    expect(await getActiveConstitution({ hgetall: async () => ({}) })).toBeUndefined();
  });
});
