import type { ConstitutionDocument, ConstitutionStatus, GovernedCommand } from '../../schemas/constitution.ts';
import { type SessionHistory, sessionRemembered } from '../../schemas/generated/records.ts';
import { assertNever, type Meta, type RecordOf } from '../kernel.ts';
import { bytesOf, HISTORY_MS, type Histories, historyOf, type Kept } from './histories.ts';
import { moved, type Taking, takingOf } from './sequences.ts';

/** The session that a command is of: its own, or that of the token it was asked with; null outside of any. */
export function sessionOf(command: GovernedCommand): string | null {
  switch (command.type) {
    case 'StartSession':
    case 'SubmitTurn':
      return command.data.sessionId;
    case 'InferText':
    case 'EmbedText':
      return command.data.credential?.sessionId ?? null;
    default:
      return assertNever(command);
  }
}

const looking = new WeakMap<ConstitutionDocument, boolean>();

/**
 * True when a rule of the document asks for labels of the session. What a comment says counts, too, and so does any escape,
 * which could spell the name: it costs, and changes nothing.
 */
function looksAtLabels(document: ConstitutionDocument): boolean {
  const known = looking.get(document);
  if (known !== undefined) return known;
  const looks = document.policies.some(({ text }) => /session_labels|\\/.test(text));
  looking.set(document, looks);
  return looks;
}

/** False for a document that looks at no session: nothing is remembered, and nothing looked up. */
export const asksForHistory = (document: ConstitutionDocument): boolean =>
  (document.sequences?.length ?? 0) > 0 || looksAtLabels(document);

/** What was before a command: all that is remembered of its session, and which command it is. */
export interface Past {
  /** Null when nobody asks, or the command is of no session. */
  readonly history: SessionHistory | null;
  readonly commandId: string;
}

export const noPast: Past = { history: null, commandId: '' };

/** What is to be looked up for a command: nothing where the constitution asks for no history. */
export function historyFor(
  constitution: ConstitutionStatus | undefined,
  histories: Histories,
  command: GovernedCommand,
  { timeMs, bytesMax }: { readonly timeMs: number; readonly bytesMax: number },
): SessionHistory | null {
  if (constitution?.status !== 'verified' || !asksForHistory(constitution.document)) return null;
  const sessionId = sessionOf(command);
  return sessionId === null ? null : historyOf(histories, sessionId, { timeMs, bytesMax });
}

/** What is remembered after a command was let in; null when that is no more than before. */
export function grown(document: ConstitutionDocument, history: SessionHistory | null, taking: Taking): Kept | null {
  if (history === null) return null;
  const fresh = looksAtLabels(document) ? taking.labels.filter((label) => !history.labels.includes(label)) : [];
  const sequences = moved(document, history.sequences, taking);
  if (fresh.length === 0 && sequences === history.sequences) return null;
  return { labels: [...history.labels, ...fresh], sequences };
}

/** A session that meets more labels than this is refused the rest: what callers declare has no other bound. */
export const SESSION_LABELS_MAX = 32;

/** Clauses of what has no room: of the session, or of its tenant. */
export function overflowing(history: SessionHistory | null, kept: Kept | null): readonly string[] {
  if (history === null || kept === null) return [];
  return [
    ...(kept.labels.length > SESSION_LABELS_MAX ? ['history:session'] : []),
    ...(bytesOf(kept) - bytesOf(history) > history.room ? ['history:tenant'] : []),
  ];
}

/** The event of what an allowed command adds; none when it adds nothing, or has no room. */
export function remembered(
  constitution: ConstitutionStatus,
  history: SessionHistory | null,
  command: GovernedCommand,
  { id: commandId, tenantId, timeMs: at }: Pick<Meta, 'id' | 'tenantId' | 'timeMs'>,
  { labels, ...of }: { readonly labels: readonly string[]; readonly decisionId: string; readonly shadow: boolean },
): readonly RecordOf<'SessionRemembered'>[] {
  const sessionId = sessionOf(command);
  if (constitution.status !== 'verified' || sessionId === null) return [];
  const taking = takingOf({ action: command.type, model: command.data.model }, commandId, labels);
  const kept = grown(constitution.document, history, taking);
  return kept === null || overflowing(history, kept).length > 0
    ? []
    : [sessionRemembered({ tenantId, sessionId, ...of, ...kept, at, until: at + HISTORY_MS })];
}
