import type { ConstitutionStatus, GovernedCommand } from '../../schemas/constitution.ts';
import { shadowDecided } from '../../schemas/generated/records.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate } from './evaluate.ts';
import { isBesideConstitution } from './preconditions.ts';
import { subjectOf } from './subject.ts';

/**
 * What the shadow constitution would have decided, when that is another verdict; nothing otherwise. What is no
 * matter of a constitution is left out. It stands behind the decision, whose id and bytes it does not touch.
 */
export function shadowed(
  rule: PolicyEngine['rule'],
  shadow: ConstitutionStatus | undefined,
  command: GovernedCommand,
  meta: Pick<Meta, 'tenantId'>,
  { data: { decision, subjectId, commandType } }: RecordOf<'PolicyDecided'>,
): readonly RecordOf<'ShadowDecided'>[] {
  if (shadow?.status !== 'verified' || isBesideConstitution(decision)) return [];
  const verdict = evaluate(rule, shadow, subjectOf(command), meta.tenantId);
  if (verdict.outcome === decision.outcome) return [];
  return [
    shadowDecided({
      subjectId,
      decisionId: decision.decisionId,
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
  ];
}
