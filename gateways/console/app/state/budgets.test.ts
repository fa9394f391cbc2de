import { describe, expect, it } from 'vitest';
import { gaugesOf, limitsText } from './budgets.ts';

describe('budgets', () => {
  it('show what is left of each limit', () => {
    const gauges = gaugesOf({
      ...{ window: 'day', tokens_max: 1_000, cost_max: '2.500000000', spent: { tokens: 250, cost: '0.5' } },
      left: { tokens: 750, cost: '2.000000000' },
    });
    expect(gauges).toEqual([
      { name: 'tokens today', leftText: '750', maxText: '1,000', share: 0.75 },
      { name: 'cost today', leftText: '2', maxText: '2.5', share: 0.8 },
    ]);
  });

  it('have no gauge for a limit that each session counts, and none without a limit', () => {
    const session = { window: 'session' as const, tokens_max: 10, cost_max: null, spent: null, left: null };
    expect(gaugesOf(session)).toEqual([{ name: 'tokens each session', leftText: '', maxText: '10', share: null }]);
  });

  it('are written as a person says them', () => {
    expect(limitsText({ window: 'total', tokens_max: 5_000, cost_max: '1.50' })).toBe(
      'in total 5,000 tokens, cost 1.5',
    );
    expect(limitsText({ window: 'day', tokens_max: null, cost_max: null })).toBe('today no limit');
  });
});
