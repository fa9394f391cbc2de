/** Histories of sessions under another constitution, rebuilt from the decisions in the log. */
import type { VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { SessionHistory } from '../../schemas/generated/records.ts';
import { isGoverned, requestOf } from '../../schemas/governed.ts';
import { asksForHistory, historyAfter } from './history.ts';
import { HISTORY_BYTES_MAX } from './history-store.ts';
import { labelsOf, plainText } from './labels.ts';
import { classifierLabels, findingsIn, scoresOf } from './moderation.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import { type StepCandidate, stepCandidateOf } from './sequences.ts';

interface AllowedCommand {
  readonly candidate: StepCandidate;
  readonly position: Place;
}

type Place = Pick<RecordedDecision['meta'], 'timeMs' | 'partition' | 'offset'>;

/**
 * Allowed commands of sessions, by tenant and session, as far as the constitution uses them. Decisions of one session
 * are in several partitions, so all are read before any is evaluated.
 */
export type ReplayedHistories = Map<string, AllowedCommand[]>;

/** Returns the key of the session; null for a command outside sessions, and when the constitution uses no history. */
function keyOf({ document }: VerifiedConstitution, { record: { data }, meta }: RecordedDecision): string | null {
  if (!isGoverned(data.command) || !asksForHistory(document)) return null;
  const { session } = requestOf(data.command);
  return session === null ? null : JSON.stringify([meta.tenantId, session]);
}

const isBefore = (a: Place, b: Place): boolean =>
  a.timeMs === b.timeMs && a.partition === b.partition ? a.offset < b.offset : a.timeMs < b.timeMs;

/** Adds the command of an allowing decision; ignores every other decision. Never throws. */
export function addDecision(
  candidate: VerifiedConstitution,
  histories: ReplayedHistories,
  recorded: RecordedDecision,
): void {
  const { command, commandId, decision, classifier } = recorded.record.data;
  const key = keyOf(candidate, recorded);
  if (key === null || decision.outcome === 'deny' || !isGoverned(command)) return;
  const request = requestOf(command);
  const found = findingsIn(candidate.document, plainText(candidate.document, request), scoresOf(classifier));
  const labels = labelsOf(request, found, classifierLabels(classifier));
  const session = histories.get(key) ?? [];
  session.push({ candidate: stepCandidateOf(request, commandId, labels), position: recorded.meta });
  histories.set(key, session);
}

/**
 * Returns the history before a command as if the constitution had always been active, in the order of the commands'
 * times; null when it uses none. Never throws.
 */
export function historyBefore(
  candidate: VerifiedConstitution,
  histories: ReplayedHistories,
  recorded: RecordedDecision,
): SessionHistory | null {
  const key = keyOf(candidate, recorded);
  if (key === null) return null;
  const before = (histories.get(key) ?? [])
    .filter(({ position }) => isBefore(position, recorded.meta))
    .sort(({ position: a }, { position: b }) => a.timeMs - b.timeMs || a.offset - b.offset);
  let history: SessionHistory = { labels: [], sequences: [], origins: [], room: HISTORY_BYTES_MAX };
  for (const each of before) history = { ...history, ...historyAfter(candidate.document, history, each.candidate) };
  return history;
}
