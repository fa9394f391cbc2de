/**
 * Simulated jobs: policy decides under another constitution what they ask for, as trials, and the record of another job
 * answers. Nothing that they ask for is sent, started, reserved or charged.
 */

import { stepKey, stepText } from '../../schemas/contexts/jobs/step-name.ts';
import { SIMULATION_DIVERGED } from '../../schemas/contexts/jobs.ts';
import { jobFailed, type SimulateCommand, simulateCommand, startJob } from '../../schemas/generated/records.ts';
import { uuidV5 } from '../../schemas/ids.ts';
import { stopRun } from './ends.ts';
import { callIdOf, type keyOfEntry } from './keys.ts';
import type { Job, Output } from './state.ts';

type Key = ReturnType<typeof keyOfEntry>;

/** The place of the trial of the start of a job: no step has an empty name. */
export const START: Key = { path: '', name: '', nth: 0 };

/** Returns true for a job that runs, and for a simulated one whose start its constitution allows. */
export const mayRun = ({ spec: { simulation }, isTried = false }: Job): boolean => !simulation || isTried;

/** Asks what the constitution of a simulated job decides on a command of it. */
export function tried({ spec }: Job, jobId: string, key: Key, command: SimulateCommand['command']): Output {
  const { principal, capabilities, simulation } = spec;
  return simulateCommand({
    ...{ trialId: callIdOf(jobId, key), principal, capabilities, command, commandId: uuidV5(jobId, stepKey(key)) },
    constitutionVersion: simulation?.constitutionVersion ?? '',
  });
}

/** Asks whether the constitution of a simulated job would have allowed its start. */
export function startTried(job: Job, jobId: string): Output {
  const { principal, capabilities, credential, type, input, lane, labels } = job.spec;
  const start = startJob({
    ...{ jobId, principal, capabilities, credential, type, input, lane, labels },
    ...{ runAt: null, deadline: null, concurrencyKey: null, retry: null, tags: [] },
  });
  return tried(job, jobId, START, start);
}

/** Ends a simulated job that cannot go on. Its run, if there is one, is ended as well. */
export const givenUp = (job: Job, jobId: string, code: string, detail: string): readonly Output[] => [
  jobFailed({ jobId, generation: job.generation, code, detail }),
  ...stopRun(job, jobId, 'stop'),
];

/** Returns true for a simulated job that nothing lets go on: all that it waits for is without an answer. */
export const isStuck = ({ waits, isWoken }: Job): boolean =>
  !isWoken && waits.length > 0 && waits.every(({ isUnanswered = false }) => isUnanswered);

/** Ends a simulated job that is stuck; names the request that it has waited for longest. */
export function diverged(job: Job, jobId: string): readonly Output[] {
  const [first] = job.waits;
  const named = first === undefined ? 'a request' : `${first.kind} '${stepText(first)}'`;
  return givenUp(job, jobId, SIMULATION_DIVERGED, `The record has no answer to ${named}, and nothing else ends it.`);
}
