/** Declares jobs: code that survives crashes, restarts and waits of any length. */
export type { JobContext, ModelAnswer, ModelRequest, StepOptions, StepRetry, StepRun } from './context.ts';
export { JobError } from './errors.ts';
export { type Job, type JobSpec, job, type RunRetry } from './job.ts';
