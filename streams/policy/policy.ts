import type { ConstitutionStatus, GovernedCommand } from '../../schemas/constitution.ts';
import {
  type BudgetClaim,
  fullNames,
  type KillSwitch,
  policyDecided,
  type Tenant,
} from '../../schemas/generated/records.ts';
import { DEFAULT_MODEL, type KillSwitches, switchesOver } from '../../schemas/kill-switch.ts';
import { topics } from '../../schemas/topics.ts';
import { derivedId } from '../kernel/ids.ts';
import { killSwitches } from '../kernel/kill-switches.ts';
import { type Tenants, tenants } from '../kernel/tenants.ts';
import { type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { afterwards, claimOf, expiries, overdrawn, reservations, settle } from './budget.ts';
import { type ConstitutionRegister, constitutionTable } from './constitution.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { allows } from './features.ts';
import { emptyLedger, evolve, type Ledger, type LedgerEvent } from './ledger.ts';
import { subjectOf } from './subject.ts';

/** Raise it when the same input and constitution may come out otherwise. */
export const EVALUATOR_VERSION = 'khipu-policy/2';

const NAME = 'policy';

/** Without a verified constitution nothing is weighed: everything is refused. */
const refuseEverything = (code: string): Verdict => ({
  outcome: 'deny',
  score: 0,
  threshold: 0,
  reasons: ['CONSTITUTION_UNVERIFIED', code],
  clauses: [],
  features: [],
});

/** Under a kill switch nothing is weighed either. The decision names every switch, and the event that engaged it. */
const stoppedBy = (switches: readonly KillSwitch[]): Verdict => ({
  outcome: 'deny',
  score: 0,
  threshold: 0,
  reasons: ['KILL_SWITCH'],
  clauses: switches.flatMap(({ scope, engagedEventId }) => [`kill-switch:${scope}`, `event:${engagedEventId}`]),
  features: [],
});

/** What a tenant's settings say of what may run at all. */
export type TenantRules = Pick<Tenant, 'version' | 'status'> & Pick<Tenant['settings'], 'models'>;

/** What is done with a tenant's request before anything is weighed; null when its settings let it pass. */
function refusedBy(tenant: TenantRules, model: string | null): Verdict | null {
  const refused = (reason: string): Verdict => ({
    outcome: 'deny',
    score: 0,
    threshold: 0,
    reasons: [reason],
    clauses: [`tenant:${tenant.version}`],
    features: [],
  });
  if (tenant.status === 'suspended') return refused('TENANT_SUSPENDED');
  return allows(tenant.models, model) ? null : refused('TENANT_MODEL_NOT_ALLOWED');
}

/** The constitution has allowed it; a budget may still not. */
function heldAgainst(claim: BudgetClaim, verdict: Omit<Verdict, 'features'>): Omit<Verdict, 'features'> {
  const clauses = overdrawn(claim);
  if (clauses.length === 0) return verdict;
  return { ...verdict, outcome: 'deny', reasons: ['BUDGET_EXCEEDED'], clauses };
}

/** What decisions are made by. */
export interface InForce {
  readonly constitution: ConstitutionStatus;
  readonly switches: KillSwitches;
  /** Null for a tenant that nobody has set up. */
  readonly tenant: TenantRules | null;
  /** What the request is held against if all else allows it; null for none. */
  readonly claim: BudgetClaim | null;
}

/** The decision on one command. The same input and what is in force give the same bytes. */
export function decide(
  rule: PolicyEngine['rule'],
  { constitution, switches, tenant, claim }: InForce,
  command: GovernedCommand,
  meta: Pick<Meta, 'id' | 'key' | 'tenantId'>,
): RecordOf<'PolicyDecided'> {
  const subject = subjectOf(command);
  const engaged = switchesOver(switches, { tenant: meta.tenantId, models: [subject.model ?? DEFAULT_MODEL] });
  const before = engaged.length > 0 ? stoppedBy(engaged) : tenant === null ? null : refusedBy(tenant, subject.model);
  const weighed = constitution.status === 'verified' && before === null ? constitution : null;
  const { features, ...verdict } =
    before ??
    (constitution.status === 'verified'
      ? evaluate(rule, constitution, subject, meta.tenantId)
      : refuseEverything(constitution.code));
  const held = verdict.outcome === 'allow' ? claim : null;
  return policyDecided({
    subjectId: meta.key,
    commandId: meta.id,
    commandType: fullNames[command.type],
    command,
    decision: {
      // The decision is the first record that policy emits for the command: its id is that record's.
      decisionId: derivedId(meta.id, NAME, 0),
      ...(held === null ? verdict : heldAgainst(held, verdict)),
      constitutionVersion: weighed?.version ?? '',
      constitutionDigest: weighed?.digest ?? '',
    },
    features,
    principal: subject.principal,
    evaluatorVersion: EVALUATOR_VERSION,
    budget: held,
  });
}

export interface PolicyOptions {
  /** What budgets of money reckon with; a decimal of at most 3 digits behind the point. */
  readonly pricePerMillionTokens: string;
}

type Tables = {
  readonly constitution: ConstitutionRegister;
  readonly switches: KillSwitches;
  readonly tenants: Tenants;
};

/** The decision, and what it does to the budgets of its tenant: together or not at all. */
function decided(
  engine: PolicyEngine,
  { pricePerMillionTokens }: PolicyOptions,
  ledger: Ledger,
  command: GovernedCommand,
  meta: Meta,
  { constitution, switches, tenants: known }: Tables,
): readonly (RecordOf<'PolicyDecided'> | LedgerEvent)[] {
  const tenant = known.get(meta.tenantId);
  const limits = tenant?.settings.budgets ?? [];
  const lapsed = limits.length === 0 ? [] : expiries(ledger, meta);
  const now = afterwards(ledger, lapsed);
  const claim = claimOf(limits, now, command, { nowMs: meta.timeMs, pricePerMillionTokens });
  const rules = tenant === undefined ? null : { ...tenant, models: tenant.settings.models };
  const inForce = { constitution: constitution.inForce, switches, tenant: rules, claim };
  const decision = decide(engine.rule, inForce, command, meta);
  const { budget, decision: verdict } = decision.data;
  if (budget === null || verdict.outcome === 'deny') return [decision, ...lapsed];
  return [decision, ...lapsed, ...reservations(now, command, { claim: budget, decisionId: verdict.decisionId }, meta)];
}

/**
 * Decides on every governed command. Its state is what tenants have used of their budgets: it is kept by tenant, and so are
 * the commands, in one partition each, so that what one request takes is seen by the next (ADR 0012).
 */
export const policy = (engine: PolicyEngine, options: PolicyOptions): Processor =>
  processor({
    name: NAME,
    inputs: [topics.sessionsCommands, topics.inferenceCommands, topics.budgetCommands],
    outputs: [topics.policyDecisions, topics.budgetEvents],
    state: topics.policyState,
    initial: emptyLedger,
    tables: { constitution: constitutionTable(engine.verify), switches: killSwitches, tenants },
    key: (_, meta) => meta.tenantId,
    decide: (ledger, record, meta, tables) =>
      record.type === 'SettleBudget'
        ? settle(ledger, record, meta)
        : decided(engine, options, ledger, record, meta, tables),
    evolve: (ledger, event) => (event.type === 'PolicyDecided' ? ledger : evolve(ledger, event)),
  });
