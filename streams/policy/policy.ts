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
import { HISTORY_BYTES_MAX } from './histories.ts';
import { historyFor, remembered } from './history.ts';
import type { LedgerEvent } from './ledger.ts';
import { shadowed } from './shadow.ts';
import { evolve, initial, type PolicyState } from './state.ts';

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

type Output = RecordOf<'PolicyDecided' | 'ShadowDecided' | 'SessionRemembered'> | LedgerEvent;

/** The decision, and what it does to what is kept of its tenant: together or not at all. */
function decided(
  engine: PolicyEngine,
  { pricePerMillionTokens }: PolicyOptions,
  { ledger, histories, shadowed: shadowHistories }: PolicyState,
  command: GovernedCommand,
  meta: Meta,
  { constitution, switches, revocations, tenants: known }: Tables,
): readonly Output[] {
  const tenant = known.get(meta.tenantId);
  const limits = tenant?.settings.budgets ?? [];
  const lapsed = limits.length === 0 ? [] : expiries(ledger, meta);
  const now = afterwards(ledger, lapsed);
  const claim = claimOf(limits, now, command, { nowMs: meta.timeMs, pricePerMillionTokens });
  const history = historyFor(constitution.inForce, histories, command, {
    timeMs: meta.timeMs,
    bytesMax: HISTORY_BYTES_MAX,
  });
  const rules = tenant === undefined ? null : { ...tenant, models: tenant.settings.models };
  const inForce = { constitution: constitution.inForce, switches, revocations, tenant: rules, claim, history };
  const decision = decide(engine.rule, inForce, command, meta);
  const { budget, labels, decision: verdict } = decision.data;
  const beside = shadowed(engine.rule, constitution.shadow?.status, shadowHistories, command, meta, decision);
  const records = [decision, ...beside, ...lapsed];
  if (verdict.outcome === 'deny') return records;
  const { decisionId } = verdict;
  return [
    ...records,
    ...(budget === null ? [] : reservations(now, command, { claim: budget, decisionId }, meta)),
    ...remembered(constitution.inForce, history, command, meta, { labels, decisionId, shadow: false }),
  ];
}

/**
 * Decides on every governed command. Its state is what tenants have used of their budgets, and what was let into their
 * sessions: it is kept by tenant, and so are the commands, in one partition each, so that what one request does is seen by
 * the next (ADR 0012).
 */
export const policy = (engine: PolicyEngine, options: PolicyOptions): Processor =>
  processor({
    name: NAME,
    inputs: [topics.sessionsCommands, topics.inferenceCommands, topics.budgetCommands],
    outputs: [topics.policyDecisions, topics.policyShadow, topics.policyMemory],
    state: topics.policyState,
    stateVersion: 2,
    initial,
    tables: { constitution: constitutionTable(engine.verify), switches: killSwitches, revocations, tenants },
    key: (_, meta) => meta.tenantId,
    decide: (state, record, meta, tables): readonly Output[] =>
      record.type === 'SettleBudget'
        ? settle(state.ledger, record, meta)
        : decided(engine, options, state, record, meta, tables),
    evolve,
  });
