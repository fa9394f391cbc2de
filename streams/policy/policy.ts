import { type GovernedCommand, isGoverned } from '../../schemas/constitution.ts';
import type { Tenants } from '../../schemas/directory.ts';
import type { EngineAnswer } from '../../schemas/generated/records.ts';
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
import { question, UNASKED } from './outside.ts';
import { shadowed } from './shadow.ts';
import { evolve, initial, type PolicyState } from './state.ts';

export interface PolicyOptions {
  /** What budgets of money reckon with; a decimal of at most 3 digits behind the point. */
  readonly pricePerMillionTokens: string;
  /** What the constitution allows is asked of an outside engine as well. Default: false. */
  readonly asksEngine?: boolean;
}

/** A command that is to be decided. */
interface Pending {
  readonly command: GovernedCommand;
  readonly commandId: string;
  /** What the outside engine said; null where there is none. */
  readonly answer: EngineAnswer | null;
}

type Tables = {
  readonly constitution: ConstitutionRegister;
  readonly switches: KillSwitches;
  readonly revocations: Revocations;
  readonly tenants: Tenants;
};

type Output = RecordOf<'PolicyDecided' | 'ShadowDecided' | 'AskPolicyEngine' | 'SessionRemembered'> | LedgerEvent;

/**
 * The decision, and what it does to what is kept of its tenant: together or not at all. Where an engine is yet to be asked
 * and all else allows, the question instead: the command is decided anew on the answer, by what is in force then.
 */
function decided(
  engine: PolicyEngine,
  { pricePerMillionTokens }: PolicyOptions,
  { ledger, histories, shadowed: shadowHistories }: PolicyState,
  { command, commandId, answer }: Pending,
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
  const inForce = {
    ...{ constitution: constitution.inForce, switches, revocations, tenant: rules },
    ...{ claim, history, engine: answer },
  };
  const asked = { id: commandId, key: meta.key, tenantId: meta.tenantId, timeMs: meta.timeMs };
  const decision = decide(engine.rule, inForce, command, asked, meta.id);
  const { budget, labels, decision: verdict } = decision.data;
  if (answer?.outcome === 'unasked' && verdict.outcome === 'allow' && inForce.constitution.status === 'verified')
    return [question(inForce.constitution, command, asked, history)];
  const beside = shadowed(engine.rule, constitution.shadow?.status, shadowHistories, command, asked, decision);
  const records = [decision, ...beside, ...lapsed];
  if (verdict.outcome === 'deny') return records;
  const { decisionId } = verdict;
  return [
    ...records,
    ...(budget === null ? [] : reservations(now, command, { claim: budget, decisionId }, meta)),
    ...remembered(constitution.inForce, history, command, asked, { labels, decisionId, shadow: false }),
  ];
}

/** An answer is decided on even where no engine is asked any more. Null for one that carries no command of ours. */
function pendingOf(
  record: GovernedCommand | RecordOf<'PolicyEngineAnswered'>,
  meta: Meta,
  { asksEngine = false }: PolicyOptions,
): Pending | null {
  if (record.type !== 'PolicyEngineAnswered')
    return { command: record, commandId: meta.id, answer: asksEngine ? UNASKED : null };
  const { command, commandId, answer } = record.data;
  return isGoverned(command) ? { command, commandId, answer } : null;
}

/**
 * Decides on every governed command, at once or on the answer of an outside engine. Its state is what tenants have used of
 * their budgets, and what was let into their sessions: it is kept by tenant, and so are the commands, in one partition each,
 * so that what one request does is seen by the next (ADR 0012).
 */
export const policy = (engine: PolicyEngine, options: PolicyOptions): Processor =>
  processor({
    name: NAME,
    inputs: [topics.sessionsCommands, topics.inferenceCommands, topics.budgetCommands, topics.policyAnswers],
    outputs: [topics.policyDecisions, topics.policyShadow, topics.policyQuestions, topics.policyMemory],
    state: topics.policyState,
    stateVersion: 2,
    initial,
    tables: { constitution: constitutionTable(engine.verify), switches: killSwitches, revocations, tenants },
    key: (_, meta) => meta.tenantId,
    decide(state, record, meta, tables): readonly Output[] {
      if (record.type === 'SettleBudget') return settle(state.ledger, record, meta);
      const pending = pendingOf(record, meta, options);
      return pending === null ? [] : decided(engine, options, state, pending, meta, tables);
    },
    evolve,
  });
