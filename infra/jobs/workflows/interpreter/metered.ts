/** Calls within a budget: the worst case is reserved before a call, and what its answer says is counted after it. */
import { AGENT_TOKENS_DEFAULT } from '../../../../schemas/contexts/agents.ts';
import { boundedMaxTokens, tokensMaxOf } from '../../../../schemas/contexts/slm/token-bounds.ts';
import type { AgentRequest, ModelRequest } from '../../sdk/context.ts';
import {
  type Amounts,
  BudgetShortage,
  costOfTokens,
  costOfUnits,
  noAmounts,
  type Purse,
  unitsOfCost,
} from '../budget.ts';
import { amountIn } from '../graph.ts';
import { fault } from './faults.ts';
import type { Flow, Scope } from './flow.ts';

type Limits = NonNullable<AgentRequest['limits']>;
/** Codes of calls that were refused before they began: nothing was used. */
const REFUSED = /^(POLICY_|CAPABILITY_|KILL_SWITCH|CONSTITUTION_|APPROVAL_|MODERATION_|BUDGET_|TOKEN_)/;

/**
 * Makes a call within a budget. One that was refused has used nothing; one that failed counts with its worst case, since its
 * answer does not say more. Rejects with BudgetShortage before the call, and like the call.
 */
export async function metered<T>(purse: Purse, worst: Partial<Amounts>, call: () => Promise<T>): Promise<T> {
  const reservation = purse.reserve(worst);
  try {
    const answer = await call();
    const { tokens, cost } = amountIn(answer);
    const isCounted = worst.tokens !== undefined;
    reservation.settle({
      ...noAmounts,
      calls: 1n,
      ...(isCounted && { tokens: BigInt(tokens), cost: unitsOfCost(cost) }),
    });
    return answer;
  } catch (error) {
    const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
    const isRefused = name === 'JobError' && typeof code === 'string' && REFUSED.test(code);
    if (name === 'JobError') reservation.settle(isRefused ? noAmounts : { ...noAmounts, ...worst });
    throw error;
  }
}

/** Returns the most that a request to a model may use. Throws a fault where money is bounded and the start named no prices. */
export function modelWorst(
  flow: Flow,
  { prompt, model, maxTokens }: ModelRequest,
  { purse, at }: Pick<Scope, 'purse' | 'at'>,
): Partial<Amounts> {
  const tokens = BigInt(tokensMaxOf(prompt) + boundedMaxTokens(maxTokens ?? null));
  if (purse.left('cost') === null) return { calls: 1n, tokens };
  if (flow.prices === null)
    throw fault(
      'authorization',
      at,
      'A budget of money needs prices: start the run from a template.',
      'WORKFLOW_BUDGET_UNPRICED',
    );
  return { calls: 1n, tokens, cost: costOfTokens(flow.prices, model, tokens) };
}

/**
 * Returns the limits of a run of an agent within a budget, and the most that it may use: its own limits, or what is left where
 * that is less. Throws BudgetShortage when nothing is left.
 */
export function agentWorst(purse: Purse, asked: Limits | undefined) {
  const [tokensLeft, costLeft] = [purse.left('tokens'), purse.left('cost')];
  if (tokensLeft === null && costLeft === null) return { limits: asked, worst: { calls: 1n } };
  if (tokensLeft === 0n) throw new BudgetShortage('tokens', 1n, 0n);
  if (costLeft === 0n) throw new BudgetShortage('cost', 1n, 0n);
  const own = BigInt(asked?.tokens ?? AGENT_TOKENS_DEFAULT);
  const tokens = tokensLeft === null || own < tokensLeft ? own : tokensLeft;
  const costAsked = asked?.cost ?? null;
  const ownCost = costAsked === null ? null : unitsOfCost(costAsked);
  const cost = costLeft === null || (ownCost !== null && ownCost < costLeft) ? ownCost : costLeft;
  return {
    limits: { ...asked, tokens: Number(tokens), ...(cost !== null && { cost: costOfUnits(cost) }) },
    worst: { calls: 1n, tokens, ...(cost !== null && { cost }) },
  };
}
