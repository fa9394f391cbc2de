import { codeOf } from '../../kit/errors.ts';
import { type Retry, retried } from '../../kit/retry.ts';

/** A coordinator that loads its groups, or elects a leader, takes seconds. */
const RETRY: Retry = {
  ...{ attemptsMax: 10, pauseMs: 1_000 },
  passes: (error) => ['LOG_UNAVAILABLE', 'TRANSACTION_FAILED'].includes(codeOf(error)),
};

/** Repeats work on a region while the log is not ready for it: each step of it is safe to repeat. */
export const patient = <T>(work: () => Promise<T>): Promise<T> => retried(work, RETRY);
