/**
 * Budgets in a decision: the claim of a request, and its reservation. Amounts are tokens and money with nine fraction
 * digits.
 */
import { type Amount, costOf, covers, isNothing, nothing, plus } from '../../schemas/amount.ts';
import { mostCharged } from '../../schemas/contexts/billing/credit.ts';
import type { PriceVersions } from '../../schemas/contexts/billing/prices.ts';
import { exceeded, nothingTaken, windowsOf } from '../../schemas/contexts/budget.ts';
import { toolIdOf } from '../../schemas/contexts/tools.ts';
import {
  type AnswerLease,
  type BudgetClaim,
  type BudgetLimit,
  budgetReserved,
} from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import { DEFAULT_RESOURCE, type Estimate } from '../../schemas/governed-command.ts';
import { assertNever } from '../kernel.ts';
import {
  askingOf,
  isOpen,
  type LeaseAccount,
  type LeaseEvent,
  RESERVATION_MS,
  RESERVATIONS_MAX,
  requestsOf,
} from './lease-account.ts';

/** The part of a request that budgets depend on. */
type Budgeted = Pick<GovernedRequest, 'requestId' | 'estimate' | 'resource' | 'toolCall'>;

/**
 * Returns the amount that an estimate reserves; null for an estimate that no budget limits: calls, or none. Throws when
 * the price is not a decimal with at most three fraction digits.
 */
export function amountOf(estimate: Estimate, pricePerMillionTokens: string): Amount | null {
  switch (estimate.unit) {
    case 'tokens':
      return { tokens: estimate.tokensMax, cost: costOf(estimate.tokensMax, pricePerMillionTokens) };
    case 'money':
      return plus(nothing, { tokens: 0, cost: estimate.costMax });
    case 'calls':
    case 'none':
      return null;
    default:
      return assertNever(estimate);
  }
}

/** What the use of a prepaid tenant is charged by. */
export interface PrepaidTerms {
  readonly prices: PriceVersions;
  /** ISO 4217, of the credit. */
  readonly currency: string;
  /** Time of the command, in ms since 1970. */
  readonly timeMs: number;
  readonly tenantId: string;
}

/**
 * Returns the amount of a claim on prepaid credit: the money is the most that the use is charged while its reservation lives.
 * Calls of tools count when they have a price. Null for what nothing is charged for.
 */
function prepaidAmount(
  amount: Amount | null,
  { estimate, resource, toolCall }: Budgeted,
  { prices, currency, timeMs, tenantId }: PrepaidTerms,
): Amount | null {
  const { id } = resource;
  const during = { fromMs: timeMs, untilMs: timeMs + RESERVATION_MS, currency };
  const { tokens, cost: metered } = amount ?? nothing;
  if (estimate.unit === 'tokens') {
    const model = id === null || id === DEFAULT_RESOURCE ? null : id;
    return { tokens, cost: mostCharged(prices, { kind: 'model', resource: model, units: tokens, metered }, during) };
  }
  if (toolCall === undefined || id === null || estimate.unit === 'none') return amount;
  const use = { kind: 'tool', resource: toolIdOf(tenantId, id), units: 1, metered } as const;
  const cost = mostCharged(prices, use, during);
  return isNothing({ tokens, cost }) ? null : { tokens, cost };
}

/** A claim that this place can decide, or only the ledger of the tenant. */
export interface Claimed {
  readonly claim: BudgetClaim;
  /** True when the lease of the place does not cover the claim: the ledger is to be asked. */
  readonly asks: boolean;
}

/**
 * Returns the claim of a request of `subjectId`; null when it uses nothing that a budget limits, or its tenant has no
 * budget. A request that is larger than a whole window is refused here. A subject whose earlier command waits for the
 * ledger asks it too, so that its commands are decided in order. Throws when the price is not a decimal with at most
 * three fraction digits.
 */
export function claimOf(
  limits: readonly BudgetLimit[],
  account: LeaseAccount,
  request: Budgeted,
  {
    subjectId,
    pricePerMillionTokens,
    prepaid = null,
  }: {
    readonly subjectId: string;
    readonly pricePerMillionTokens: string;
    /** Null for a tenant that pays later. */
    readonly prepaid?: PrepaidTerms | null;
  },
): Claimed | null {
  const { requestId, estimate } = request;
  const estimated = amountOf(estimate, pricePerMillionTokens);
  const amount = prepaid === null ? estimated : prepaidAmount(estimated, request, prepaid);
  if (limits.length === 0 || requestId === null || amount === null) return null;
  const openRequests = requestsOf(account);
  const ofSessions = windowsOf(limits, nothingTaken).filter(({ window }) => window === 'session');
  const local = { openRequests, windows: ofSessions, lease: account.unused };
  // A request that is repeated while it runs has its reservation already.
  if (isOpen(account, requestId)) return { claim: { ...nothing, ...local }, asks: false };
  const claim = { ...amount, ...local };
  if (askingOf(account, subjectId) > 0) return { claim, asks: true };
  const alone = { ...claim, windows: windowsOf(limits, nothingTaken), lease: null };
  if (overdrawn(alone).length > 0) return { claim: alone, asks: false };
  // What the place was leased before its tenant was prepaid is held against no credit.
  const isHeldAgainst = prepaid === null || account.prepaid === true;
  return { claim, asks: !isHeldAgainst || !covers(account.unused, amount) };
}

/** Returns the claim of a request that the ledger of its tenant answered. The answer is in the account. Never throws. */
export function answeredClaim(
  account: LeaseAccount,
  requestId: string | null,
  { tokens, cost, windows }: AnswerLease,
): BudgetClaim {
  const amount = requestId === null || isOpen(account, requestId) ? nothing : { tokens, cost };
  return { ...amount, openRequests: requestsOf(account), windows, lease: null };
}

/**
 * Returns a clause for each limit that a claim would exceed, such as `budget:day:tokens`, and `budget:open-requests`
 * when RESERVATIONS_MAX requests of the place have not ended; an empty list when it fits. A claim of zero always fits:
 * the request has its reservation already. Never throws.
 */
export function overdrawn({ tokens, cost, openRequests, windows, lease }: BudgetClaim): readonly string[] {
  const amount = { tokens, cost };
  if (tokens === 0 && cost === nothing.cost) return [];
  return [
    ...exceeded(amount, windows),
    ...(lease === null || covers(lease, amount) ? [] : ['budget:lease']),
    ...(openRequests < RESERVATIONS_MAX ? [] : ['budget:open-requests']),
  ];
}

/**
 * Returns the event that reserves the claim of an allowed request for RESERVATION_MS; no event when the request has a
 * reservation already or no work would run. `timeMs` is the time of the command, in ms since 1970. Never throws.
 */
export function reservations(
  account: LeaseAccount,
  { requestId }: Pick<Budgeted, 'requestId'>,
  { claim: { tokens, cost }, decisionId }: { readonly claim: BudgetClaim; readonly decisionId: string },
  { place, timeMs }: { readonly place: string; readonly timeMs: number },
): readonly LeaseEvent[] {
  if (requestId === null || isOpen(account, requestId)) return [];
  const prepaid = account.prepaid === true;
  return [budgetReserved({ place, requestId, decisionId, tokens, cost, expiresAt: timeMs + RESERVATION_MS, prepaid })];
}
