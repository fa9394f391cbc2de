import { cacheKey } from '../kernel/cache.ts';
import { ACTIVE_KEY, constitution, versionKey } from './projection.ts';

/** What the query needs of a Redis client; ioredis fits. */
export interface HashReader {
  hgetall(key: string): Promise<Readonly<Record<string, string>>>;
}

export interface ActiveConstitutionView {
  readonly version: string;
  readonly digest: string;
  /** DSSE envelope, JSON. Not verified here. Null when Redis has not got the document. */
  readonly envelope: string | null;
}

/** Undefined when none is active, or Redis lost it and has not made it again yet. */
export async function getActiveConstitution(redis: HashReader): Promise<ActiveConstitutionView | undefined> {
  const { version, digest } = await redis.hgetall(cacheKey(constitution, ACTIVE_KEY));
  if (version === undefined || digest === undefined) return undefined;
  const published = await redis.hgetall(cacheKey(constitution, versionKey(version)));
  return { version, digest, envelope: published['digest'] === digest ? (published['envelope'] ?? null) : null };
}
