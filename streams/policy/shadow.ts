import type { ConstitutionStatus, GovernedCommand } from '../../schemas/constitution.ts';
import { shadowDecided } from '../../schemas/generated/records.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate } from './evaluate.ts';
import { type Histories, SHADOW_BYTES_MAX } from './histories.ts';
import { historyFor, remembered } from './history.ts';
import { isBesideConstitution } from './preconditions.ts';
import { subjectOf } from './subject.ts';

/**
 * What the shadow constitution would have decided, when that is another verdict, and what it remembers of what was let in;
 * nothing otherwise. What is no matter of a constitution is left out. It stands behind the decision, whose id and bytes it
 * does not touch.
 */
export function shadowed(
  rule: PolicyEngine['rule'],
  shadow: ConstitutionStatus | undefined,
  histories: Histories,
  command: GovernedCommand,
  meta: Pick<Meta, 'id' | 'tenantId' | 'timeMs'>,
  { data: { decision, subjectId, commandType } }: RecordOf<'PolicyDecided'>,
): readonly RecordOf<'ShadowDecided' | 'SessionRemembered'>[] {
  if (shadow?.status !== 'verified' || isBesideConstitution(decision)) return [];
  const history = historyFor(shadow, histories, command, { timeMs: meta.timeMs, bytesMax: SHADOW_BYTES_MAX });
  const verdict = evaluate(rule, shadow, subjectOf(command), meta.tenantId, { history, commandId: meta.id });
  const { decisionId } = decision;
  const kept =
    decision.outcome === 'allow'
      ? remembered(shadow, history, command, meta, { labels: verdict.labels, decisionId, shadow: true })
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
