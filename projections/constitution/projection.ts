import { topics } from '../../schemas/topics.ts';
import { cacheProjection } from '../kernel/cache.ts';
import { assertNever } from '../kernel.ts';

/** Key of the hash that names the active version. */
export const ACTIVE_KEY = 'active';
/** Returns the key of the hash that holds one version's envelope. */
export const versionKey = (version: string): string => `version:${version}`;

/**
 * The active constitution and the signed envelope of each version, in Redis. For reading only: deciders verify the
 * log's copy.
 */
export const constitution = cacheProjection({
  name: 'constitution',
  version: 1,
  inputs: [topics.constitutionEvents],
  apply(record) {
    switch (record.type) {
      case 'ConstitutionPublished': {
        const { version, digest, envelope } = record.data;
        return [{ key: versionKey(version), set: { version, digest, envelope }, ttlMs: null }];
      }
      case 'ConstitutionActivated': {
        const { version, digest } = record.data;
        return [{ key: ACTIVE_KEY, set: { version, digest }, ttlMs: null }];
      }
      case 'ConstitutionProposed':
      case 'ConstitutionReviewed':
      case 'ConstitutionSigned':
      case 'ConstitutionShadowed':
      case 'ConstitutionRefused':
        return [];
      default:
        return assertNever(record);
    }
  },
});
