import { describe, expect, it } from 'vitest';
import type { BudgetShortfall } from '../../../schemas/generated/records.ts';
import { allowed } from '../../../streams/testing.ts';
import { policyProblem } from './shortfall.ts';

const NOW = Date.UTC(2026, 0, 1, 23, 0, 0, 1);
const lacks: BudgetShortfall = {
  ...{ window: 'day', tokensNeeded: 2_371, costNeeded: '0.000474200', tokensLeft: 100, costLeft: null },
  ...{ resetsAt: Date.UTC(2026, 0, 2), cause: 'spent' },
};
const refused = (code: string, shortfall: BudgetShortfall | null) =>
  policyProblem({ code, detail: 'x', decision: { ...allowed, outcome: 'deny' }, shortfall }, {}, NOW);

describe('the problem of an exceeded budget', () => {
  it('contains what is needed and left, the window, and its reset', () => {
    const { options } = refused('BUDGET_EXCEEDED', lacks);
    expect(options.extensions).toMatchObject({
      window: 'day',
      needed: { tokens: 2_371, cost: '0.000474200' },
      left: { tokens: 100, cost: null },
      resets_at: '2026-01-02T00:00:00.000Z',
    });
  });

  it.each<[string, Partial<BudgetShortfall>, string | undefined]>([
    ['up to the reset of a spent window', {}, '3600'],
    ['at least a second', { resetsAt: NOW - 5_000 }, '1'],
    ['seconds while open requests hold the rest', { cause: 'held', resetsAt: null }, '10'],
    ['nothing when the window never resets', { window: 'total', resetsAt: null }, undefined],
  ])('has in Retry-After %s', (_, changes, expected) => {
    expect(refused('BUDGET_EXCEEDED', { ...lacks, ...changes }).headers['retry-after']).toBe(expected);
  });

  it('has no Retry-After and another code when the request is larger than the whole budget', () => {
    const { status, code, headers } = refused('BUDGET_TOO_SMALL', { ...lacks, cause: 'too_large', resetsAt: null });
    expect({ status, code, headers }).toEqual({ status: 422, code: 'BUDGET_TOO_SMALL', headers: {} });
  });

  it('has the Retry-After of its code when too many requests are open, and no other member', () => {
    const { headers, options } = refused('BUDGET_EXCEEDED', null);
    expect(headers).toEqual({ 'retry-after': '10' });
    expect(Object.keys(options.extensions ?? {})).toEqual(['decision']);
  });
});
