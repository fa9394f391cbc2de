import { z } from 'zod';
import { ANOMALIES_WHAT_IF, DEFAULT_SETTINGS, HOUR_MS, SETTINGS_BOUNDS } from '../../../schemas/contexts/anomalies.ts';
import type { AnomalyDetected, DetectorSettings } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { JobError } from '../sdk/errors.ts';
import { type Job, job } from '../sdk/job.ts';

/** What the detector took at a place of the log. */
export interface RecordedStep {
  readonly partition: number;
  readonly offset: number;
  /** `{type, data}` of the event. */
  readonly step: unknown;
}

/** The journal of the detector, and the anomalies that it raised. */
export interface AnomalyHistory {
  /** Resolves with the steps of a tenant behind a place, in the order of each partition. */
  steps(
    tenantId: string,
    behind: { readonly partition: number; readonly offset: number },
    limit: number,
  ): Promise<readonly RecordedStep[]>;
  /** Resolves with the ids of recorded anomalies whose window begins in the range, at most `limit`. */
  recorded(
    tenantId: string,
    range: { readonly from: Date; readonly until: Date },
    limit: number,
  ): Promise<readonly string[]>;
  /** Starts a run of the detector under other settings; each step returns the anomalies that it raises. */
  replay(settingsOf: (held: DetectorSettings) => DetectorSettings): (step: unknown) => readonly AnomalyDetected[];
}

const PAGE = 2_000;
/** Steps of one job; a tenant with more asks for them by the command line of an operator. */
export const WHAT_IF_STEPS_MAX = 2_000_000;
const RECORDED_MAX = 10_000;
/** Anomalies that a result shows. */
const SHOWN_MAX = 200;
const DAYS = 28;

const bounds = (name: keyof typeof SETTINGS_BOUNDS) => {
  const [least, most] = SETTINGS_BOUNDS[name];
  return z
    .number()
    .min(least)
    .max(most)
    .optional()
    .describe(`Default: as it held, ${DEFAULT_SETTINGS[name]} at first.`);
};
const instant = z.iso.datetime({ offset: true });

const input = z.object({
  from: instant
    .optional()
    .describe(`Only anomalies of windows from this time on; default: ${DAYS} days before the end.`),
  until: instant.optional().describe('Only anomalies of windows before this time; default: the start of the job.'),
  settings: z
    .object({
      level_threshold: bounds('levelThreshold'),
      drift_threshold: bounds('driftThreshold'),
      mix_threshold: bounds('mixThreshold'),
      denials_max: bounds('denialsMax'),
      denials_window_ms: bounds('denialsWindowMs'),
      new_hosts: z.boolean().optional().describe('Default: as it held.'),
    })
    .describe('Settings to try; those left out are the ones that held.'),
});

const shown = z.object({
  ...{
    anomaly_id: z.string(),
    rule: z.string(),
    metric: z.string(),
    subject: z.string(),
    label: z.string().nullable(),
  },
  ...{ direction: z.string().nullable(), window_start: z.string(), window_ms: z.number() },
  ...{ observed: z.number(), expected: z.number().nullable(), score: z.number(), detail: z.string() },
  recorded: z.boolean().describe('True when the settings that held raised it as well.'),
});
const output = z.object({
  from: z.string(),
  until: z.string(),
  steps: z.int().describe('Records and ends of hours that the detector took.'),
  total: z.int().describe('Anomalies under these settings.'),
  added: z.int().describe('Of these, those that the settings that held did not raise.'),
  removed: z.int().describe('Recorded anomalies that these settings do not raise.'),
  anomalies: z.array(shown).describe(`The last ones, at most ${SHOWN_MAX}.`),
});

type Wanted = z.output<typeof input>;

const settingsOf =
  ({ settings }: Wanted) =>
  (held: DetectorSettings): DetectorSettings => ({
    ...held,
    isOn: true,
    levelThreshold: settings.level_threshold ?? held.levelThreshold,
    driftThreshold: settings.drift_threshold ?? held.driftThreshold,
    mixThreshold: settings.mix_threshold ?? held.mixThreshold,
    denialsMax: settings.denials_max ?? held.denialsMax,
    denialsWindowMs: settings.denials_window_ms ?? held.denialsWindowMs,
    newHosts: settings.new_hosts ?? held.newHosts,
  });

function rangeOf({ from, until }: Wanted, now: Date): { readonly from: Date; readonly until: Date } {
  const end = until === undefined ? now : new Date(until);
  const start = from === undefined ? new Date(end.getTime() - DAYS * 24 * HOUR_MS) : new Date(from);
  if (start >= end)
    throw new JobError('JOB_INPUT_INVALID', `the range from ${start.toISOString()} is empty`, { retryable: false });
  return { from: start, until: end };
}

/**
 * Returns the job that runs the detector over the past of its tenant under other settings, from the first record on: what
 * it shows is what a run with these settings had raised. It changes nothing.
 */
export const anomaliesWhatIf = (
  history: AnomalyHistory,
  stepsMax = WHAT_IF_STEPS_MAX,
): Job<typeof input, typeof output> =>
  job({
    ...{ name: ANOMALIES_WHAT_IF, version: 1, title: 'Try settings of anomalies on the past', input, output },
    async run(ctx, wanted) {
      const { tenantId } = ctx;
      const range = rangeOf(wanted, ctx.now());
      return ctx.step('replay', async ({ signal }) => {
        const take = history.replay(settingsOf(wanted));
        const found: AnomalyDetected[] = [];
        let steps = 0;
        for (let behind = { partition: -1, offset: -1 }, isMore = true; isMore; ) {
          signal.throwIfAborted();
          const page = await history.steps(tenantId, behind, PAGE);
          for (const { step } of page)
            for (const each of take(step))
              if (each.windowStart >= range.from.getTime() && each.windowStart < range.until.getTime())
                found.push(each);
          steps += page.length;
          if (steps > stepsMax)
            throw new JobError('ANOMALY_HISTORY_TOO_LARGE', `the tenant has more than ${stepsMax} measures`, {
              retryable: false,
            });
          const last = page.at(-1);
          isMore = page.length === PAGE && last !== undefined;
          if (last !== undefined) behind = { partition: last.partition, offset: last.offset };
        }
        const recorded = new Set(await history.recorded(tenantId, range, RECORDED_MAX));
        const ids = new Set(found.map(({ anomalyId }) => anomalyId));
        const last = [...found].sort((one, other) => other.windowStart - one.windowStart).slice(0, SHOWN_MAX);
        return {
          ...{ from: range.from.toISOString(), until: range.until.toISOString(), steps, total: found.length },
          added: found.filter(({ anomalyId }) => !recorded.has(anomalyId)).length,
          removed: [...recorded].filter((id) => !ids.has(id)).length,
          anomalies: last.map((each) => ({
            ...{ anomaly_id: each.anomalyId, rule: each.rule, metric: each.metric, subject: each.subject },
            ...{ label: each.label, direction: each.direction, window_start: isoOf(each.windowStart) },
            ...{ window_ms: each.windowMs, observed: each.observed, expected: each.expected, score: each.score },
            ...{ detail: each.detail, recorded: recorded.has(each.anomalyId) },
          })),
        };
      });
    },
  });
