import type { GovernedCommand } from '../../schemas/constitution.ts';
import type { Tenants } from '../../schemas/directory.ts';
import type { KillSwitches } from '../../schemas/kill-switch.ts';
import type { Revocations } from '../../schemas/revocation.ts';
import { topics } from '../../schemas/topics.ts';
import { tenants } from '../kernel/directory.ts';
import { killSwitches } from '../kernel/kill-switches.ts';
import { revocations } from '../kernel/revocations.ts';
import { type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { afterwards, claimOf, expiries, reservations, settle } from './budget.ts';
import { type ConstitutionRegister, constitutionTable } from './constitution.ts';
import { decide, NAME } from './decide.ts';
import type { PolicyEngine } from './engine.ts';
import { emptyLedger, evolve, type Ledger, type LedgerEvent } from './ledger.ts';
import { shadowed } from './shadow.ts';

export interface PolicyOptions {
  /** What budgets of money reckon with; a decimal of at most 3 digits behind the point. */
  readonly pricePerMillionTokens: string;
}

type Tables = {
  readonly constitution: ConstitutionRegister;
  readonly switches: KillSwitches;
  readonly revocations: Revocations;
  readonly tenants: Tenants;
};

/** The decision, and what it does to the budgets of its tenant: together or not at all. */
function decided(
  engine: PolicyEngine,
  { pricePerMillionTokens }: PolicyOptions,
  ledger: Ledger,
  command: GovernedCommand,
  meta: Meta,
  { constitution, switches, revocations, tenants: known }: Tables,
): readonly (RecordOf<'PolicyDecided' | 'ShadowDecided'> | LedgerEvent)[] {
  const tenant = known.get(meta.tenantId);
  const limits = tenant?.settings.budgets ?? [];
  const lapsed = limits.length === 0 ? [] : expiries(ledger, meta);
  const now = afterwards(ledger, lapsed);
  const claim = claimOf(limits, now, command, { nowMs: meta.timeMs, pricePerMillionTokens });
  const rules = tenant === undefined ? null : { ...tenant, models: tenant.settings.models };
  const inForce = { constitution: constitution.inForce, switches, revocations, tenant: rules, claim };
  const decision = decide(engine.rule, inForce, command, meta);
  const { budget, decision: verdict } = decision.data;
  const records = [decision, ...shadowed(engine.rule, constitution.shadow?.status, command, meta, decision), ...lapsed];
  if (budget === null || verdict.outcome === 'deny') return records;
  return [...records, ...reservations(now, command, { claim: budget, decisionId: verdict.decisionId }, meta)];
}

/**
 * Decides on every governed command. Its state is what tenants have used of their budgets: it is kept by tenant, and so are
 * the commands, in one partition each, so that what one request takes is seen by the next (ADR 0012).
 */
export const policy = (engine: PolicyEngine, options: PolicyOptions): Processor =>
  processor({
    name: NAME,
    inputs: [topics.sessionsCommands, topics.inferenceCommands, topics.budgetCommands],
    outputs: [topics.policyDecisions, topics.policyShadow, topics.budgetEvents],
    state: topics.policyState,
    initial: emptyLedger,
    tables: { constitution: constitutionTable(engine.verify), switches: killSwitches, revocations, tenants },
    key: (_, meta) => meta.tenantId,
    decide: (ledger, record, meta, tables) =>
      record.type === 'SettleBudget'
        ? settle(ledger, record, meta)
        : decided(engine, options, ledger, record, meta, tables),
    evolve: (ledger, event) =>
      event.type === 'PolicyDecided' || event.type === 'ShadowDecided' ? ledger : evolve(ledger, event),
  });
