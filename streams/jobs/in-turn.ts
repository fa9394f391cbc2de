import { evolve } from './evolve.ts';
import { isKept, type Job, type JobState, type Output } from './state.ts';

/** Decides on a job that has not ended for good. */
export type Step = (job: Job) => readonly Output[];

/**
 * Runs steps one after another: each decides on the job as the outputs of those before it have left it. Stops when the
 * job has ended for good. Returns all outputs, in order.
 */
export function inTurn(job: Job, ...steps: readonly Step[]): readonly Output[] {
  const outputs: Output[] = [];
  let state: JobState = job;
  for (const step of steps) {
    if (!isKept(state)) break;
    const more = step(state);
    outputs.push(...more);
    state = more.reduce(evolve, state as JobState);
  }
  return outputs;
}
