/**
 * Budgets in a decision: the claim of a request, and its reservation. Amounts are tokens and money with nine fraction
 * digits.
 */
import { type Amount, costOf, covers, nothing, plus } from '../../schemas/amount.ts';
import { exceeded, nothingTaken, windowsOf } from '../../schemas/contexts/budget.ts';
import {
  type AnswerLease,
  type BudgetClaim,
  type BudgetLimit,
  budgetReserved,
} from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import type { Estimate } from '../../schemas/governed-command.ts';
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
type Budgeted = Pick<GovernedRequest, 'requestId' | 'estimate'>;

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
  { requestId, estimate }: Budgeted,
  { subjectId, pricePerMillionTokens }: { readonly subjectId: string; readonly pricePerMillionTokens: string },
): Claimed | null {
  const amount = amountOf(estimate, pricePerMillionTokens);
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
  return { claim, asks: !covers(account.unused, amount) };
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
  return [budgetReserved({ place, requestId, decisionId, tokens, cost, expiresAt: timeMs + RESERVATION_MS })];
}
