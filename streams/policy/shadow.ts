import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { shadowDecided } from '../../schemas/generated/records.ts';
import { type GovernedCommand, requestOf } from '../../schemas/governed.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import { evaluate } from './evaluate.ts';
import { historyEvents, historyFor } from './history.ts';
import { type HistoryStore, SHADOW_BYTES_MAX } from './history-store.ts';
import { isIndependentOfConstitution } from './preconditions.ts';
import type { RuleEngine } from './rule-engine.ts';

/**
 * Evaluates a command under the shadow constitution. Returns ShadowDecided when its verdict differs, and its history
 * event for an allowed command; no record for a decision that is independent of constitutions. The records follow the
 * decision and do not change its id or bytes. Times are in ms since 1970. Never throws.
 */
export function shadowed(
  rule: RuleEngine['rule'],
  shadow: ConstitutionStatus | undefined,
  histories: HistoryStore,
  command: GovernedCommand,
  meta: Pick<Meta, 'id' | 'tenantId' | 'timeMs'> & { readonly place: string },
  { data: { decision, subjectId, commandType, persona, classifier } }: RecordOf<'PolicyDecided'>,
): readonly RecordOf<'ShadowDecided' | 'SessionRemembered'>[] {
  if (shadow?.status !== 'verified' || isIndependentOfConstitution(decision)) return [];
  const request = requestOf(command);
  const history = historyFor(shadow, histories, request, { timeMs: meta.timeMs, bytesMax: SHADOW_BYTES_MAX });
  const verdict = evaluate(rule, shadow, request, meta.tenantId, { history, commandId: meta.id, persona, classifier });
  const { decisionId } = decision;
  const kept =
    decision.outcome === 'allow'
      ? historyEvents(shadow, history, request, meta, { labels: verdict.labels, decisionId, shadow: true })
      : [];
  if (verdict.outcome === decision.outcome) return kept;
  return [
    shadowDecided({
      subjectId,
      decisionId,
      commandType,
      activeOutcome: decision.outcome,
      activeReason: decision.reasons[0] ?? '',
      activeVersion: decision.constitutionVersion,
      shadowOutcome: verdict.outcome,
      shadowReasons: verdict.reasons,
      shadowClauses: verdict.clauses,
      shadowScore: verdict.score,
      shadowVersion: shadow.version,
      shadowDigest: shadow.digest,
    }),
    ...kept,
  ];
}
