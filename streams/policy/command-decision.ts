/** One governed command in policy: decided, or first asked about. */
import { type Credits, limitsWith } from '../../schemas/contexts/billing/credit.ts';
import type { PriceVersions } from '../../schemas/contexts/billing/prices.ts';
import type { Tenants } from '../../schemas/contexts/identity/directory.ts';
import type { KillSwitches } from '../../schemas/contexts/kill-switch.ts';
import { decidedPersona, type Personas } from '../../schemas/contexts/personas/library.ts';
import type { Revocations } from '../../schemas/contexts/revocations.ts';
import { priceOf } from '../../schemas/contexts/slm/prices.ts';
import { PERSONA_TOKENS_MAX, tokensMaxOf } from '../../schemas/contexts/slm/token-bounds.ts';
import type {
  AnswerLease,
  BudgetLimit,
  ClassifierAnswer,
  DecidedPersona,
  EngineAnswer,
} from '../../schemas/generated/records.ts';
import { type GovernedCommand, type GovernedRequest, requestOf } from '../../schemas/governed.ts';
import { requirePlace } from '../kernel/place.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import type { ConstitutionRegister } from '../tables/constitution-in-force.ts';
import { answeredClaim, type Claimed, claimOf, type PrepaidTerms, reservations } from './budget.ts';
import { classifierQuestion, needsClassifier } from './classifier.ts';
import { decide } from './decide.ts';
import { historyEvents, historyFor } from './history.ts';
import { HISTORY_BYTES_MAX } from './history-store.ts';
import { answerReceived, giveUnkeptBack, type LeaseOutput, leaseQuestion, leaseQuestionAhead } from './lease.ts';
import { foldAccount, type LeaseAccount } from './lease-account.ts';
import type { PolicyOptions } from './options.ts';
import { question } from './policy-engine.ts';
import { rulesOfTenant } from './preconditions.ts';
import { recallQuestion, unrecalled } from './recall.ts';
import type { RuleEngine } from './rule-engine.ts';
import { shadowed } from './shadow.ts';
import type { PolicyState } from './state.ts';

/** A command to decide. */
export interface Pending {
  readonly command: GovernedCommand;
  readonly commandId: string;
  /** Key of the command. */
  readonly subjectId: string;
  /** Answer of the external engine; null without one. */
  readonly answer: EngineAnswer | null;
  /** Answer of the outside classifier; `unasked` where it is to be asked, null without one. */
  readonly classifier: ClassifierAnswer | null;
  /** Answer of the ledger of the tenant; null when it was not asked. */
  readonly lease: AnswerLease | null;
}

export type Tables = {
  readonly constitution: ConstitutionRegister;
  readonly switches: KillSwitches;
  readonly revocations: Revocations;
  readonly tenants: Tenants;
  readonly personas: Personas;
  readonly credits: Credits;
  readonly prices: PriceVersions;
};

export type Output =
  | RecordOf<
      | 'PolicyDecided'
      | 'ShadowDecided'
      | 'AskPolicyEngine'
      | 'AskClassifier'
      | 'AskRecall'
      | 'SessionRemembered'
      | 'TrialDecided'
      | 'TrialRefused'
    >
  | LeaseOutput;

const unclaimed = { claim: null, asks: false } as const;

/** Returns the request with the tokens of instructions that are longer than every estimate has room for. Never throws. */
export function withInstructions(request: GovernedRequest, persona: DecidedPersona | null): GovernedRequest {
  const { estimate } = request;
  const excess = persona === null ? 0 : tokensMaxOf(persona.instructions) - PERSONA_TOKENS_MAX;
  if (excess <= 0 || estimate.unit !== 'tokens') return request;
  return { ...request, estimate: { ...estimate, tokensMax: estimate.tokensMax + excess } };
}

/** Returns the claim of a command: as answered by the ledger, or as far as the lease of the place covers it. */
function claimed(
  limits: readonly BudgetLimit[],
  account: LeaseAccount,
  request: GovernedRequest,
  { subjectId, lease }: Pending,
  { pricePerMillionTokens, prepaid }: { readonly pricePerMillionTokens: string; readonly prepaid: PrepaidTerms | null },
): Claimed | typeof unclaimed {
  if (limits.length === 0) return unclaimed;
  if (lease !== null) return { claim: answeredClaim(account, request.requestId, lease), asks: false };
  return claimOf(limits, account, request, { subjectId, pricePerMillionTokens, prepaid }) ?? unclaimed;
}

/**
 * Returns the decision and its effects on leases and histories, for one transaction. When everything else allows the
 * command and it asks for memories, or the outside classifier or an external engine is to be asked, returns the question instead; then, when the lease of the place
 * does not cover the command, the question to the ledger of the tenant. The command is decided on the answer, by the
 * tables of that time. Throws when the price is not a decimal with at most three fraction digits.
 */
export function decideCommand(
  engine: RuleEngine,
  { prices, currency = 'USD' }: Pick<PolicyOptions, 'prices' | 'currency'>,
  state: PolicyState,
  pending: Pending,
  meta: Meta,
  { constitution, switches, revocations, tenants, personas, credits, prices: versions }: Tables,
): readonly Output[] {
  const { command, commandId, subjectId, answer, lease } = pending;
  const inForceStatus = constitution.inForce;
  const { tenantId, timeMs } = meta;
  const asked = { id: commandId, key: subjectId, tenantId, place: requirePlace(meta), timeMs };
  const tenant = tenants.get(tenantId);
  const described = requestOf(command);
  const persona = decidedPersona(personas, tenantId, described.persona);
  const request = withInstructions(described, persona);
  const received = lease === null ? [] : [answerReceived(lease, timeMs)];
  const account = foldAccount(state.account, received);
  const credit = credits.get(tenantId);
  const { claim, asks } = claimed(limitsWith(tenant?.settings.budgets ?? [], credit), account, request, pending, {
    pricePerMillionTokens: priceOf(prices, request.resource),
    prepaid: credit === undefined ? null : { prices: versions, currency, timeMs, tenantId },
  });
  const history = historyFor(constitution.inForce, state.histories, request, { timeMs, bytesMax: HISTORY_BYTES_MAX });
  const asksClassifier = inForceStatus.status === 'verified' && needsClassifier(inForceStatus, described);
  const classifier = pending.classifier?.outcome === 'unasked' && !asksClassifier ? null : pending.classifier;
  const inForce = {
    ...{ constitution: inForceStatus, switches, revocations, tenant: rulesOfTenant(tenant) },
    ...{ claim: asks ? null : claim, history, engine: answer, classifier, persona },
  };
  const decision = decide(engine.rule, inForce, command, asked, meta.id);
  const { budget, labels, decision: verdict } = decision.data;
  const isAllowed = verdict.outcome === 'allow';
  if (isAllowed && inForceStatus.status === 'verified') {
    // First: the classifier and the engine see what was recalled.
    const recall = unrecalled(command);
    if (recall !== null) return [recallQuestion(command, recall, asked)];
    if (classifier?.outcome === 'unasked') return [classifierQuestion(inForceStatus, command, asked)];
    if (answer?.outcome === 'unasked') return [question(inForceStatus, command, asked, history, classifier)];
  }
  if (isAllowed && asks && claim !== null)
    return leaseQuestion(account, { subjectId, commandId, command, engine: answer, classifier }, claim, asked);
  const beside = shadowed(engine.rule, constitution.shadow?.status, state.shadowed, command, asked, decision);
  const records = [decision, ...beside, ...received];
  if (!isAllowed) return [...records, ...giveUnkeptBack(account, asked)];
  const { decisionId } = verdict;
  const reserved = budget === null ? [] : reservations(account, request, { claim: budget, decisionId }, asked);
  const after = foldAccount(account, reserved);
  return [
    ...records,
    ...reserved,
    ...historyEvents(constitution.inForce, history, request, asked, { labels, decisionId, shadow: false }),
    ...(budget === null ? [] : leaseQuestionAhead(after, budget, asked)),
    ...giveUnkeptBack(after, asked),
  ];
}
