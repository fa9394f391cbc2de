import { hash } from 'node:crypto';
import { type StepName, stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import { JobError } from '../sdk/errors.ts';

const NAME_CHARS_MAX = 100;

/** Returns the path of the n-th branch of a label in a branch. */
export const branchPath = (path: string, label: string, nth: number): string =>
  path === '' ? `${label}/${nth}` : `${path}/${label}/${nth}`;

/** Throws JOB_NAME_INVALID for the name of a step, wait or branch that is empty, too long or contains a slash. */
export function checkName(name: string): void {
  if (name === '' || name.length > NAME_CHARS_MAX || name.includes('/'))
    throw new JobError('JOB_NAME_INVALID', `the name '${name}' must be 1 to ${NAME_CHARS_MAX} characters without '/'`, {
      retryable: false,
    });
}

/** Returns the idempotency key of a step of a job. */
export const idempotencyKeyOf = (jobId: string, key: StepName): string => uuidV5(jobId, stepKey(key));

/** Returns a number from 0, below 1, that depends on nothing but the job and the text. */
export const derivedRandom = (jobId: string, text: string): number =>
  Number.parseInt(hash('sha256', `${jobId}/${text}`, 'hex').slice(0, 13), 16) / 2 ** 52;
