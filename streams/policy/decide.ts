import { isTooLarge } from '../../schemas/contexts/budget.ts';
import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import {
  type BudgetClaim,
  type ClassifierAnswer,
  type DecidedPersona,
  type EngineAnswer,
  fullNames,
  policyDecided,
  type SessionHistory,
} from '../../schemas/generated/records.ts';
import { type GovernedCommand, requestOf } from '../../schemas/governed.ts';
import { derivedId } from '../../schemas/ids.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import { overdrawn } from './budget.ts';
import { withClassifierAnswer } from './classifier.ts';
import { evaluate, type Ruling } from './evaluate.ts';
import { charsMaxOf } from './labels.ts';
import { moderationReport, scoresOf } from './moderation.ts';
import { withEngineAnswer } from './policy-engine.ts';
import { type Preconditions, preconditionRefusal, refused } from './preconditions.ts';
import { withRecalled } from './recall.ts';
import type { RuleEngine } from './rule-engine.ts';

/** Version of the evaluator. Increase it when the same input and constitution may give another result. */
export const EVALUATOR_VERSION = 'khipu-policy/6';

/** Name of the processor; ids of decisions derive from it. */
export const NAME = 'policy';

/** The inputs of a decision, besides its command. */
export interface DecisionInputs extends Preconditions {
  readonly constitution: ConstitutionStatus;
  /** Budgets to check when everything else allows the request; null for none. */
  readonly claim: BudgetClaim | null;
  /** History of the session; null when the constitution uses none. */
  readonly history: SessionHistory | null;
  /** Answer of the external policy engine; null without one. */
  readonly engine: EngineAnswer | null;
  /** Answer of the outside classifier; null where none is needed. */
  readonly classifier: ClassifierAnswer | null;
  /** Persona of the command; null when it names none. */
  readonly persona: DecidedPersona | null;
}

/** Returns the reason of a denial by limits of use. Prepaid credit comes first: nothing but a top-up helps. */
function shortOf(claim: BudgetClaim, clauses: readonly string[]): string {
  if (clauses.includes('budget:credit:cost')) return 'CREDIT_SPENT';
  return isTooLarge(claim, claim.windows) ? 'BUDGET_TOO_SMALL' : 'BUDGET_EXCEEDED';
}

/** Returns the verdict on a command that the constitution allows: a budget may still deny it. */
function withinBudget(claim: BudgetClaim, verdict: Ruling): Ruling {
  const clauses = overdrawn(claim);
  if (clauses.length === 0) return verdict;
  return { ...verdict, outcome: 'deny', reasons: [shortOf(claim, clauses)], clauses };
}

/**
 * Returns the decision on one command. The same command and inputs give the same bytes. `meta` belongs to the command;
 * `causeId` is the record that triggers the decision: the command, or the answer of the external engine. Never throws.
 */
export function decide(
  rule: RuleEngine['rule'],
  { constitution, claim, history, engine, classifier, persona, ...preconditions }: DecisionInputs,
  command: GovernedCommand,
  meta: Pick<Meta, 'id' | 'key' | 'tenantId'>,
  causeId: string = meta.id,
): RecordOf<'PolicyDecided'> {
  const request = requestOf(command);
  const before = preconditionRefusal(preconditions, request, meta.tenantId);
  const weighed = constitution.status === 'verified' && before === null ? constitution : null;
  const { features, labels, flow, approval, found, ...verdict } =
    before ??
    (constitution.status === 'verified'
      ? evaluate(rule, constitution, request, meta.tenantId, { history, commandId: meta.id, persona, classifier })
      : // Without a verified constitution everything is refused.
        refused(['CONSTITUTION_UNVERIFIED', constitution.code], []));
  const recalledAs = verdict.outcome === 'deny' ? verdict : withRecalled(command, verdict);
  const classifiedAs =
    classifier === null || recalledAs.outcome === 'deny' ? recalledAs : withClassifierAnswer(classifier, recalledAs);
  const answered =
    engine === null || classifiedAs.outcome === 'deny' ? classifiedAs : withEngineAnswer(engine, classifiedAs);
  const held = answered.outcome === 'allow' ? claim : null;
  const ruling = held === null ? answered : withinBudget(held, answered);
  const { classified } = request;
  return policyDecided({
    subjectId: meta.key,
    commandId: meta.id,
    commandType: fullNames[command.type],
    command,
    decision: {
      // The decision is the first record that policy emits for its cause, so it has the id of that record.
      decisionId: derivedId(causeId, NAME, 0),
      ...ruling,
      constitutionVersion: weighed?.version ?? '',
      constitutionDigest: weighed?.digest ?? '',
    },
    features,
    principal: request.principal,
    evaluatorVersion: EVALUATOR_VERSION,
    budget: held,
    labels,
    history: weighed === null ? null : history,
    engine,
    moderation:
      classified === undefined || weighed === null || ruling.outcome === 'deny'
        ? null
        : moderationReport(weighed.document, classified, charsMaxOf(weighed.document, request), scoresOf(classifier)),
    persona: weighed === null ? null : persona,
    classifier: weighed === null ? null : classifier,
    findings: found,
    flow,
    approval: ruling.outcome === 'deny' ? null : approval,
  });
}
