import {
  JOB_BATCH_MAX,
  JOB_BATCH_WAIT_MS_MAX,
  JOB_DEBOUNCE_MS_MAX,
  JOB_RATE_MAX,
  JOB_RATE_PERIOD_MS_MAX,
  JOB_SLOTS_MAX,
  type JobSingleton,
  jobSingletons,
} from '../../../schemas/contexts/jobs.ts';
import type { JobLimits } from '../../../schemas/generated/records.ts';

/**
 * Limits of a job. They hold for the jobs of a tenant and a concurrency key, which the start names; without one, for all jobs
 * of the tenant and the type.
 */
export interface JobLimitsSpec {
  /** At most `max` jobs of a key run, sleep or wait at once; the others are queued. 1 to 1,000. */
  readonly concurrency?: { readonly max: number };
  /** At most `limit` jobs of a key begin in a row, and on average in `periodMs` ms; the others are queued. */
  readonly rate?: { readonly limit: number; readonly periodMs: number };
  /** At most one job of a key: a new one fails with JOB_SINGLETON (`skip`), or cancels the one before it (`cancel`). */
  readonly singleton?: JobSingleton;
  /** A job waits `periodMs` ms, at most a day; a newer one of its key replaces it meanwhile. */
  readonly debounce?: { readonly periodMs: number };
  /**
   * Starts of a key wait for each other, until there are `max` of them, 1 to 100, or the first has waited `waitMs` ms, at most a day.
   * Then one job runs the inputs of all. Neither with `singleton` nor with `debounce`.
   */
  readonly batch?: { readonly max: number; readonly waitMs: number };
}

const isWithin = (value: number, max: number): boolean => Number.isSafeInteger(value) && value >= 1 && value <= max;

/** Returns what is wrong with limits; null when they are within their bounds. */
export function limitsFault({ concurrency, rate, singleton, debounce, batch }: JobLimitsSpec): string | null {
  if (concurrency !== undefined && !isWithin(concurrency.max, JOB_SLOTS_MAX))
    return `concurrency.max is a whole number from 1 to ${JOB_SLOTS_MAX}`;
  if (rate !== undefined && !(isWithin(rate.limit, JOB_RATE_MAX) && isWithin(rate.periodMs, JOB_RATE_PERIOD_MS_MAX)))
    return `rate is a limit from 1 to ${JOB_RATE_MAX} and a periodMs of at most 31 days`;
  if (singleton !== undefined && !jobSingletons.includes(singleton)) return 'singleton is skip or cancel';
  if (singleton !== undefined && concurrency !== undefined) return 'a singleton has no concurrency besides';
  if (debounce !== undefined && !isWithin(debounce.periodMs, JOB_DEBOUNCE_MS_MAX))
    return 'debounce.periodMs is a whole number of ms, at most a day';
  if (batch !== undefined && !(isWithin(batch.max, JOB_BATCH_MAX) && isWithin(batch.waitMs, JOB_BATCH_WAIT_MS_MAX)))
    return `batch is a max from 1 to ${JOB_BATCH_MAX} and a waitMs of at most a day`;
  if (batch !== undefined && (singleton !== undefined || debounce !== undefined))
    return 'a batch has neither a singleton nor a debounce besides';
  return null;
}

/** Returns limits as they are registered; null without any. */
export function limitsOf({ concurrency, rate, singleton, debounce, batch }: JobLimitsSpec): JobLimits | null {
  if ([concurrency, rate, singleton, debounce, batch].every((each) => each === undefined)) return null;
  return {
    max: singleton === undefined ? (concurrency?.max ?? null) : 1,
    ...{ rateLimit: rate?.limit ?? null, ratePeriodMs: rate?.periodMs ?? null },
    ...{ singleton: singleton ?? null, debounceMs: debounce?.periodMs ?? null },
    ...{ batchMax: batch?.max ?? null, batchWaitMs: batch?.waitMs ?? null },
    isPerRun: false,
  };
}
