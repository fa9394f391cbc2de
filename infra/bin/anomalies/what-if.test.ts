import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, HOUR_MS } from '../../../schemas/contexts/anomalies.ts';
import type { DetectorSettings } from '../../../schemas/generated/records.ts';
import { createReplay, type ReplayedStep } from '../../../streams/anomalies/replay.ts';
import { hoursOf, START, WEEK_HOURS, watch } from '../../../streams/anomalies/testing.ts';
import { anomaliesWhatIf } from '../../jobs/builtin/anomalies-what-if.ts';
import { TestJob } from '../../jobs/engine/testing.ts';
import { ManualClock } from '../../runner/testing/processors.ts';
import { inputOf } from './what-if.ts';

const WEEKS = 5;
const SPIKE = 4 * WEEK_HOURS + 12;
const measures = hoursOf({ seed: 3, weeks: WEEKS, peak: 200, factor: (hour) => (hour === SPIKE ? 2 : 1) });
const NOW = START + WEEKS * WEEK_HOURS * HOUR_MS;
const recorded = watch(measures);

/** Runs the job over the journal of `recorded`, read in pages. */
async function tried(input: object, stepsMax?: number) {
  const journal = recorded.events
    .filter(({ type }) => type === 'SeriesMeasured' || type === 'SeriesReviewed')
    .map((step, offset) => ({ partition: 0, offset, step: JSON.parse(JSON.stringify(step)) as unknown }));
  const job = anomaliesWhatIf(
    {
      steps: async (_, { offset }, limit) => journal.slice(offset + 1, offset + 1 + limit),
      recorded: async () => recorded.anomalies.map(({ anomalyId }) => anomalyId),
      replay: (settingsOf) => {
        const take = createReplay(settingsOf);
        return (step) => take(step as ReplayedStep);
      },
    },
    stepsMax,
  );
  const end = await new TestJob(job, input).complete({ clock: new ManualClock(NOW) });
  return { end, output: JSON.parse(end.output ?? 'null') as Record<string, unknown> };
}

const other: DetectorSettings = { ...DEFAULT_SETTINGS, levelThreshold: 2 };

describe('the job that tries settings', () => {
  it('shows the anomalies that a run with these settings raises', async () => {
    const from = START + 3 * WEEK_HOURS * HOUR_MS;
    const wanted = watch(measures, other).anomalies.filter(({ windowStart }) => windowStart >= from);
    const { output } = await tried(inputOf({ levelThreshold: 2, from, wait: 0 }));
    expect(wanted.length).toBeGreaterThan(recorded.anomalies.length);
    expect(output).toMatchObject({ total: wanted.length });
    const of = (each: { readonly rule: string; readonly detail: string }) => [each.rule, each.detail];
    const shown = output['anomalies'] as readonly { readonly rule: string; readonly detail: string }[];
    expect(shown.map(of).sort()).toEqual(wanted.map(of).sort());
  });

  it('with the settings that held adds none and removes none', async () => {
    const { output } = await tried({ settings: {}, from: new Date(START).toISOString() });
    expect(output).toMatchObject({ total: recorded.anomalies.length, removed: 0 });
  });

  it('fails for good where the past is too long, and for a range without any', async () => {
    expect((await tried({ settings: {} }, 10)).end).toMatchObject({ code: 'ANOMALY_HISTORY_TOO_LARGE' });
    const [from, until] = ['2026-02-02T00:00:00Z', '2026-02-01T00:00:00Z'];
    expect((await tried({ settings: {}, from, until })).end).toMatchObject({ code: 'JOB_INPUT_INVALID' });
  });
});
