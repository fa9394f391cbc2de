import { isGoverned, type VerifiedConstitution } from '../../schemas/constitution.ts';
import type { SessionHistory } from '../../schemas/generated/records.ts';
import { HISTORY_BYTES_MAX } from './histories.ts';
import { asksForHistory, grown, sessionOf } from './history.ts';
import { labelsOf, plainText } from './labels.ts';
import type { Recorded } from './recorded.ts';
import { type Taking, takingOf } from './sequences.ts';
import { subjectOf } from './subject.ts';

interface LetIn {
  readonly taking: Taking;
  readonly place: Place;
}

type Place = Pick<Recorded['meta'], 'timeMs' | 'partition' | 'offset'>;

/**
 * What was let into sessions, as far as a constitution would have asked for it: by tenant and session, in the order of the
 * commands' times. Decisions of one session stand in several partitions, so all are read before any is judged.
 */
export type Hindsight = Map<string, LetIn[]>;

/** Null for what is of no session, or not asked for. */
function keyOf({ document }: VerifiedConstitution, { record: { data }, meta }: Recorded): string | null {
  if (!isGoverned(data.command) || !asksForHistory(document)) return null;
  const sessionId = sessionOf(data.command);
  return sessionId === null ? null : JSON.stringify([meta.tenantId, sessionId]);
}

const isBefore = (a: Place, b: Place): boolean =>
  a.timeMs === b.timeMs && a.partition === b.partition ? a.offset < b.offset : a.timeMs < b.timeMs;

/** Adds a decision that let its command in; nothing else. */
export function look(candidate: VerifiedConstitution, hindsight: Hindsight, recorded: Recorded): void {
  const { command, commandId, decision } = recorded.record.data;
  const key = keyOf(candidate, recorded);
  if (key === null || decision.outcome === 'deny' || !isGoverned(command)) return;
  const subject = subjectOf(command);
  const labels = labelsOf(candidate.document, subject, plainText(candidate.document, subject));
  const session = hindsight.get(key) ?? [];
  session.push({ taking: takingOf(subject, commandId, labels), place: recorded.meta });
  hindsight.set(key, session);
}

/** What the constitution would have remembered before a command, had it been in force all along; null where nobody asks. */
export function lookBack(
  candidate: VerifiedConstitution,
  hindsight: Hindsight,
  recorded: Recorded,
): SessionHistory | null {
  const key = keyOf(candidate, recorded);
  if (key === null) return null;
  const before = (hindsight.get(key) ?? [])
    .filter(({ place }) => isBefore(place, recorded.meta))
    .sort(({ place: a }, { place: b }) => a.timeMs - b.timeMs || a.offset - b.offset);
  let history: SessionHistory = { labels: [], sequences: [], room: HISTORY_BYTES_MAX };
  for (const { taking } of before) history = { ...history, ...grown(candidate.document, history, taking) };
  return history;
}
