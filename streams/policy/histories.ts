import type { SessionHistory } from '../../schemas/generated/records.ts';
import { SESSION_MS_MAX } from '../../schemas/session.ts';
import type { RecordOf } from '../kernel.ts';

export type Kept = Pick<SessionHistory, 'labels' | 'sequences'>;

interface Remembered extends Kept {
  /** Ms since 1970: forgotten by then. Set when the session is first remembered, and kept. */
  readonly until: number;
}

/** What is remembered of the sessions of one tenant. Of most there is nothing to remember: they are not here. */
export interface Histories {
  /** By session, the one that is forgotten first first. */
  readonly sessions: Readonly<Record<string, Remembered>>;
  /** Sum of all, as `bytesOf` counts. */
  readonly bytes: number;
}

export const noHistories: Histories = { sessions: {}, bytes: 0 };

/** A state may have 1 MB, and the ledger of budgets takes 440 kB at most. Room for some 1,700 sessions with a label and a step each. */
export const HISTORY_BYTES_MAX = 360_000;
/** What a shadow constitution remembers takes nothing from what counts. */
export const SHADOW_BYTES_MAX = 90_000;

/** Something is remembered only after a session's start, so no command of it comes later. An hour more for clocks that differ. */
export const HISTORY_MS = SESSION_MS_MAX + 60 * 60 * 1000;

/** Id of the session, time and punctuation. */
const ENTRY_BYTES = 100;

/** What a session takes of the state, as JSON in UTF-8; nothing where there is nothing to remember. */
export const bytesOf = ({ labels, sequences }: Kept): number =>
  labels.length + sequences.length === 0
    ? 0
    : Buffer.byteLength(JSON.stringify([labels, sequences]), 'utf8') + ENTRY_BYTES;

const known = ({ sessions }: Histories, sessionId: string): Remembered | undefined =>
  Object.hasOwn(sessions, sessionId) ? sessions[sessionId] : undefined;

/** Without what was to be forgotten by then. Sessions stand in the order of their times, so the oldest come first. */
function forgetting(histories: Histories, timeMs: number): Histories {
  const past: string[] = [];
  // Most often the first is young enough: no list of all of them is made for each command.
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

/** What is remembered of a session at a time, and the room that is left in the tenant's. */
export function historyOf(
  histories: Histories,
  sessionId: string,
  { timeMs, bytesMax }: { readonly timeMs: number; readonly bytesMax: number },
): SessionHistory {
  const live = forgetting(histories, timeMs);
  const { labels, sequences } = known(live, sessionId) ?? { labels: [], sequences: [] };
  return { labels, sequences, room: Math.max(0, bytesMax - live.bytes) };
}

export function evolve(histories: Histories, { data }: RecordOf<'SessionRemembered'>): Histories {
  const { sessionId, labels, sequences, at } = data;
  const live = forgetting(histories, at);
  const before = known(live, sessionId);
  const until = before?.until ?? data.until;
  const bytes = live.bytes + bytesOf({ labels, sequences }) - (before === undefined ? 0 : bytesOf(before));
  return { sessions: { ...live.sessions, [sessionId]: { labels, sequences, until } }, bytes };
}
