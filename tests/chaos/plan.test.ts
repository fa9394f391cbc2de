import { describe, expect, it } from 'vitest';
import { faultTriggers } from './faults/fault-triggers.ts';
import { planOf } from './faults/plan.ts';

const all = (plan: ReturnType<typeof planOf>) => [...plan.values()].flat();

describe('the plan of faults', () => {
  it('depends only on the seed', () => {
    expect(planOf('a', 200)).toEqual(planOf('a', 200));
    expect(planOf('a', 200)).not.toEqual(planOf('b', 200));
  });

  it.each([1, 30, 1_000])('has %i faults, including restarts of the broker', (faults) => {
    const plan = planOf('seed', faults);
    expect(all(plan)).toHaveLength(faults);
    expect(plan.get('broker')?.length).toBeGreaterThan(0);
  });

  it('contains every trigger and every act in its long form', () => {
    const faults = all(planOf('long', 1_000));
    expect(new Set(faults.map(({ aim }) => aim.name))).toEqual(new Set(faultTriggers.map(({ name }) => name)));
    for (const { name, acts } of faultTriggers)
      for (const { act } of acts)
        expect(faults.some((fault) => fault.aim.name === name && fault.act === act)).toBe(true);
  });

  it('has no transactional trigger without transactions', () => {
    expect(
      planOf('seed', 1_000)
        .get('tally')
        ?.some(({ aim }) => aim.transactional),
    ).toBe(false);
  });

  it('can be restricted to one act', () => {
    expect(new Set(all(planOf('seed', 20, 'late')).map(({ act }) => act))).toEqual(new Set(['late']));
  });
});
