import { describe, expect, it } from 'vitest';
import { type ChargeState, evolve } from '../../streams/billing/charge.ts';
import type { Processor } from '../../streams/kernel.ts';
import { type Plant, runBilling } from './billing/world.ts';

const SCHEDULES = 200;

const violatedBy = (plant: Plant): ReadonlySet<string> =>
  new Set(Array.from({ length: SCHEDULES }, (_, nth) => runBilling(7, nth, plant).violated).flat());

describe('a schedule of charges', () => {
  it('is repeated from its numbers', () => {
    for (let nth = 0; nth < 5; nth += 1) expect(runBilling(3, nth)).toEqual(runBilling(3, nth));
  });

  it('keeps every invariant through crashes and reports that come again', () => {
    let [postings, crashes] = [0, 0];
    for (let nth = 0; nth < SCHEDULES; nth += 1) {
      const run = runBilling(5, nth);
      expect(run.violated).toEqual([]);
      postings += run.postings;
      crashes += run.crashes;
    }
    expect(Math.min(postings, crashes)).toBeGreaterThan(SCHEDULES);
  });

  it('shows a posting that is made twice after a crash: the charge forgets what it has posted', () => {
    const forgets: Plant = (good): Processor => ({
      ...good,
      evolve: (state, record) =>
        record.type === 'LedgerPosted' ? good.initial : evolve(state as ChargeState, record as never),
    });
    expect(violatedBy(forgets)).toContain('posted-once');
    expect(violatedBy(forgets)).toContain('equals-what-was-metered');
  });

  it('shows a report that holds because it came last', () => {
    const lastCome: Plant = (good): Processor => ({
      ...good,
      decide: (state, ...rest) => {
        const held = state as ChargeState;
        const blind = held.status === 'posted' ? { ...held, posted: { ...held.posted, rank: -1 } } : held;
        return good.decide(blind, ...rest);
      },
    });
    expect(violatedBy(lastCome)).toContain('equals-what-was-metered');
  });

  it('shows a reservation that no posting releases', () => {
    const unreleased: Plant = (good): Processor => ({
      ...good,
      decide: (state, ...rest) =>
        good
          .decide(state, ...rest)
          .map((output) =>
            output.type === 'LedgerPosted' ? { ...output, data: { ...output.data, released: [] } } : output,
          ),
    });
    expect(violatedBy(unreleased)).toContain('nothing-pending');
  });
});
