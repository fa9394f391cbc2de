import {
  JOB_BATCH_MAX,
  JOB_BATCH_WAIT_MS_MAX,
  JOB_DEBOUNCE_MS_MAX,
  JOB_RATE_MAX,
  JOB_RATE_PERIOD_MS_MAX,
  JOB_SLOTS_MAX,
} from '../../../schemas/contexts/jobs.ts';
import type { JobLimits } from '../../../schemas/generated/records.ts';

/** No limits: those of a key without any job. */
export const noLimits: JobLimits = {
  ...{ max: null, rateLimit: null, ratePeriodMs: null, singleton: null, debounceMs: null },
  ...{ batchMax: null, batchWaitMs: null, isPerRun: false },
};

/** Limits of jobs with a concurrency key whose type declares none: one after another. */
export const oneByOne: JobLimits = { ...noLimits, max: 1 };

const between = (low: number, value: number, high: number): number => Math.min(Math.max(low, value), high);
const boundedOrNull = (low: number, value: number | null, high: number): number | null =>
  value === null ? null : between(low, value, high);

/**
 * Returns limits within their bounds. A rate and a batch need both of their parts, a singleton has one slot, and starts that
 * replace each other have no batch. Total.
 */
export function boundedLimits(limits: JobLimits): JobLimits {
  const { max, rateLimit, ratePeriodMs, singleton, debounceMs, batchMax, batchWaitMs, isPerRun } = limits;
  const hasRate = rateLimit !== null && ratePeriodMs !== null;
  const hasBatch = batchMax !== null && batchWaitMs !== null && singleton === null && debounceMs === null;
  return {
    max: singleton === null ? boundedOrNull(1, max, JOB_SLOTS_MAX) : 1,
    rateLimit: hasRate ? between(1, rateLimit, JOB_RATE_MAX) : null,
    ratePeriodMs: hasRate ? between(1, ratePeriodMs, JOB_RATE_PERIOD_MS_MAX) : null,
    singleton,
    debounceMs: boundedOrNull(0, debounceMs, JOB_DEBOUNCE_MS_MAX),
    batchMax: hasBatch ? between(1, batchMax, JOB_BATCH_MAX) : null,
    batchWaitMs: hasBatch ? between(0, batchWaitMs, JOB_BATCH_WAIT_MS_MAX) : null,
    // The end of a batch, and of a job that replaces others, is that of a job.
    isPerRun: isPerRun && !hasBatch && singleton === null && debounceMs === null,
  };
}
