import type { z } from 'zod';
import { minus, nothing, plus } from '../../../schemas/amount.ts';
import type { BudgetLimit } from '../../../schemas/generated/records.ts';
import type { BudgetAccountView } from '../../shared/read-model.ts';
import type { budgetsBody, windowBody } from './schemas.ts';

type Account = Pick<z.infer<typeof budgetsBody>, 'held'> & { readonly spent: typeof nothing };

function windowOf({ window, tokensMax, costMax }: BudgetLimit, { spent, held }: Account): z.infer<typeof windowBody> {
  const limits = { window, tokens_max: tokensMax, cost_max: costMax };
  if (window === 'session') return { ...limits, spent: null, left: null };
  const taken = plus(spent, held);
  const left = minus({ tokens: tokensMax ?? 0, cost: costMax ?? nothing.cost }, taken);
  return {
    ...limits,
    spent,
    left: {
      tokens: tokensMax === null ? null : Math.max(0, left.tokens),
      cost: costMax === null ? null : left.cost.startsWith('-') ? nothing.cost : left.cost,
    },
  };
}

/** Returns the body of a tenant's budgets on a day in UTC, `YYYY-MM-DD`. */
export function budgetsOf(day: string, limits: readonly BudgetLimit[], account: BudgetAccountView) {
  const { tokensHeld, costHeld, requestsOpen, tokensSpent, costSpent, today } = account;
  const held = { tokens: tokensHeld, cost: costHeld };
  const spentIn = {
    session: nothing,
    day: { tokens: today.tokensSpent, cost: today.costSpent },
    total: { tokens: tokensSpent, cost: costSpent },
    unknown: { tokens: tokensSpent, cost: costSpent },
    credit: { tokens: tokensSpent, cost: costSpent },
  };
  const windows = limits.map((limit) => windowOf(limit, { held, spent: spentIn[limit.window] }));
  return { day, held, requests_open: requestsOpen, windows };
}
