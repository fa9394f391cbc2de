import { expect, it } from 'vitest';
import { costByDay, monthsBefore, spendByModel } from './spend.ts';

const use = (day: string, model: string, cost: string, currency = 'USD') => ({
  ...{ day, model, currency, requests: 2, failures: 0, prompt_tokens: 10, completion_tokens: 5, cost },
});
const items = [
  use('2026-11-01', 'small', '0.100000000'),
  use('2026-11-03', 'small', '0.300000000'),
  use('2026-11-03', 'large', '2.000000000'),
  use('2026-11-03', 'small', '9.000000000', 'EUR'),
];

it('spend is summed by model and currency, the most expensive first', () => {
  const shown = spendByModel(items).map(({ model, currency, cost }) => [model, currency, Number(cost.toFixed(9))]);
  expect(shown).toEqual([
    ['small', 'EUR', 9],
    ['large', 'USD', 2],
    ['small', 'USD', 0.4],
  ]);
  expect(spendByModel(items)[2]).toMatchObject({ requests: 4, tokens: 30 });
});

it('each day of a range has a cost, 0 without use', () => {
  const range = { from: '2026-11-01', until: '2026-11-04', items };
  expect(costByDay(range, 'USD', null).values).toEqual([0.1, 0, 2.3, 0]);
  expect(costByDay(range, 'USD', 'small').values).toEqual([0.1, 0, 0.3, 0]);
  expect(costByDay(range, 'USD', null).times[2]).toBe(Date.UTC(2026, 10, 3) / 1_000);
});

it('months are those of UTC, over the turn of a year', () => {
  expect(monthsBefore(Date.UTC(2026, 0, 31), 3)).toEqual(['2026-01', '2025-12', '2025-11']);
});
