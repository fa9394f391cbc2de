import { describe, expect, it } from 'vitest';
import {
  type BudgetSettled,
  budgetReserved,
  budgetSettled,
  type LeaseSettled,
  leaseGranted,
  leaseReceived,
  leaseSettled,
  sessionRemembered,
} from '../../schemas/generated/records.ts';
import { rowsOf } from '../testing/apply.ts';
import { budgets } from './projection.ts';

const request = (requestId: string) => ({ place: 'demo/0', requestId });
const used = { outcome: 'used', tokens: 40, cost: '0.000008000' } as const;
const unused = { outcome: 'unused', tokens: 0, cost: '0.000000000' } as const;
const released = { tokensReleased: 40, costReleased: '0.000008000' };
const reserved = (requestId: string) =>
  budgetReserved({
    prepaid: false,
    ...request(requestId),
    decisionId: 'd',
    tokens: 300,
    cost: '0.000060000',
    expiresAt: 9,
  });
const ended = (requestId: string, changes: Partial<BudgetSettled> = {}) =>
  budgetSettled({
    costDrawn: null,
    ...{ ...request(requestId), ...used, tokensReserved: 300, costReserved: '0.000060000', ...released },
    ...changes,
  });
const spent = (requestId: string, changes: Partial<LeaseSettled> = {}) =>
  leaseSettled({
    costDrawn: null,
    ...request(requestId),
    tenantId: 'demo',
    ...used,
    ...released,
    day: '2026-01-01',
    ...changes,
  });

describe('budgets', () => {
  it('show the reservation of a request until it ends, and its use from the ledger', () => {
    const records = [reserved('a'), reserved('b'), ended('a'), spent('a')];
    expect(rowsOf(budgets, records, 'budget_accounts')).toMatchObject([
      { tokens_spent: 40, cost_spent: '0.000008000', tokens_held: 300, cost_held: '0.000060000', requests_open: 1 },
    ]);
  });

  it('count use under the day it was spent on; use without a reservation does not end a request', () => {
    const records = [
      ...[reserved('a'), ended('a', unused), spent('a', unused)],
      ...[ended('b', { tokensReserved: 0, costReserved: '0.000000000' }), spent('b', { day: '2026-01-02' })],
    ];
    expect(rowsOf(budgets, records, 'budget_days')).toMatchObject([
      { day: '2026-01-01', requests: 0, tokens_spent: 0 },
      { day: '2026-01-02', requests: 1, tokens_spent: 40 },
    ]);
    expect(rowsOf(budgets, records, 'budget_accounts')).toMatchObject([{ tokens_held: 0, requests_open: 0 }]);
  });

  it('end a request that reserved money alone', () => {
    const money = { ...request('a'), decisionId: 'd', tokens: 0, cost: '0.250000000', expiresAt: 9 };
    const records = [
      budgetReserved({ ...money, prepaid: false }),
      ended('a', { tokensReserved: 0, costReserved: money.cost }),
    ];
    expect(rowsOf(budgets, records, 'budget_accounts')).toMatchObject([{ cost_held: '0.000000000', requests_open: 0 }]);
  });

  it('ignore leases that no request has reserved, and the session memory of policy', () => {
    const lease = { place: 'demo/0', tokens: 900, cost: '0.000180000', tokensKept: 600, costKept: '0.000120000' };
    const session = { sessionId: 's', decisionId: 'd', shadow: false, labels: ['personal_data'], sequences: [] };
    const records = [
      leaseGranted({ tenantId: 'demo', number: 1, ...lease, day: '2026-01-01' }),
      leaseReceived({ prepaid: false, ...lease, subjectId: 's', at: 1 }),
      sessionRemembered({ place: 'demo/0', ...session, origins: [], at: 1, until: 2 }),
    ];
    expect(rowsOf(budgets, records, 'budget_accounts')).toEqual([]);
  });
});
