import type { BackfillOverlap, FireReason } from '../../schemas/contexts/schedules.ts';
import type { ScheduleDefined, ScheduleSpec } from '../../schemas/generated/records.ts';
import type { Meta, RecordOf } from '../kernel.ts';

export type ScheduleEvent = RecordOf<
  | 'ScheduleDefined'
  | 'SchedulePaused'
  | 'ScheduleResumed'
  | 'ScheduleRemoved'
  | 'ScheduleFired'
  | 'ScheduleSkipped'
  | 'ScheduleBuffered'
  | 'ScheduleBackfilled'
  | 'ScheduledJobEnded'
  | 'ScheduleRefused'
>;

/** What the schedules processor writes besides its events. */
export type ScheduleEffect = RecordOf<'StartScheduledJob' | 'CancelScheduledJob'>;

export type Output = ScheduleEvent | ScheduleEffect;

/** Where and when an input was given. */
export type At = Pick<Meta, 'tenantId' | 'timeMs' | 'appendedAtMs'>;

/**
 * Returns the time of an input, ms since 1970: a timer carries the time that it was set to, however late it is, so the log
 * says when it came.
 */
export const nowOf = ({ timeMs, appendedAtMs }: At): number => Math.max(0, timeMs, appendedAtMs ?? 0);

/** A run whose job has not ended. */
export interface Running {
  readonly jobId: string;
  readonly dueAt: number;
  /** A FireReason; an open vocabulary. */
  readonly reason: FireReason | (string & {});
}

/** A due time that waits for its run. */
export interface Waiting {
  readonly dueAt: number;
  /** Of the schedule itself, or of a backfill. */
  readonly from: 'schedule' | 'backfill';
  /** True when no other job of the schedule may run beside its own. */
  readonly isAlone: boolean;
}

/** A schedule that exists. */
export interface Schedule {
  readonly status: 'active' | 'paused';
  readonly tenantId: string;
  /** Whose capabilities each start of a job is decided by: the principal that defined it. */
  readonly owner: Pick<ScheduleDefined, 'principal' | 'capabilities' | 'credential' | 'labels'>;
  readonly version: number;
  readonly createdAt: number;
  readonly spec: ScheduleSpec;
  /** The next due time, ms since 1970; null when there is none, and while it is paused. */
  readonly nextDueAt: number | null;
  /** Due times that were run or buffered since it was defined. */
  readonly taken: number;
  /** The oldest first, at most SCHEDULE_RUNNING_MAX: a trigger beyond it lets the oldest be forgotten. */
  readonly running: readonly Running[];
  /** In the order of their runs; no due time twice. */
  readonly waiting: readonly Waiting[];
  /** Time of the latest event that lets a waiting one go on, ms since 1970. */
  readonly readyAt: number;
}

/**
 * absent ──ScheduleDefined──▶ active ◀──ScheduleResumed, SchedulePaused──▶ paused
 *    ▲                           │                                           │
 *    └───────────────────ScheduleRemoved─────────────────────────────────────┘
 *
 * Each due time ends in ScheduleFired or ScheduleSkipped, at once or after ScheduleBuffered. The events carry the due time
 * after it, so the state is a fold that knows no calendar.
 *
 * Bounds: the input of the job, 64 KiB; 100 running and 1,100 waiting of some 60 bytes each. Typically 1 KB as JSON.
 */
export type ScheduleState = { readonly status: 'absent' } | Schedule;

export const absent: ScheduleState = { status: 'absent' };

export const isKept = (state: ScheduleState): state is Schedule => state.status !== 'absent';

/** Returns true when the runs of a backfill are made one after another. */
export const isInTurn = (overlap: BackfillOverlap | (string & {})): boolean => overlap !== 'allow_all';
