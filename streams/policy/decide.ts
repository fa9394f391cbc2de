import type { ConstitutionStatus, GovernedCommand } from '../../schemas/constitution.ts';
import {
  type BudgetClaim,
  type EngineAnswer,
  fullNames,
  policyDecided,
  type SessionHistory,
} from '../../schemas/generated/records.ts';
import { derivedId } from '../kernel/ids.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import { overdrawn } from './budget.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate, type Ruling } from './evaluate.ts';
import { heldAgainstEngine } from './outside.ts';
import { type Preconditions, refused, refusedBefore } from './preconditions.ts';
import { subjectOf } from './subject.ts';

/** Raise it when the same input and constitution may come out otherwise. */
export const EVALUATOR_VERSION = 'khipu-policy/3';

/** The processor's name: ids of decisions are made of it. */
export const NAME = 'policy';

/** What decisions are made by. */
export interface InForce extends Preconditions {
  readonly constitution: ConstitutionStatus;
  /** What the request is held against if all else allows it; null for none. */
  readonly claim: BudgetClaim | null;
  /** What is remembered of the session; null where nobody asks. */
  readonly history: SessionHistory | null;
  /** What the outside policy engine said; null where there is none. */
  readonly engine: EngineAnswer | null;
}

/** The constitution has allowed it; a budget may still not. */
function heldAgainst(claim: BudgetClaim, verdict: Ruling): Ruling {
  const clauses = overdrawn(claim);
  return clauses.length === 0 ? verdict : { ...verdict, outcome: 'deny', reasons: ['BUDGET_EXCEEDED'], clauses };
}

/**
 * The decision on one command. The same input and what is in force give the same bytes. `meta` is the command's; `causeId`
 * is the record that it is decided on, where that is not the command but the answer of the outside engine.
 */
export function decide(
  rule: PolicyEngine['rule'],
  { constitution, claim, history, engine, ...preconditions }: InForce,
  command: GovernedCommand,
  meta: Pick<Meta, 'id' | 'key' | 'tenantId'>,
  causeId: string = meta.id,
): RecordOf<'PolicyDecided'> {
  const subject = subjectOf(command);
  const before = refusedBefore(preconditions, command, meta.tenantId);
  const weighed = constitution.status === 'verified' && before === null ? constitution : null;
  const { features, labels, ...verdict } =
    before ??
    (constitution.status === 'verified'
      ? evaluate(rule, constitution, subject, meta.tenantId, { history, commandId: meta.id })
      : // Without a verified constitution everything is refused.
        refused(['CONSTITUTION_UNVERIFIED', constitution.code], []));
  const heard = engine === null || verdict.outcome === 'deny' ? verdict : heldAgainstEngine(engine, verdict);
  const held = heard.outcome === 'allow' ? claim : null;
  return policyDecided({
    subjectId: meta.key,
    commandId: meta.id,
    commandType: fullNames[command.type],
    command,
    decision: {
      // The decision is the first record that policy emits for its cause: its id is that record's.
      decisionId: derivedId(causeId, NAME, 0),
      ...(held === null ? heard : heldAgainst(held, heard)),
      constitutionVersion: weighed?.version ?? '',
      constitutionDigest: weighed?.digest ?? '',
    },
    features,
    principal: subject.principal,
    evaluatorVersion: EVALUATOR_VERSION,
    budget: held,
    labels,
    history: weighed === null ? null : history,
    engine,
  });
}
