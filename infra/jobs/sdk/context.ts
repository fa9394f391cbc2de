import type { z } from 'zod';
import type {
  JobAgentAnswer,
  JobChatMessage,
  JobModelAnswer,
  JobResponseFormat,
} from '../../../schemas/contexts/jobs.ts';

/** How failed attempts of a step are repeated. */
export interface StepRetry {
  /** Maximum of attempts, including the first; from 1. Default: 5. */
  readonly attempts?: number;
  /** Delay before the second attempt, in ms; it doubles with each. Default: 200. */
  readonly firstDelayMs?: number;
  /** Upper bound of the delay, in ms. Default: 60,000. */
  readonly delayMaxMs?: number;
}

export interface StepOptions {
  readonly retry?: StepRetry;
  /** Maximum time of one attempt, in ms. Its signal is aborted then, and the attempt fails with JOB_STEP_TIMEOUT. */
  readonly timeout?: number;
}

/** What one attempt of a step is given. */
export interface StepRun {
  /** Aborted when the attempt takes too long, the job is cancelled or the process stops. */
  readonly signal: AbortSignal;
  /** The same in every attempt of this step of this job; outside services deduplicate on it. */
  readonly idempotencyKey: string;
  /** Number of the attempt, from 1; counted across crashes. */
  readonly attempt: number;
}

export interface ModelRequest {
  readonly prompt: string;
  /** Default: the default model. */
  readonly model?: string;
  /** Upper bound of the answer, in tokens. */
  readonly maxTokens?: number;
  /** Messages before the prompt, oldest first. */
  readonly earlier?: readonly JobChatMessage[];
  /** 0 is greedy. Default: nearly greedy. */
  readonly temperature?: number;
  /** Seed of the sampler. Default: one that derives from the request. */
  readonly seed?: number;
  /** Texts that end the answer, which does not contain them. */
  readonly stop?: readonly string[];
  /** Form of the answer. Default: text. Rejects with SLM_FORMAT_UNSUPPORTED where the provider of the model has none. */
  readonly responseFormat?: JobResponseFormat;
  /** Name in the journal. Default: `model`. */
  readonly name?: string;
}

export interface EmbeddingRequest {
  /** Texts; at least one. Their vectors are one entry of the journal: some 30 of 384 dimensions fit. */
  readonly input: readonly string[];
  /** Default: the default model. */
  readonly model?: string;
  /** Name in the journal. Default: `model`. */
  readonly name?: string;
}

/** Embeddings of texts. */
export interface EmbeddingAnswer {
  /** One a text, in their order. */
  readonly vectors: readonly (readonly number[])[];
  readonly model: string;
  readonly tokens: { readonly prompt: number; readonly completion: number };
}

/** Answer of a model. */
export type ModelAnswer = JobModelAnswer;

/** A request to an agent. A missing limit has the default of a run. */
export interface AgentRequest {
  /** What it is to do; at most 16,000 characters. */
  readonly prompt: string;
  /** Name of the agent, for rules and the kill switch `agent:<name>`. Default: `agent`. */
  readonly agent?: string;
  /** Role and rules, as the first message; at most 16,000 characters. */
  readonly instructions?: string;
  /** Default: the default model. */
  readonly model?: string;
  /** Upper bound of each answer, in tokens. */
  readonly maxTokens?: number;
  /** Names of tools that it may ask for, under the manifests of this moment; at most 32. */
  readonly tools?: readonly string[];
  /** `cost` is a decimal in the currency of the platform; null is no limit. */
  readonly limits?: {
    readonly steps?: number;
    readonly tokens?: number | null;
    readonly cost?: string | null;
    readonly wallMs?: number;
    readonly identicalCalls?: number;
  };
  /** JSON Schema of the result, which `text` has as JSON then. */
  readonly outputSchema?: object;
  /** Name in the journal. Default: the name of the agent. */
  readonly name?: string;
}

/** Result of a run of an agent. */
export type AgentAnswer = JobAgentAnswer;

/** A declared job, as far as a parent needs it. */
export interface ChildType<Input extends z.ZodType, Output extends z.ZodType> {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
}

type Branch<T> = (ctx: JobContext) => Promise<T> | T;
export type Branches = Readonly<Record<string, Branch<unknown>>> | readonly Branch<unknown>[];
export type BranchResults<B extends Branches> = {
  -readonly [K in keyof B]: B[K] extends Branch<infer T> ? Awaited<T> : never;
};

/**
 * What a handler is given. Names of steps and waits are at most 100 characters without `/`; a name may be used again, and
 * its n-th use in a branch is the n-th in every run. Waiting takes no worker: when every branch waits, the run ends, and
 * another begins when a wait is over.
 */
export interface JobContext {
  readonly jobId: string;
  readonly tenantId: string;
  /** The same in every run of the job. */
  readonly idempotencyKey: string;
  /** Aborted when the job is cancelled or the process stops. */
  readonly abortSignal: AbortSignal;
  /**
   * Runs `fn`, records its result, which is JSON of at most 64 KiB, and returns it as JSON gives it back. A finished step
   * is never run again. Rejects with JobError when the last attempt has failed.
   */
  step<T>(name: string, fn: (run: StepRun) => Promise<T> | T, options?: StepOptions): Promise<T>;
  /** Runs branches concurrently, each with a context of its own. Rejects as soon as one rejects. */
  all<const B extends Branches>(branches: B): Promise<BranchResults<B>>;
  /** Waits `ms`, at most ten years. */
  sleep(ms: number, options?: { readonly name?: string }): Promise<void>;
  sleepUntil(time: Date, options?: { readonly name?: string }): Promise<void>;
  /**
   * Waits for a signal to the job and returns its payload. Each signal is taken once, in the order of arrival. Rejects
   * with JobError when none came within `timeout` ms.
   */
  signal<T = unknown>(name: string, options?: { readonly timeout?: number }): Promise<T>;
  /** Starts a job, governed with the rights of this one, and returns its result. Rejects with JobError when it has none. */
  child<Input extends z.ZodType, Output extends z.ZodType>(
    type: ChildType<Input, Output>,
    input: z.input<Input>,
    options?: { readonly name?: string },
  ): Promise<z.output<Output>>;
  child(type: string, input: unknown, options?: { readonly name?: string }): Promise<unknown>;
  /**
   * Calls a tool of the tenant under its manifest of this moment, governed with the rights of this job, and returns its output.
   * Arguments have at most 64 KiB of JSON. Where an approval is needed it waits for it. The labels of the output are those of the
   * job from then on. Rejects with JobError when the call is refused or fails; with TOOL_OUTCOME_UNKNOWN when whether it took
   * place cannot be said.
   */
  tool<T = unknown>(tool: string, args: unknown, options?: { readonly name?: string }): Promise<T>;
  /**
   * Runs an agent, governed with the rights of this job, and returns its result. It is cancelled with the job. Rejects with JobError
   * when it is refused or fails.
   */
  agent(request: AgentRequest): Promise<AgentAnswer>;
  /** Asks a model, governed with the rights of this job. Rejects with JobError when it is refused or fails. */
  model(request: ModelRequest): Promise<ModelAnswer>;
  /** Asks a model for embeddings, governed with the rights of this job. Rejects with JobError when it is refused or fails. */
  embed(request: EmbeddingRequest): Promise<EmbeddingAnswer>;
  /** Reports progress: 0 to 100, or null when it is not known, and one line for a person. The last of 250 ms is kept. */
  progress(percent: number | null, message: string): void;
  /** Returns the time of the first run that came here. */
  now(): Date;
  /** Returns a number from 0, below 1: the same in every run. */
  random(): number;
  /**
   * Returns whether the code behind this change is to run: true for jobs that come here for the first time, false for
   * those that were past this place before the change. The same for every use of `id` in a job.
   */
  patched(id: string): boolean;
}
