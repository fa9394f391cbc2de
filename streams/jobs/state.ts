import type { StepName } from '../../schemas/contexts/jobs/step-name.ts';
import type { JobWaitKind } from '../../schemas/contexts/jobs.ts';
import type { JobAccepted, JobBatchMember, JobEntry } from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';

export type JobEvent = RecordOf<
  | 'JobAccepted'
  | 'JobRefused'
  | 'JobQueued'
  | 'JobBatchBegun'
  | 'JobBatched'
  | 'JobBatchLeft'
  | 'JobRunStarted'
  | 'JobStepCompleted'
  | 'JobStepAttempted'
  | 'JobWaiting'
  | 'JobRunEnded'
  | 'JobSignalled'
  | 'JobProgressed'
  | 'JobPaused'
  | 'JobSuspended'
  | 'JobResumed'
  | 'JobRetried'
  | 'JobRunFailed'
  | 'JobCompleted'
  | 'JobFailed'
  | 'JobDead'
  | 'JobCancelled'
  | 'JobSimulationDecided'
>;

/** What the jobs processor writes besides its events. */
export type JobEffect = RecordOf<
  | 'StartChildJob'
  | 'CallTool'
  | 'StartChildAgentRun'
  | 'CancelChildAgentRun'
  | 'AskJobModel'
  | 'AskJobEmbedding'
  | 'SlmRequested'
  | 'SlmEmbeddingRequested'
  | 'CancelSlmRequest'
  | 'KeepJobEntry'
  | 'SendJobEntries'
  | 'DropJobEntries'
  | 'RequestJobSlot'
  | 'ReleaseJobSlot'
  | 'EndJobBatch'
  | 'RunJob'
  | 'StopJobRun'
  | 'EndChildJob'
  | 'EndScheduledJob'
  | 'CancelChildJob'
  | 'SimulateCommand'
>;

export type Output = JobEvent | JobEffect;

/** Something that the handler waits for. */
export interface OpenWait extends StepName {
  /** A JobWaitKind; an open vocabulary. */
  readonly kind: JobWaitKind | (string & {});
  /** ms since 1970; null when it has no end of its own. */
  readonly until: number | null;
  /** Name of the signal, or id of the child, call, run or request; null for any other wait. */
  readonly awaits: string | null;
  /** ms since 1970. */
  readonly startedAt: number;
  /** The run that began it. */
  readonly generation: number;
  /** Of a simulated job: what the record answers; null when it has nothing. */
  readonly recorded?: JobEntry | null;
  /** True for a request of a simulated job that is allowed and that nothing answers. */
  readonly isUnanswered?: boolean;
}

/** A signal that no handler has taken yet. */
export interface BufferedSignal {
  readonly name: string;
  /** JSON. */
  readonly payload: string;
}

/** The size of a journal: its parts, and the size of the last one. */
export interface JournalSize {
  readonly chunks: number;
  readonly entries: number;
  readonly bytes: number;
}

/** What a job is, from its start to its end. */
export type JobSpec = Pick<
  JobAccepted,
  | 'principal'
  | 'capabilities'
  | 'credential'
  | 'type'
  | 'version'
  | 'queue'
  | 'input'
  | 'deadline'
  | 'lane'
  | 'retry'
  | 'labels'
  | 'parentId'
  | 'scheduleId'
  | 'depth'
  | 'acceptedAt'
  | 'admission'
> & {
  /** Null for a job that runs; a state of before simulations has none. */
  readonly simulation?: JobAccepted['simulation'];
};

/** The slot of a job with limits: not asked for, asked for, or held. */
export interface Slot {
  readonly is: 'free' | 'asked' | 'held';
  /** Number of the latest request, from 1; 0 before the first. */
  readonly request: number;
  /** Reason of the run that begins with it. */
  readonly reason: string;
}

/**
 * The batch of a job: it leads one, and runs the inputs of its members with its own; or it is a member of another job's, whose
 * end is its own.
 */
export type InBatch =
  | { readonly is: 'leader'; readonly members: readonly JobBatchMember[] }
  | { readonly is: 'member'; readonly batchId: string };

type LiveStatus = 'scheduled' | 'queued' | 'batched' | 'running' | 'waiting' | 'paused' | 'suspended';
export type JobStatus = LiveStatus | 'failed' | 'dead';

/** A job that can still run: at once, at its time, or when it is resumed or retried. */
export interface Job {
  readonly status: JobStatus;
  readonly tenantId: string;
  readonly spec: JobSpec;
  /** Number of its latest run, from 1; 0 before the first. Reports of another run are dropped. */
  readonly generation: number;
  /** The latest run: with a worker, asked to end, or ended. */
  readonly run: 'active' | 'stopping' | 'ended';
  /** Failed runs since it started or was retried. */
  readonly failures: number;
  /** Runs in a row that were lost without anything recorded. */
  readonly losses: number;
  /** Time of the next run, in ms since 1970; null when it depends on none. */
  readonly nextRunAt: number | null;
  /** Time at which a suspended job goes on by itself, in ms since 1970; null when only a command lets it. */
  readonly resumeAt: number | null;
  /** Requests to models in a row that no budget had room for. */
  readonly shortfalls: number;
  /** Null for a job without limits: it needs none. */
  readonly slot: Slot | null;
  /** Null for a job that runs alone, or whose batch has not begun. */
  readonly batch: InBatch | null;
  /** True when a wait has ended since the latest run began: that run does not know it. */
  readonly isWoken: boolean;
  /** The waits among these that an earlier run began: the latest one may still ask for them. */
  readonly ended: readonly StepName[];
  readonly waits: readonly OpenWait[];
  readonly signals: readonly BufferedSignal[];
  /** Decisions on the latest signals: one of them again is a repeat. */
  readonly seenSignals: readonly string[];
  readonly journal: JournalSize;
  /** True for a simulated job whose start its constitution allows: it may run. */
  readonly isTried?: boolean;
}

/** A job that has neither ended nor failed. */
export type LiveJob = Job & { readonly status: LiveStatus };

/** A job that has ended for good: a repeated start and a late report find it. */
export interface ClosedJob {
  readonly status: 'closed';
  readonly tenantId: string;
}

/**
 * absent ──JobAccepted──▶ scheduled ──JobRunStarted──▶ running ──JobRunEnded──▶ waiting ──JobRunStarted──▶ running
 *                             ▲                           │
 *                             └─────JobRunFailed──────────┤
 *                                                         ├──JobCompleted, JobCancelled, JobFailed at the deadline──▶ closed
 *                                                         ├──JobFailed, JobDead──▶ failed, dead ──JobRetried──▶ running
 *                                                         └──JobSuspended──▶ suspended ──JobResumed──▶ running
 * A job with limits goes through JobQueued ──▶ queued before it runs first, and after it was held or has failed: it has its
 * slot from there on until it ends, or is suspended or paused and without a run. Batch work without limits of its own goes
 * through it before every run, unless that follows the one before it at once: its slots belong to runs.
 * A start that is batched goes from queued through JobBatchBegun to its run, or through JobBatched ──▶ batched, until the job
 * that runs its input has ended; or through JobBatchLeft ──▶ queued again, when that one never began.
 * A simulated job runs first once JobSimulationDecided has allowed its start.
 * JobPaused holds a job that is scheduled, running or waiting. Its run, if there is one, ends on its own; what it records
 * and the ends of waits still go to the journal.
 *
 * Bounds: the input and one page of JSON, 64 KiB each, the inputs of a batch 128 KiB and its 99 members 60 bytes each; 256 KiB of signals; 1,000 waits of some 250 bytes, of a simulated job with 512 KiB of recorded results in all. Typically 1 to
 * 2 KB as JSON; 60 bytes once closed.
 */
export type JobState = { readonly status: 'absent' } | Job | ClosedJob;

export const absent: JobState = { status: 'absent' };

/** Returns true for a job that has neither ended nor failed. */
export const isLive = (state: JobState): state is LiveJob =>
  !['absent', 'closed', 'failed', 'dead'].includes(state.status);

/** Returns true for a job that is paused or suspended. */
export const isHeld = ({ status }: Job): boolean => status === 'paused' || status === 'suspended';

/** Returns true for a job with a journal: live, or failed and to be retried. */
export const isKept = (state: JobState): state is Job => state.status !== 'absent' && state.status !== 'closed';
