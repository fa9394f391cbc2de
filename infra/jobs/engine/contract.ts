import type { ContentRef } from '../../../schemas/contexts/files.ts';
import type { StepName } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntryKind, JobRunOutcome } from '../../../schemas/contexts/jobs.ts';
import type { JobEntry, JobWait } from '../../../schemas/generated/records.ts';
import type { Clock } from '../../kit/clock.ts';

/** What a run reports, in order. */
export type Report =
  | { readonly kind: 'entry'; readonly entry: JobEntry }
  | { readonly kind: 'wait'; readonly wait: JobWait }
  | { readonly kind: 'progress'; readonly percent: number | null; readonly message: string };

/** The job that is run, and what earlier runs have left. */
export interface RunGiven {
  readonly jobId: string;
  readonly tenantId: string;
  readonly generation: number;
  /** A payload: JSON, or the name of JSON above 64 KiB. */
  readonly input: string;
  /** True when the input is an array of the inputs of several starts. */
  readonly isBatch: boolean;
  /** The journal, in the order in which it was kept. */
  readonly entries: readonly JobEntry[];
  /** Null for a job that runs. */
  readonly simulation: GivenSimulation | null;
}

/** What a simulated job is answered from. */
export interface GivenSimulation {
  /** The job whose record it is. */
  readonly sourceId: string;
  /** Its results behind the journal, in the order in which they were kept. */
  readonly record: readonly JobEntry[];
}

/** Keeps the JSON that does not fit into a record, and reads it. */
export interface Payloads {
  /** Resolves with the name of JSON once the log has all of it. Rejects with JobError JOB_CONTENT_NOT_KEPT. */
  keep(json: string): Promise<string>;
  /** Resolves with the JSON of a name, whose digest it has. Rejects with JobError JOB_CONTENT_NOT_READABLE. */
  read(content: ContentRef): Promise<string>;
}

/** What a run needs of the outside. */
export interface RunPorts {
  readonly payloads: Payloads;
  /** Resolves when the reports are in the log. Calls are recorded in their order. */
  commit(reports: readonly Report[]): Promise<void>;
  readonly clock: Clock;
  /** Aborted when the run is to end at once: running steps are aborted. */
  readonly stop: AbortSignal;
  /** Aborted when no further step may begin. */
  readonly finishSteps: AbortSignal;
  /** False in a replay: the run ends with `waiting` where it would begin something. Its detail names it. Default: true. */
  readonly begins?: boolean;
}

/** How a run has ended by itself: only its worker knows that it was lost, or may not go on. `reports` belong before the end, in the transaction that has it. */
export interface RunEnd {
  readonly outcome: Exclude<JobRunOutcome, 'lost' | 'suspended'>;
  /** A payload; null unless it completed. */
  readonly output: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly retryable: boolean;
  readonly reports: readonly Report[];
}

/** What a handler asks for: it is pending until its result is delivered. */
export interface Operation {
  readonly key: StepName;
  readonly kind: JobEntryKind;
  /** Entry of a failed attempt of an earlier run. */
  readonly attempted: JobEntry | undefined;
  readonly promise: PromiseWithResolvers<unknown>;
  /** Begins it: called once, when the run is beyond the journal. */
  readonly begin: (operation: Operation) => void;
}

/** The final entry of an operation. */
export interface Result {
  readonly operation: Operation;
  readonly entry: JobEntry;
  /** The payload to deliver; null for a failure. */
  readonly output: string | null;
}
