import { cacheKey } from '../kernel/cache.ts';
import { liveSessionKey, liveTurnKey, liveTurns } from './projection.ts';

/** What the query needs of a Redis client; ioredis fits. */
export interface HashReader {
  hgetall(key: string): Promise<Readonly<Record<string, string>>>;
}

export interface LiveTurnView {
  readonly turnId: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'refused';
  /** Position of the last event in the session's conversation. */
  readonly sequence: number;
  readonly text: string;
  /** False when the beginning or a piece of the text is not known here: read the conversation instead. */
  readonly whole: boolean;
  readonly code: string | null;
}

/** Undefined when the turn is not known here: it ended some minutes ago, never was, or Redis lost it. */
export async function getLiveTurn(
  redis: HashReader,
  tenantId: string,
  sessionId: string,
  turnId: string,
): Promise<LiveTurnView | undefined> {
  const hash = await redis.hgetall(cacheKey(liveTurns, liveTurnKey(tenantId, sessionId, turnId)));
  if (hash['turn_id'] === undefined) return undefined;
  return {
    turnId: hash['turn_id'],
    status: hash['status'] as LiveTurnView['status'],
    sequence: Number(hash['sequence']),
    text: hash['text'] ?? '',
    whole: hash['gap'] !== '1',
    code: hash['code'] ?? null,
  };
}

/** The turn of a session that was the last to change. */
export async function getLatestLiveTurn(
  redis: HashReader,
  tenantId: string,
  sessionId: string,
): Promise<LiveTurnView | undefined> {
  const { turn_id: turnId } = await redis.hgetall(cacheKey(liveTurns, liveSessionKey(tenantId, sessionId)));
  return turnId === undefined ? undefined : getLiveTurn(redis, tenantId, sessionId, turnId);
}
