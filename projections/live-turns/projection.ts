import { topics } from '../../schemas/topics.ts';
import { cacheProjection } from '../kernel/cache.ts';
import { assertNever } from '../kernel.ts';

/** A turn that ended stays this long, so that a reader sees its end before Postgres has it. */
const ENDED_TTL_MS = 5 * 60 * 1000;
/** Longer than any turn runs. */
const RUNNING_TTL_MS = 60 * 60 * 1000;

export const liveTurnKey = (tenantId: string, sessionId: string, turnId: string): string =>
  `${tenantId}:${sessionId}:${turnId}`;
/** The turn of a session that was the last to change. */
export const liveSessionKey = (tenantId: string, sessionId: string): string => `${tenantId}:${sessionId}`;

/**
 * The latest state and the text so far of each running turn, in Redis: for readers that want a look, not the stream.
 * It may be lost at any time; the log and `events` have everything.
 */
export const liveTurns = cacheProjection({
  name: 'live-turns',
  version: 1,
  inputs: [topics.conversationEvents],
  apply(record, meta) {
    if (record.type === 'ConversationOpened') return [];
    const { sessionId, turnId, sequence } = record.data;
    const change = (status: string, ttlMs: number, set: Readonly<Record<string, string>> = {}) => {
      const state = { turn_id: turnId, status, sequence: String(sequence) };
      return {
        turn: { key: liveTurnKey(meta.tenantId, sessionId, turnId), set: { ...state, ...set }, ttlMs },
        session: { key: liveSessionKey(meta.tenantId, sessionId), set: state, ttlMs },
      };
    };
    switch (record.type) {
      // A turn that waits is not the one that the session is at.
      case 'TurnQueued':
        return [change('queued', RUNNING_TTL_MS).turn];
      case 'TurnStarted':
        return Object.values(change('running', RUNNING_TTL_MS));
      case 'TurnDelta': {
        const { attempt, index, text } = record.data;
        const { turn, session } = change('running', RUNNING_TTL_MS);
        return [{ ...turn, append: { attempt, index, text } }, session];
      }
      case 'TurnCompleted':
        return Object.values(change('completed', ENDED_TTL_MS, { text: record.data.text, gap: '0' }));
      case 'TurnFailed':
        return Object.values(change('failed', ENDED_TTL_MS, { code: record.data.code }));
      case 'TurnRefused':
        return Object.values(change('refused', ENDED_TTL_MS, { code: record.data.code }));
      default:
        return assertNever(record);
    }
  },
});
