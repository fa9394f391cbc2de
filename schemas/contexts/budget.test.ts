import { describe, expect, it } from 'vitest';
import { nothing } from '../amount.ts';
import type { BudgetStatus } from '../generated/records.ts';
import { isTooLarge, shortfallOf } from './budget.ts';

const TOMORROW = Date.UTC(2026, 0, 2);
const need = (tokens: number) => ({ ...nothing, tokens });
const status = (tokensMax: number, tokensTaken: number, tokensLeased = 0, changes: Partial<BudgetStatus> = {}) => ({
  ...{ window: 'day' as const, tokensMax, tokensTaken, tokensLeased, resetsAt: TOMORROW },
  ...{ costMax: null, costTaken: nothing.cost, costLeased: nothing.cost },
  ...changes,
});
const total = { window: 'total', resetsAt: null } as const;

describe('what a request lacks', () => {
  it('is nothing while every window has room', () => {
    expect(shortfallOf(need(10), [status(100, 90)])).toBeNull();
  });

  it('is the rest of a spent window, up to its reset', () => {
    expect(shortfallOf(need(11), [status(100, 90)])).toEqual({
      ...{ window: 'day', tokensNeeded: 11, costNeeded: nothing.cost, tokensLeft: 10, costLeft: null },
      ...{ resetsAt: TOMORROW, cause: 'spent' },
    });
  });

  it('is held when it fits as soon as the leased part returns', () => {
    expect(shortfallOf(need(11), [status(100, 90, 1)])).toMatchObject({ cause: 'held', resetsAt: null });
    expect(shortfallOf(need(12), [status(100, 90, 1)])).toMatchObject({ cause: 'spent', resetsAt: TOMORROW });
  });

  it('is the whole limit when the request is larger than that', () => {
    expect(shortfallOf(need(101), [status(100, 90)])).toMatchObject({ cause: 'too_large', tokensLeft: 100 });
    expect([isTooLarge(need(101), [status(100, 90)]), isTooLarge(need(100), [status(100, 90)])]).toEqual([true, false]);
  });

  it('is nothing left, never less, of a window that was overdrawn', () => {
    const overdrawn = { costMax: '1.000000000', costTaken: '1.500000000' };
    expect(shortfallOf(need(1), [status(100, 130, 0, overdrawn)])).toMatchObject({
      ...{ tokensLeft: 0, costLeft: nothing.cost },
    });
  });

  it('is that of the window that would admit it last', () => {
    const [day, ever, held] = [status(100, 90), status(200, 190, 0, total), status(300, 290, 290)];
    const windowOf = (...windows: readonly BudgetStatus[]) => shortfallOf(need(11), windows)?.window;
    expect(windowOf(day, ever, held)).toBe('total');
    expect(windowOf(ever, day)).toBe('total');
    expect(windowOf(held, day)).toBe('day');
    expect(shortfallOf(need(150), [ever, day])).toMatchObject({ window: 'day', cause: 'too_large' });
  });
});
