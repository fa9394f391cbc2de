import type { z } from 'zod';
import type { JobContext } from './context.ts';
import { JobError } from './errors.ts';
import { type JobLimitsSpec, limitsFault } from './limits.ts';

/** How failed runs of a job are repeated. */
export interface RunRetry {
  /** Maximum of failed runs, including the first; from 1. Default: 5. */
  readonly attempts?: number;
  /** Delay before the second run, in ms; it doubles with each run. Default: 1,000. */
  readonly firstDelayMs?: number;
  /** Upper bound of the delay, in ms. Default: 300,000. */
  readonly delayMaxMs?: number;
}

interface JobBasics<Input extends z.ZodType, Output extends z.ZodType> extends JobLimitsSpec {
  /** Type of the jobs: lower case letters, digits, dots and hyphens, such as `reports.monthly`; at most 100. */
  readonly name: string;
  /** Raise it when the handler changes; `ctx.patched` lets one handler serve jobs of both versions. From 1. */
  readonly version: number;
  /** What it does, in one line. */
  readonly title: string;
  /** Input of a start, which is JSON: at most 64 KiB. */
  readonly input: Input;
  /** Result, which is JSON: at most 64 KiB. */
  readonly output: Output;
  readonly retry?: RunRetry;
}

/** A job whose starts run alone. */
export interface JobSpec<Input extends z.ZodType, Output extends z.ZodType> extends JobBasics<Input, Output> {
  readonly batch?: never;
  /**
   * The handler. It runs again from its beginning after a crash and after each wait; steps that have finished return
   * their recorded result. So everything that has an effect, or whose result changes from call to call, is in a step.
   */
  run(ctx: JobContext, input: z.output<Input>): Promise<z.input<Output>>;
}

/** A job that runs several starts together: its result is the result of each of them. */
export interface BatchJobSpec<Input extends z.ZodType, Output extends z.ZodType> extends JobBasics<Input, Output> {
  readonly batch: NonNullable<JobLimitsSpec['batch']>;
  /** The handler, as in `JobSpec`. `inputs` are those of the starts, in their order: one at least. */
  run(ctx: JobContext, inputs: readonly z.output<Input>[]): Promise<z.input<Output>>;
}

/** A declared job. */
export interface Job<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType>
  extends Omit<JobBasics<Input, Output>, 'retry'> {
  readonly retry: Required<RunRetry>;
  /** Takes the input of a start; the inputs of several of a job with `batch`. */
  run(ctx: JobContext, input: never): Promise<z.input<Output>>;
}

/** A declared job of any input and output. */
// biome-ignore lint/suspicious/noExplicitAny: a handler takes its own input, so no other type fits all.
export type AnyJob = Job<any, any>;

/** Marks declared jobs, also those of another copy of this module. */
const JOB = Symbol.for('khipu.job');

const RETRY: Required<RunRetry> = { attempts: 5, firstDelayMs: 1_000, delayMaxMs: 300_000 };
const NAME = /^[a-z][a-z0-9.-]{0,99}$/;

/**
 * Declares a job. A worker runs every job that its module exports. Throws JOB_INVALID for a name, version or limit out of
 * bounds.
 */
export function job<Input extends z.ZodType, Output extends z.ZodType>(
  spec: JobSpec<Input, Output>,
): Job<Input, Output>;
export function job<Input extends z.ZodType, Output extends z.ZodType>(
  spec: BatchJobSpec<Input, Output>,
): Job<Input, Output>;
export function job<Input extends z.ZodType, Output extends z.ZodType>(
  spec: JobSpec<Input, Output> | BatchJobSpec<Input, Output>,
): Job<Input, Output>;
export function job<Input extends z.ZodType, Output extends z.ZodType>(
  spec: JobSpec<Input, Output> | BatchJobSpec<Input, Output>,
): Job<Input, Output> {
  const { name, version } = spec;
  if (!NAME.test(name))
    throw new JobError('JOB_INVALID', `job ${name}: a name is at most 100 of a-z, 0-9, '.' and '-', a letter first`);
  if (!Number.isSafeInteger(version) || version < 1)
    throw new JobError('JOB_INVALID', `job ${name}: a version is a whole number from 1`);
  const fault = limitsFault(spec);
  if (fault !== null) throw new JobError('JOB_INVALID', `job ${name}: ${fault}`);
  const declared = { ...spec, retry: { ...RETRY, ...spec.retry } };
  return Object.defineProperty(declared, JOB, { value: true });
}

/** Returns whether a value is a declared job. */
export const isJob = (value: unknown): value is AnyJob => typeof value === 'object' && value !== null && JOB in value;
