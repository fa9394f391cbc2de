import { describe, expect, it } from 'vitest';
import {
  type BudgetSettled,
  budgetReserved,
  budgetSettled,
  sessionRemembered,
} from '../../schemas/generated/records.ts';
import { rowsOf } from '../testing/apply.ts';
import { budgets } from './projection.ts';

const request = (requestId: string) => ({ tenantId: 'demo', requestId });
const reserved = (requestId: string) =>
  budgetReserved({ ...request(requestId), decisionId: 'd', tokens: 300, cost: '0.000060000', expiresAt: 9 });
const settled = (requestId: string, changes: Partial<BudgetSettled> = {}) =>
  budgetSettled({
    ...request(requestId),
    ...{ outcome: 'used', tokens: 40, cost: '0.000008000', tokensReserved: 300, costReserved: '0.000060000' },
    day: '2026-01-01',
    ...changes,
  });

describe('budgets', () => {
  it('show what requests hold until they end, and then what they used', () => {
    const records = [reserved('a'), reserved('b'), settled('a')];
    expect(rowsOf(budgets, records, 'budget_accounts')).toMatchObject([
      { tokens_spent: 40, cost_spent: '0.000008000', tokens_held: 300, cost_held: '0.000060000', requests_open: 1 },
    ]);
  });

  it('count what was spent under the day on which it was, and what held nothing as no end of a request', () => {
    const late = { tokensReserved: 0, costReserved: '0.000000000', day: '2026-01-02' };
    const records = [
      reserved('a'),
      settled('a', { outcome: 'unused', tokens: 0, cost: '0.000000000' }),
      settled('b', late),
    ];
    expect(rowsOf(budgets, records, 'budget_days')).toMatchObject([
      { day: '2026-01-01', requests: 0, tokens_spent: 0 },
      { day: '2026-01-02', requests: 1, tokens_spent: 40 },
    ]);
    expect(rowsOf(budgets, records, 'budget_accounts')).toMatchObject([{ tokens_held: 0, requests_open: 0 }]);
  });

  it('pass over what policy remembers of sessions', () => {
    const session = { sessionId: 's', decisionId: 'd', shadow: false, labels: ['personal_data'], sequences: [] };
    expect(
      rowsOf(budgets, [sessionRemembered({ tenantId: 'demo', ...session, at: 1, until: 2 })], 'budget_accounts'),
    ).toEqual([]);
  });
});
