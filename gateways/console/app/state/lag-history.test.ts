import { describe, expect, it } from 'vitest';
import { emptyHistory, withSample } from './lag-history.ts';

describe('the lag over time', () => {
  it('has one value of each reader for each time', () => {
    const one = withSample(emptyHistory, 100, [{ name: 'policy', lag: 3 }]);
    const two = withSample(one, 104, [
      { name: 'policy', lag: 0 },
      { name: 'late', lag: 7 },
    ]);
    expect(two.times).toEqual([100, 104]);
    expect([...two.lags]).toEqual([
      ['policy', [3, 0]],
      ['late', [0, 7]],
    ]);
  });

  it('ignores a sample that it has, and is bounded', () => {
    let history = emptyHistory;
    for (let at = 0; at < 400; at += 1) history = withSample(history, at, [{ name: 'policy', lag: at }]);
    expect(withSample(history, 399, [])).toBe(history);
    expect([history.times.length, history.times[0], history.lags.get('policy')?.[0]]).toEqual([150, 250, 250]);
  });
});
