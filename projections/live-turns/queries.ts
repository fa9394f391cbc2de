import { cacheKey } from '../kernel/cache.ts';
import { liveSessionKey, liveTextKey, liveTurnKey, liveTurns } from './projection.ts';

/** The part of a Redis client that the query uses; ioredis fits. */
export interface HashReader {
  hgetall(key: string): Promise<Readonly<Record<string, string>>>;
}

export interface LiveTurnView {
  readonly turnId: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'refused';
  /** Sequence of the latest event in the session's conversation. */
  readonly sequence: number;
  readonly text: string;
  /** False when the beginning or a piece of the text is missing here: read the conversation instead. */
  readonly whole: boolean;
  readonly code: string | null;
}

/** Returns one turn; undefined when it is not in Redis: it ended some minutes ago, never existed, or Redis lost it. */
export async function getLiveTurn(
  redis: HashReader,
  tenantId: string,
  sessionId: string,
  turnId: string,
): Promise<LiveTurnView | undefined> {
  const hash = await redis.hgetall(cacheKey(liveTurns, liveTurnKey(tenantId, sessionId, turnId)));
  if (hash['turn_id'] === undefined) return undefined;
  const { text: ended } = hash;
  const soFar =
    ended === undefined ? await redis.hgetall(cacheKey(liveTurns, liveTextKey(tenantId, sessionId, turnId))) : {};
  return {
    turnId: hash['turn_id'],
    status: hash['status'] as LiveTurnView['status'],
    sequence: Number(hash['sequence']),
    text: ended ?? soFar['text'] ?? '',
    whole: soFar['gap'] !== '1',
    code: hash['code'] ?? null,
  };
}

/** Returns the most recently changed turn of a session. */
export async function getLatestLiveTurn(
  redis: HashReader,
  tenantId: string,
  sessionId: string,
): Promise<LiveTurnView | undefined> {
  const { turn_id: turnId } = await redis.hgetall(cacheKey(liveTurns, liveSessionKey(tenantId, sessionId)));
  return turnId === undefined ? undefined : getLiveTurn(redis, tenantId, sessionId, turnId);
}
