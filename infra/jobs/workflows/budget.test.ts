import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Amounts,
  BudgetShortage,
  budgetProblem,
  costOfTokens,
  noAmounts,
  Purse,
  type Reservation,
} from './budget.ts';

const amounts = (calls: number, tokens = 0): Amounts => ({ calls: BigInt(calls), tokens: BigInt(tokens), cost: 0n });

/** A step of a run over a tree of budgets: `of` picks one of the purses that are open. */
const action = fc.oneof(
  fc.record({
    do: fc.constant('slice' as const),
    of: fc.nat(9),
    calls: fc.nat(12),
    tokens: fc.option(fc.nat(40), { nil: undefined }),
  }),
  fc.record({ do: fc.constant('ask' as const), of: fc.nat(9), calls: fc.nat(4), tokens: fc.nat(20) }),
  fc.record({ do: fc.constant('answer' as const), of: fc.nat(9), part: fc.nat(100) }),
  fc.record({ do: fc.constant('close' as const), of: fc.nat(9) }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
const LIMIT = { calls: 20, tokens: 60 };

/** Plays actions; `plant` returns the rest of each settled call once more. Returns what was used of the whole budget at most. */
function played(actions: readonly Action[], plant = false): { readonly most: Amounts; readonly real: Amounts } {
  const root = new Purse(LIMIT);
  const slices: { readonly purse: Purse; readonly close: () => void }[] = [{ purse: root, close: () => undefined }];
  const asked: { readonly reservation: Reservation; readonly amounts: Amounts; readonly purse: Purse }[] = [];
  let most = noAmounts;
  const real = { calls: 0n, tokens: 0n };
  for (const each of actions) {
    const at = slices[each.of % slices.length];
    if (at === undefined) continue;
    try {
      if (each.do === 'slice')
        slices.push(at.purse.slice({ calls: each.calls, ...(each.tokens !== undefined && { tokens: each.tokens }) }));
      if (each.do === 'ask') {
        const worst = amounts(each.calls, each.tokens);
        asked.push({ reservation: at.purse.reserve(worst), amounts: worst, purse: at.purse });
      }
      if (each.do === 'answer') {
        const next = asked.shift();
        if (next === undefined) continue;
        const used = amounts(Number(next.amounts.calls), Math.floor((Number(next.amounts.tokens) * each.part) / 100));
        next.reservation.settle(used);
        real.calls += used.calls;
        real.tokens += used.tokens;
        // The planted bug: the rest of the call is returned a second time.
        if (plant) next.purse.reserve(noAmounts).settle(amounts(0, Number(used.tokens - next.amounts.tokens)));
      }
      if (each.do === 'close' && at.purse !== root) at.close();
    } catch (error) {
      if (!(error instanceof BudgetShortage)) throw error;
    }
    const { calls, tokens } = root.used;
    if (calls > most.calls) most = { ...most, calls };
    if (tokens > most.tokens) most = { ...most, tokens };
  }
  return { most, real: { ...noAmounts, ...real } };
}

const isWithin = ({ most, real }: ReturnType<typeof played>): boolean =>
  most.calls <= BigInt(LIMIT.calls) &&
  most.tokens <= BigInt(LIMIT.tokens) &&
  real.calls <= BigInt(LIMIT.calls) &&
  real.tokens <= BigInt(LIMIT.tokens);

describe('a budget', () => {
  it('is never exceeded by what its slices and calls use, in any order', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => isWithin(played(actions))),
      { numRuns: 500 },
    );
  });

  it('is found exceeded when the rest of a call is returned twice', () => {
    const { failed } = fc.check(
      fc.property(fc.array(action, { minLength: 20, maxLength: 80 }), (actions) => isWithin(played(actions, true))),
      { numRuns: 3_000 },
    );
    expect(failed).toBe(true);
  });

  it('gets back what a slice did not use, once', () => {
    const root = new Purse({ calls: 10 });
    const slice = root.slice({ calls: 6 });
    slice.purse.reserve(amounts(2)).settle(amounts(2));
    expect(root.left('calls')).toBe(4n);
    slice.close();
    slice.close();
    expect(root.left('calls')).toBe(8n);
  });

  it('counts a call that a slice still waits for as used', () => {
    const root = new Purse({ calls: 10 });
    const slice = root.slice({ calls: 6 });
    slice.purse.reserve(amounts(3));
    slice.close();
    expect(root.left('calls')).toBe(7n);
  });

  it('bounds what a slice in it does not bound', () => {
    const root = new Purse({ tokens: 10 });
    const { purse } = root.slice({ calls: 5 });
    expect(() => purse.reserve(amounts(1, 11))).toThrow(
      expect.objectContaining({ code: 'WORKFLOW_BUDGET_EXCEEDED', message: 'It may use 11 tokens, and 10 are left.' }),
    );
    expect(purse.left('calls')).toBe(5n);
    expect(purse.left('cost')).toBe(null);
  });

  it.each([
    [[], 'a budget is an object'],
    [{ calls: 1.5 }, 'calls is a whole number'],
    [{ cost: 1 }, 'cost is a decimal as text, such as "0.50"'],
    [{ money: 1 }, 'a budget has calls, tokens and cost, and no money'],
    [{ calls: 1, tokens: 0, cost: '0.5' }, null],
  ])('%j: %s', (value, problem) => expect(budgetProblem(value)).toBe(problem));

  it('rounds the price of tokens up', () => {
    const prices = { models: { small: '0.2' }, otherwise: '1' };
    expect(costOfTokens(prices, 'small', 7n)).toBe(1_400n);
    expect(costOfTokens({ ...prices, otherwise: '0.000000001' }, 'other', 1n)).toBe(1n);
  });
});
