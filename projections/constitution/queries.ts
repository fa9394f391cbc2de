import { cacheKey } from '../kernel/cache.ts';
import { ACTIVE_KEY, constitution, versionKey } from './projection.ts';

/** The part of a Redis client that the query uses; ioredis fits. */
export interface HashReader {
  hgetall(key: string): Promise<Readonly<Record<string, string>>>;
}

export interface ActiveConstitutionView {
  readonly version: string;
  readonly digest: string;
  /** DSSE envelope as JSON, not verified here; null when Redis does not hold the document. */
  readonly envelope: string | null;
}

/** Returns the active constitution; undefined when none is active, or when Redis lost it and has not rebuilt it yet. */
export async function getActiveConstitution(redis: HashReader): Promise<ActiveConstitutionView | undefined> {
  const { version, digest } = await redis.hgetall(cacheKey(constitution, ACTIVE_KEY));
  if (version === undefined || digest === undefined) return undefined;
  const published = await redis.hgetall(cacheKey(constitution, versionKey(version)));
  return { version, digest, envelope: published['digest'] === digest ? (published['envelope'] ?? null) : null };
}
