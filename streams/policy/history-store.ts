import { SESSION_MS_MAX } from '../../schemas/contexts/sessions.ts';
import type { SessionHistory } from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';

export type HistoryContent = Pick<SessionHistory, 'labels' | 'sequences' | 'origins'>;

interface StoredHistory extends Omit<HistoryContent, 'origins'> {
  /** Absent in a state from before labels had an origin. */
  readonly origins?: HistoryContent['origins'];
  /** Expiry in ms since 1970. Set with the first history of the session, and kept. */
  readonly until: number;
}

/** Histories of the sessions of one place. Sessions without a history, which are most, are not stored. */
export interface HistoryStore {
  /** Keyed by session id, ordered by expiry, soonest first. */
  readonly sessions: Readonly<Record<string, StoredHistory>>;
  /** Sum of `bytesOf` of all histories. */
  readonly bytes: number;
}

export const emptyHistoryStore: HistoryStore = { sessions: {}, bytes: 0 };

/**
 * Bound in bytes of JSON. A state may have 1 MB, and the ledger of budgets takes at most 440 kB. Room for some 1,700
 * sessions with a label and a step each.
 */
export const HISTORY_BYTES_MAX = 360_000;
/** Bound on the histories of the shadow, in bytes of JSON; separate, so that they take no room from the others. */
export const SHADOW_BYTES_MAX = 90_000;

/**
 * Lifetime of a history in ms. It begins after the start of its session, so no command comes after it. One hour is
 * added for clock differences.
 */
export const HISTORY_MS = SESSION_MS_MAX + 60 * 60 * 1000;

/** Bytes for session id, time and punctuation. */
const ENTRY_BYTES = 100;

/** Returns the size of a history in the state, in bytes of JSON in UTF-8; 0 for an empty one. Never throws. */
export const bytesOf = ({
  labels,
  sequences,
  origins = [],
}: Omit<HistoryContent, 'origins'> & Partial<Pick<HistoryContent, 'origins'>>): number =>
  labels.length + sequences.length === 0
    ? 0
    : Buffer.byteLength(
        JSON.stringify(origins.length === 0 ? [labels, sequences] : [labels, sequences, { origins }]),
        'utf8',
      ) + ENTRY_BYTES;

const known = ({ sessions }: HistoryStore, sessionId: string): StoredHistory | undefined =>
  Object.hasOwn(sessions, sessionId) ? sessions[sessionId] : undefined;

/**
 * Returns the histories without those that expire by `timeMs`. They are ordered by expiry, so the first later one ends
 * the search.
 */
function withoutExpired(histories: HistoryStore, timeMs: number): HistoryStore {
  const past: string[] = [];
  // Usually the first has not expired: this avoids a list of all of them for each command.
  for (const sessionId in histories.sessions) {
    if ((known(histories, sessionId)?.until ?? 0) > timeMs) break;
    past.push(sessionId);
  }
  if (past.length === 0) return histories;
  const sessions = { ...histories.sessions };
  let { bytes } = histories;
  for (const sessionId of past) {
    const gone = sessions[sessionId];
    if (gone !== undefined) bytes -= bytesOf(gone);
    delete sessions[sessionId];
  }
  return { sessions, bytes };
}

/** Returns the history of a session at `timeMs`, ms since 1970, and the bytes left of `bytesMax` for its place. Never throws. */
export function historyOf(
  histories: HistoryStore,
  sessionId: string,
  { timeMs, bytesMax }: { readonly timeMs: number; readonly bytesMax: number },
): SessionHistory {
  const live = withoutExpired(histories, timeMs);
  const { labels, sequences, origins = [] } = known(live, sessionId) ?? { labels: [], sequences: [] };
  return { labels, sequences, origins, room: Math.max(0, bytesMax - live.bytes) };
}

/** Folds SessionRemembered into the store, and drops histories that expire by its time. Never throws. */
export function evolve(histories: HistoryStore, { data }: RecordOf<'SessionRemembered'>): HistoryStore {
  const { sessionId, labels, sequences, origins, at } = data;
  const live = withoutExpired(histories, at);
  const before = known(live, sessionId);
  const until = before?.until ?? data.until;
  const bytes = live.bytes + bytesOf({ labels, sequences, origins }) - (before === undefined ? 0 : bytesOf(before));
  return {
    sessions: { ...live.sessions, [sessionId]: { labels, sequences, until, ...(origins.length > 0 && { origins }) } },
    bytes,
  };
}
