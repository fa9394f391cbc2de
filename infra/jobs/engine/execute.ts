import type { AnyJob } from '../sdk/job.ts';
import { contextOf } from './context.ts';
import type { RunEnd, RunGiven, RunPorts } from './contract.ts';
import { Run } from './run.ts';

/** Runs a handler over a journal. Resolves with the end of the run; rejects only when a commit rejects. */
export function execute(job: AnyJob, given: RunGiven, ports: RunPorts): Promise<RunEnd> {
  const run = new Run(job, given, ports);
  return run.execute(contextOf(run));
}
