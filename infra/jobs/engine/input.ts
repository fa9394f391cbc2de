import { JobError } from '../sdk/errors.ts';
import type { AnyJob } from '../sdk/job.ts';
import type { RunGiven } from './contract.ts';

/**
 * Returns what a handler is given of a parsed payload: its input, or the inputs of a batch in the order of the starts. A job that was started
 * before its type made batches is a batch of one. Throws JOB_INPUT_INVALID, which no retry repairs.
 */
export function inputOf({ input, batch }: AnyJob, { isBatch }: Pick<RunGiven, 'isBatch'>, value: unknown): unknown {
  const parse = (one: unknown): unknown => {
    const parsed = input.safeParse(one);
    if (parsed.success) return parsed.data;
    throw new JobError('JOB_INPUT_INVALID', `the input does not fit: ${parsed.error.message}`, { retryable: false });
  };
  if (batch === undefined) return parse(value);
  return (isBatch && Array.isArray(value) ? value : [value]).map(parse);
}
