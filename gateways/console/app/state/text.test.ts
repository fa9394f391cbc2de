import { describe, expect, it } from 'vitest';
import { amount, duration, shareOf, shortName } from './text.ts';

describe('texts', () => {
  it('show a duration in a unit that a person reads at once', () => {
    expect([0.35, 12, 999.4, 3_877, 240_000, 7_200_000, 900_000_000].map(duration)).toEqual([
      ...['350 µs', '12 ms', '999 ms', '3.9 s', '4 min', '2 h', '10 d'],
    ]);
  });

  it('show money without zeros that say nothing', () => {
    expect(['0.000015200', '25.00', '100', '0.000000000'].map(amount)).toEqual(['0.0000152', '25', '100', '0']);
  });

  it('show a record by its name', () => {
    expect([shortName('khipu.policy.PolicyDecided'), shortName('TurnQueued')]).toEqual(['PolicyDecided', 'TurnQueued']);
  });

  it('keep a share between nothing and all', () => {
    expect([shareOf(5, 10), shareOf(20, 10), shareOf(1, 0), shareOf(-1, 2)]).toEqual([0.5, 1, 0, 0]);
  });
});
