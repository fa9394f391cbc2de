import { topics } from '../../schemas/topics.ts';
import { cacheProjection } from '../kernel/cache.ts';
import { assertNever } from '../kernel.ts';

/** Time to live of an ended turn, so that a reader sees its end before Postgres has it. */
const ENDED_TTL_MS = 5 * 60 * 1000;
/** Time to live of a running turn; longer than any turn runs. */
const RUNNING_TTL_MS = 60 * 60 * 1000;

/** Returns the key of one turn. */
export const liveTurnKey = (tenantId: string, sessionId: string, turnId: string): string =>
  `${tenantId}:${sessionId}:${turnId}`;
/** Returns the key of the text of a running turn: written from the deltas, while the other keys are from the events. */
export const liveTextKey = (tenantId: string, sessionId: string, turnId: string): string =>
  `${liveTurnKey(tenantId, sessionId, turnId)}:text`;
/** Returns the key of the session's most recently changed turn. */
export const liveSessionKey = (tenantId: string, sessionId: string): string => `${tenantId}:${sessionId}`;

/**
 * The latest state and the text so far of each running turn, in Redis: for readers that want a snapshot instead of the
 * stream. It may be lost at any time; the log holds everything, and `events` the whole text once the turn has ended.
 */
export const liveTurns = cacheProjection({
  name: 'live-turns',
  version: 1,
  inputs: [topics.conversationEvents, topics.conversationDeltas],
  apply(record, meta) {
    if (record.type === 'ConversationOpened') return [];
    if (record.type === 'TurnDelta') {
      const { sessionId, turnId, attempt, start, text } = record.data;
      const key = liveTextKey(meta.tenantId, sessionId, turnId);
      return [{ key, append: { attempt, start, text }, ttlMs: RUNNING_TTL_MS }];
    }
    const { sessionId, turnId, sequence } = record.data;
    const change = (status: string, ttlMs: number, set: Readonly<Record<string, string>> = {}) => {
      const state = { turn_id: turnId, status, sequence: String(sequence) };
      return {
        turn: { key: liveTurnKey(meta.tenantId, sessionId, turnId), set: { ...state, ...set }, ttlMs },
        session: { key: liveSessionKey(meta.tenantId, sessionId), set: state, ttlMs },
      };
    };
    switch (record.type) {
      // A queued turn does not become the session's current turn.
      case 'TurnQueued':
        return [change('queued', RUNNING_TTL_MS).turn];
      case 'TurnStarted':
        return Object.values(change('running', RUNNING_TTL_MS));
      case 'TurnCompleted':
        return Object.values(change('completed', ENDED_TTL_MS, { text: record.data.text }));
      case 'TurnFailed':
        return Object.values(change('failed', ENDED_TTL_MS, { code: record.data.code }));
      case 'TurnRefused':
        return Object.values(change('refused', ENDED_TTL_MS, { code: record.data.code }));
      default:
        return assertNever(record);
    }
  },
});
