/** Names that derive from a job: entries of its journal, parts of it, children, calls of tools, requests to models. Never throw. */

import { type StepName, stepKey } from '../../schemas/contexts/jobs/step-name.ts';
import { uuidV5 } from '../../schemas/ids.ts';

/** Returns the key alone. */
export const keyOfEntry = ({ path, name, nth }: StepName): StepName => ({ path, name, nth });

export const isSameEntry = (one: StepName, other: StepName): boolean =>
  one.name === other.name && one.nth === other.nth && one.path === other.path;

/** Returns the id of the nth part of a journal; n from 0. */
export const chunkIdOf = (jobId: string, n: number): string => `${jobId}/${n}`;

/** Returns the id of the nth part of the record of a simulated job; n from 0. */
export const recordIdOf = (jobId: string, n: number): string => `${jobId}/record/${n}`;

/** Returns the id of the child job, call of a tool or run of an agent that a handler asks for under a key: the same in every run. */
export const childIdOf = (jobId: string, { path, name, nth }: StepName): string =>
  uuidV5(jobId, JSON.stringify([path, name, nth]));

/** Returns the id of the request to a model that a handler makes under a key: the same in every run. */
export const callIdOf = (jobId: string, key: StepName): string => `${jobId}/${stepKey(key)}`;

/** Returns the job of a request to a model. */
export function jobOfCall(callId: string): string {
  const slash = callId.indexOf('/');
  return slash === -1 ? callId : callId.slice(0, slash);
}

/** Keys of the work of a job, so that neither its journal nor a request to end its run waits behind the run. */
export const pageKeyOf = (jobId: string): string => `${jobId}/journal`;
export const controlKeyOf = (jobId: string): string => `${jobId}/control`;
