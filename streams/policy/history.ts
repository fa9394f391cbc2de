/** History of sessions: labels of allowed commands, and progress in sequences, as far as the constitution uses them. */
import type { ConstitutionDocument, ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { isReserved } from '../../schemas/contexts/policy/flow.ts';
import { toolName } from '../../schemas/contexts/tools.ts';
import {
  type ClassifierAnswer,
  type DecidedPersona,
  type SessionHistory,
  sessionRemembered,
  type ToolCallCompleted,
} from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import {
  bytesOf,
  HISTORY_BYTES_MAX,
  HISTORY_MS,
  type HistoryContent,
  type HistoryStore,
  historyOf,
} from './history-store.ts';
import { sourceIn } from './labels.ts';
import { advanced, type StepCandidate, stepCandidateOf } from './sequences.ts';

const looking = new WeakMap<ConstitutionDocument, boolean>();

/**
 * Returns true when a rule of the document may use labels of the session: one of Cedar, or one of approvals. Comments count, and so does any escape, which
 * could spell the name: a false positive costs memory and changes no verdict.
 */
export function looksAtLabels(document: ConstitutionDocument): boolean {
  const known = looking.get(document);
  if (known !== undefined) return known;
  const looks =
    document.policies.some(({ text }) => /session_labels|flow_labels|integrity|confidentiality|\\/.test(text)) ||
    (document.approvals ?? []).some(({ when }) => when.labels !== undefined);
  looking.set(document, looks);
  return looks;
}

/** Returns false for a document that uses no history: nothing is stored or looked up for it. Never throws. */
export const asksForHistory = (document: ConstitutionDocument): boolean =>
  (document.sequences?.length ?? 0) > 0 || looksAtLabels(document);

/** The context of an evaluation, besides the constitution: the history of the session, and the id of the command. */
export interface EvaluationContext {
  /** Null when the constitution uses none, or the request belongs to no session. */
  readonly history: SessionHistory | null;
  readonly commandId: string;
  /** Persona of the command as it was held; null when it names none, or nothing is known of personas. */
  readonly persona: DecidedPersona | null;
  /** Answer of the outside classifier; null when it was not asked. */
  readonly classifier: ClassifierAnswer | null;
}

export const noContext: EvaluationContext = { history: null, commandId: '', persona: null, classifier: null };

/**
 * Returns the history of a request's session at `timeMs`, in ms since 1970; null when the constitution uses none or the
 * request belongs to no session. `bytesMax` bounds all histories of the place, in bytes of JSON. Never throws.
 */
export function historyFor(
  constitution: ConstitutionStatus | undefined,
  histories: HistoryStore,
  { session }: Pick<GovernedRequest, 'session'>,
  { timeMs, bytesMax }: { readonly timeMs: number; readonly bytesMax: number },
): SessionHistory | null {
  if (constitution?.status !== 'verified' || !asksForHistory(constitution.document)) return null;
  return session === null ? null : historyOf(histories, session, { timeMs, bytesMax });
}

/** Returns the history of a session after an allowed command; null when the command adds nothing. Never throws. */
export function historyAfter(
  document: ConstitutionDocument,
  history: SessionHistory | null,
  candidate: StepCandidate,
): HistoryContent | null {
  if (history === null) return null;
  const fresh = looksAtLabels(document) ? candidate.labels.filter((label) => !history.labels.includes(label)) : [];
  const sequences = advanced(document, history.sequences, candidate);
  if (fresh.length === 0 && sequences === history.sequences) return null;
  // Where other labels came from is found in the decisions of the session: each takes room here.
  const origins = fresh.filter(isReserved).map(
    (label) =>
      candidate.brought?.find((each) => each.label === label) ?? {
        ...{ label, source: sourceIn(candidate.declared ?? candidate.labels, label), origin: candidate.commandId },
      },
  );
  return { labels: [...history.labels, ...fresh], sequences, origins: [...history.origins, ...origins] };
}

/**
 * Returns the event of the labels that the output of a tool brings into the session of its call; no event without new ones,
 * without a session, or where the constitution asks for no labels. The effect of the call has taken place, so its labels are
 * kept whatever room is left: labels above SESSION_LABELS_MAX are dropped but for those that restrict. Never throws.
 */
export function outputEvents(
  constitution: ConstitutionStatus,
  histories: HistoryStore,
  { callId, toolId, sessionId, labels }: ToolCallCompleted,
  { place, timeMs: at, id }: Pick<Meta, 'id' | 'timeMs'> & { readonly place: string },
): readonly RecordOf<'SessionRemembered'>[] {
  if (sessionId === null || constitution.status !== 'verified' || !looksAtLabels(constitution.document)) return [];
  const before = historyOf(histories, sessionId, { timeMs: at, bytesMax: HISTORY_BYTES_MAX });
  const room = before.room < OUTPUT_BYTES ? 0 : SESSION_LABELS_MAX - before.labels.length;
  const fresh = labels
    .filter((label, nth) => !before.labels.includes(label) && labels.indexOf(label) === nth)
    .filter((label, nth) => nth < room || restricting.has(label));
  if (fresh.length === 0) return [];
  const origins = fresh.map((label) => ({ label, source: `output of ${toolName(toolId)}`, origin: callId }));
  const after = { labels: [...before.labels, ...fresh], origins: [...before.origins, ...origins] };
  return [
    sessionRemembered({
      ...{ place, sessionId, decisionId: id, shadow: false, ...after, sequences: before.sequences },
      ...{ at, until: at + HISTORY_MS },
    }),
  ];
}

/** Bytes that the labels of one output may take. */
const OUTPUT_BYTES = 4_096;
/** Labels without which a rule would allow more. */
const restricting: ReadonlySet<string> = new Set(['untrusted', 'internal', 'personal', 'secret']);

/** Bound on the labels of one session: labels declared by callers have no other bound. */
export const SESSION_LABELS_MAX = 32;

/**
 * Returns a clause for each bound that the new history exceeds: `history:session` for SESSION_LABELS_MAX,
 * `history:place` for the bytes of its place. Never throws.
 */
export function capacityClauses(history: SessionHistory | null, after: HistoryContent | null): readonly string[] {
  if (history === null || after === null) return [];
  return [
    ...(after.labels.length > SESSION_LABELS_MAX ? ['history:session'] : []),
    ...(bytesOf(after) - bytesOf(history) > history.room ? ['history:place'] : []),
  ];
}

/**
 * Returns the event of the addition of an allowed command to its session's history; no event when it adds nothing or
 * there is no room. The history is kept for HISTORY_MS from `timeMs`, in ms since 1970. Never throws.
 */
export function historyEvents(
  constitution: ConstitutionStatus,
  history: SessionHistory | null,
  request: GovernedRequest,
  { id: commandId, place, timeMs: at }: Pick<Meta, 'id' | 'timeMs'> & { readonly place: string },
  { labels, ...of }: { readonly labels: readonly string[]; readonly decisionId: string; readonly shadow: boolean },
): readonly RecordOf<'SessionRemembered'>[] {
  const { session: sessionId } = request;
  if (constitution.status !== 'verified' || sessionId === null) return [];
  const after = historyAfter(constitution.document, history, stepCandidateOf(request, commandId, labels));
  return after === null || capacityClauses(history, after).length > 0
    ? []
    : [sessionRemembered({ place, sessionId, ...of, ...after, at, until: at + HISTORY_MS })];
}
