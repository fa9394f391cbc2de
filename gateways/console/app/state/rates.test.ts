import { describe, expect, it } from 'vitest';
import { Rates } from './rates.ts';

describe('events per second', () => {
  it('counts each second separately and leaves the current one out', () => {
    const rates = new Rates(4, 100);
    for (const now of [100.1, 100.9, 102.5, 103]) rates.count(now);
    expect(rates.columns(103)).toEqual({ times: [100, 101, 102], counts: [2, 0, 1] });
  });

  it('forgets what is older than its columns, also after a pause', () => {
    const rates = new Rates(4, 100);
    rates.count(100);
    expect(rates.columns(104).counts).toEqual([0, 0, 0]);
    rates.count(104);
    expect(rates.columns(1_000).counts).toEqual([0, 0, 0]);
  });
});
