import { type Amount, nothing, plus } from '../../schemas/amount.ts';
import { shortfallOf } from '../../schemas/contexts/budget.ts';
import type { BudgetClaim, BudgetShortfall } from '../../schemas/generated/records.ts';
import type { OpenConversation } from './state.ts';

const held = (claim: BudgetClaim | null): Amount => claim ?? nothing;

/**
 * Returns what a further turn lacks in the budget of its session; null when it fits. Exact, although policy holds no
 * state for it: all turns of a session pass here in order, and each running or queued turn keeps its claim.
 */
export function sessionShortfall(
  { spent, running, queue }: OpenConversation,
  claim: BudgetClaim | null,
): BudgetShortfall | null {
  const limit = claim?.windows.find(({ window }) => window === 'session');
  if (claim === null || limit === undefined) return null;
  const leased = [running?.budget ?? null, ...queue.map(({ budget }) => budget)].map(held).reduce(plus, nothing);
  const taken = plus(spent, leased);
  const used = { tokensTaken: taken.tokens, costTaken: taken.cost };
  return shortfallOf(claim, [{ ...limit, ...used, tokensLeased: leased.tokens, costLeased: leased.cost }]);
}
