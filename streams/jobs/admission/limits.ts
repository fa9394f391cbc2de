import {
  JOB_DEBOUNCE_MS_MAX,
  JOB_RATE_MAX,
  JOB_RATE_PERIOD_MS_MAX,
  JOB_SLOTS_MAX,
} from '../../../schemas/contexts/jobs.ts';
import type { JobLimits } from '../../../schemas/generated/records.ts';

/** Limits of jobs with a concurrency key whose type declares none: one after another. */
export const oneByOne: JobLimits = { max: 1, rateLimit: null, ratePeriodMs: null, singleton: null, debounceMs: null };

const between = (low: number, value: number, high: number): number => Math.min(Math.max(low, value), high);
const boundedOrNull = (low: number, value: number | null, high: number): number | null =>
  value === null ? null : between(low, value, high);

/** Returns limits within their bounds. A rate needs both of its parts, and a singleton one slot. Total. */
export function boundedLimits({ max, rateLimit, ratePeriodMs, singleton, debounceMs }: JobLimits): JobLimits {
  const hasRate = rateLimit !== null && ratePeriodMs !== null;
  return {
    max: singleton === null ? boundedOrNull(1, max, JOB_SLOTS_MAX) : 1,
    rateLimit: hasRate ? between(1, rateLimit, JOB_RATE_MAX) : null,
    ratePeriodMs: hasRate ? between(1, ratePeriodMs, JOB_RATE_PERIOD_MS_MAX) : null,
    singleton,
    debounceMs: boundedOrNull(0, debounceMs, JOB_DEBOUNCE_MS_MAX),
  };
}
