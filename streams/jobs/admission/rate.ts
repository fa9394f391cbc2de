/**
 * The generic cell rate algorithm (ITU-T I.371): one time, that of the next arrival by the rate, says how many grants are
 * left. `rateLimit` grants may come in a row; after them, one comes every `ratePeriodMs / rateLimit`.
 */

import type { JobLimits } from '../../../schemas/generated/records.ts';

type Rate = Pick<JobLimits, 'rateLimit' | 'ratePeriodMs'>;

/** Returns the earliest time of the next grant, ms since 1970; 0 without a rate. */
export function readyAt({ rateLimit, ratePeriodMs }: Rate, rateAt: number): number {
  if (rateLimit === null || ratePeriodMs === null) return 0;
  return Math.ceil(Math.max(0, rateAt - (ratePeriodMs - ratePeriodMs / rateLimit)));
}

/** Returns the theoretical arrival time after a grant at `timeMs`; 0 without a rate. */
export const afterGrant = ({ rateLimit, ratePeriodMs }: Rate, rateAt: number, timeMs: number): number =>
  rateLimit === null || ratePeriodMs === null ? 0 : Math.max(rateAt, timeMs) + ratePeriodMs / rateLimit;
