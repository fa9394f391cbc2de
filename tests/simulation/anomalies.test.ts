import { describe, expect, it } from 'vitest';
import type { SeriesState } from '../../streams/anomalies/series.ts';
import type { Processor } from '../../streams/kernel.ts';
import { type Plant, runAnomalies } from './anomalies/world.ts';

const SCHEDULES = 24;

const violatedBy = (plant: Plant): ReadonlySet<string> =>
  new Set(Array.from({ length: SCHEDULES }, (_, nth) => runAnomalies(7, nth, plant).violated).flat());

describe('a schedule of series', () => {
  it('is repeated from its numbers', () => {
    for (let nth = 0; nth < 3; nth += 1) expect(runAnomalies(3, nth)).toEqual(runAnomalies(3, nth));
  });

  it('raises what it raises without crashes, once, and names records of the log', () => {
    let [found, crashes] = [0, 0];
    for (let nth = 0; nth < SCHEDULES; nth += 1) {
      const run = runAnomalies(5, nth);
      expect(run.violated).toEqual([]);
      found += run.anomalies;
      crashes += run.crashes;
    }
    expect(Math.min(found, crashes)).toBeGreaterThan(SCHEDULES / 2);
  });

  it('shows a detector that forgets what it raised', () => {
    const forgets: Plant = (good): Processor => ({
      ...good,
      evolve: (before, record) => {
        const state = good.evolve(before, record) as SeriesState;
        if (state.status === 'absent') return state;
        const { level, bursts } = state;
        return {
          ...state,
          level: level === null ? null : { ...level, open: level.open.map((hour) => ({ ...hour, isRaised: false })) },
          bursts: bursts === null ? null : { ...bursts, raisedAt: null },
        };
      },
    });
    expect(violatedBy(forgets)).toContain('as-without-crashes');
    expect(violatedBy(forgets)).toContain('raised-once');
  });

  it('shows a detector whose state is not that of its journal', () => {
    let memory: unknown;
    const keepsInMemory: Plant = (good): Processor => ({
      ...good,
      decide: (state, record, ...rest) => {
        // Takes the state of the process, which has what was never committed.
        const held =
          memory === undefined || JSON.stringify(memory).length < JSON.stringify(state).length ? state : memory;
        const outputs = good.decide(held, record, ...rest);
        memory = outputs.reduce((folded, output) => good.evolve(folded, output), held);
        return outputs;
      },
    });
    expect(violatedBy(keepsInMemory)).toContain('as-without-crashes');
  });
});
