import { type Amount, beyond, nothing, plus } from '../../schemas/amount.ts';
import type { BudgetClaim } from '../../schemas/generated/records.ts';
import type { OpenConversation } from './state.ts';

const held = (claim: BudgetClaim | null): Amount => claim ?? nothing;

/**
 * True when a further turn could overdraw the budget of its session. Exact, although it is no state of the policy: a session's
 * turns all pass here, one after the other, and each that runs or waits still holds what it may use.
 */
export function sessionOverdrawn({ spent, running, queue }: OpenConversation, claim: BudgetClaim | null): boolean {
  const limit = claim?.standings.find(({ window }) => window === 'session');
  if (claim === null || limit === undefined) return false;
  const others = [running?.budget ?? null, ...queue.map(({ budget }) => budget)];
  return beyond([...others, claim].map(held).reduce(plus, spent), limit).length > 0;
}
