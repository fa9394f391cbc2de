import { type StepName, stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import type { StepRetry } from '../sdk/context.ts';
import { derivedRandom } from './keys.ts';

const DEFAULT: Required<StepRetry> = { attempts: 5, firstDelayMs: 200, delayMaxMs: 60_000 };
/** Most of a delay that is added by chance. */
const JITTER = 0.2;

/** Returns the bounds of a step with the defaults. */
export const retryOf = (given: StepRetry = {}): Required<StepRetry> => ({ ...DEFAULT, ...given });

/**
 * Returns the delay after `attempts` failed attempts, in ms. The jitter derives from job, step and attempt, so that every
 * run computes the same. The attempts of a step begin again with each failed run of its job.
 */
export function delayMs(attempts: number, retry: Required<StepRetry>, jobId: string, key: StepName): number {
  const inRun = attempts % retry.attempts;
  if (inRun === 0) return 0;
  const delay = Math.min(retry.firstDelayMs * 2 ** (inRun - 1), retry.delayMaxMs);
  return Math.round(delay * (1 + JITTER * derivedRandom(jobId, `${stepKey(key)}/delay/${attempts}`)));
}

/** Returns whether the attempt is the last one of its run. */
export const isLast = (attempt: number, retry: Required<StepRetry>): boolean => attempt % retry.attempts === 0;
