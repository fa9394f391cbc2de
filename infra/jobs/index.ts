/** Declares jobs, `khipu/jobs`: code that survives crashes, restarts and waits of any length. */
export { expectReplays } from './replay/replay.ts';
export type {
  AgentAnswer,
  AgentRequest,
  EmbeddingAnswer,
  EmbeddingRequest,
  JobContext,
  ModelAnswer,
  ModelRequest,
  StepOptions,
  StepRetry,
  StepRun,
} from './sdk/context.ts';
export { JobError } from './sdk/errors.ts';
export { type BatchJobSpec, type Job, type JobSpec, job, type RunRetry } from './sdk/job.ts';
export type { JobLimitsSpec } from './sdk/limits.ts';
