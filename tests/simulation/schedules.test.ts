import { describe, expect, it } from 'vitest';
import type { AnyRecord, Processor } from '../../streams/kernel.ts';
import { isKept, type ScheduleState } from '../../streams/schedules/state.ts';
import { runSchedules } from './schedules/schedule.ts';
import type { Plant } from './schedules/world.ts';

const SCHEDULES = 30;

/** Returns the names of the invariants that schedules violate with a bug planted. */
const violatedBy = (plant: Plant): ReadonlySet<string> =>
  new Set(Array.from({ length: SCHEDULES }, (_, nth) => runSchedules(7, nth, plant).violation?.invariant ?? 'none'));

const withEvolve =
  (bug: (before: ScheduleState, after: ScheduleState, record: AnyRecord) => ScheduleState): Plant =>
  (good): Processor => ({
    ...good,
    evolve: (state, record) => bug(state as ScheduleState, good.evolve(state, record) as ScheduleState, record),
  });

const withDecide =
  (seen: (state: ScheduleState) => ScheduleState): Plant =>
  (good): Processor => ({
    ...good,
    decide: (state, ...rest) => good.decide(seen(state as ScheduleState), ...rest),
  });

describe('a schedule of schedules', () => {
  it('is repeated to the byte from its numbers', () => {
    const digestOf = (nth: number) => JSON.stringify(runSchedules(3, nth));
    for (let nth = 0; nth < 3; nth += 1) expect(digestOf(nth)).toBe(digestOf(nth));
  });

  it('keeps every invariant', () => {
    for (let nth = 0; nth < SCHEDULES; nth += 1) expect(runSchedules(5, nth)).toMatchObject({ violation: null });
  });

  it('shows a timer without its mark: a due time that was run stays the next one', () => {
    const unmarked = withEvolve((before, after, { type }) =>
      type === 'ScheduleFired' && isKept(before) && isKept(after) ? { ...after, nextDueAt: before.nextDueAt } : after,
    );
    expect(violatedBy(unmarked)).toContain('due-once');
  });

  it('shows a lost due time: what is skipped counts as the one after it, too', () => {
    const lost = withEvolve((_, after, { type }) =>
      type === 'ScheduleSkipped' && isKept(after) && after.nextDueAt !== null
        ? { ...after, nextDueAt: after.nextDueAt + (after.spec.intervalMs ?? 0) }
        : after,
    );
    expect(violatedBy(lost)).toContain('due-once');
  });

  it('shows an overlap that is ignored', () => {
    const ignored = withDecide((state) => (isKept(state) ? { ...state, running: [] } : state));
    expect(violatedBy(ignored)).toContain('no-overlap');
  });

  it('shows an end of a job that is forgotten', () => {
    const forgotten = withEvolve((before, after, { type }) => (type === 'ScheduledJobEnded' ? before : after));
    expect(violatedBy(forgotten)).toContain('comes-to-rest');
  });
});
