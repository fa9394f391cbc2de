/** Runs of a schedule: due times that have come, and those that waited. */

import { createHash } from 'node:crypto';
import { type Calendar, nextDue } from '../../schemas/contexts/schedules/times.ts';
import {
  type FireReason,
  SCHEDULE_BUFFER_MAX,
  SCHEDULE_RUNNING_MAX,
  SCHEDULE_STEP_MAX,
  type SkipReason,
} from '../../schemas/contexts/schedules.ts';
import {
  cancelScheduledJob,
  type FireSchedule,
  fireSchedule,
  type ScheduleFired,
  scheduleBuffered,
  scheduledJobEnded,
  scheduleFired,
  scheduleSkipped,
  startScheduledJob,
} from '../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import type { RecordOf, Timer } from '../kernel.ts';
import { inTurn, type Step } from './evolve.ts';
import { isKept, type Output, type Schedule, type ScheduleState } from './state.ts';

/** What every decision on a run needs. */
export interface Moment {
  readonly scheduleId: string;
  /** ms since 1970. */
  readonly nowMs: number;
  readonly calendar: Calendar;
}

/**
 * Returns the id of the job of a due time: the same whenever it is asked for, so that a repeat starts nothing. A schedule
 * that is created again has jobs of its own.
 */
export const jobIdOf = (scheduleId: string, createdAt: number, dueAt: number): string =>
  uuidV5(KHIPU_NAMESPACE, JSON.stringify(['schedule', scheduleId, createdAt, dueAt]));

/** Returns the id of the job of a trigger: one a decision. */
export const triggeredJobIdOf = (scheduleId: string, decisionId: string): string =>
  uuidV5(KHIPU_NAMESPACE, JSON.stringify(['schedule', scheduleId, 'trigger', decisionId]));

const HASH_RANGE = 2 ** 48;

/** Returns the delay of a due time, 0 to `jitterMs`: derived, so that it is the same whenever it is asked for. */
export function jitterOf(scheduleId: string, dueAt: number, jitterMs: number): number {
  if (jitterMs <= 0) return 0;
  const hash = createHash('sha256')
    .update(JSON.stringify([scheduleId, dueAt]))
    .digest()
    .readUIntBE(0, 6);
  return Math.floor((hash / HASH_RANGE) * (jitterMs + 1));
}

const fireAtOf = (scheduleId: string, { spec }: Schedule, dueAt: number): number =>
  dueAt + jitterOf(scheduleId, dueAt, spec.jitterMs);

/** Returns the waiting due time whose turn it is; undefined when there is none, or a job has to end first. */
function headOf({ waiting, running }: Schedule) {
  const [head] = waiting;
  const mayRun = head?.isAlone ? running.length === 0 : running.length < SCHEDULE_RUNNING_MAX;
  return mayRun ? head : undefined;
}

const bounded = (time: number): number => Math.min(Math.max(0, time), Number.MAX_SAFE_INTEGER);

/** Lists the next due time, and the turn of one that waits: the state that each leads to lists the one after it. */
export function due(state: ScheduleState, scheduleId: string): readonly Timer<RecordOf<'FireSchedule'>>[] {
  if (!isKept(state)) return [];
  const { nextDueAt, readyAt } = state;
  const head = headOf(state);
  return [
    ...(nextDueAt === null ? [] : [{ atMs: bounded(fireAtOf(scheduleId, state, nextDueAt)), dueAt: nextDueAt }]),
    ...(head === undefined ? [] : [{ atMs: bounded(readyAt), dueAt: head.dueAt }]),
  ].map(({ atMs, dueAt }) => ({ atMs, record: fireSchedule({ scheduleId, dueAt }) }));
}

/** Decides on a time that has come: on what waited and on due times, at most SCHEDULE_STEP_MAX each. */
export function timeCame(state: ScheduleState, { dueAt }: FireSchedule, moment: Moment): readonly Output[] {
  if (!isKept(state)) return [];
  const times = <T>(step: T): readonly T[] => Array.from({ length: SCHEDULE_STEP_MAX }, () => step);
  const turns = times<Step>((schedule) => turnOf(schedule, moment));
  // A timer of an earlier definition is none of this one.
  const dues = dueAt === state.nextDueAt ? times<Step>((schedule) => dueCame(schedule, moment)) : [];
  return inTurn(state, ...turns, ...dues);
}

function turnOf(schedule: Schedule, moment: Moment): readonly Output[] {
  const head = headOf(schedule);
  if (head === undefined) return [];
  const { dueAt, from } = head;
  return fire(schedule, moment, { dueAt, reason: from === 'schedule' ? 'buffered' : 'backfill' });
}

/** Decides on the next due time, if it has come. */
function dueCame(schedule: Schedule, moment: Moment): readonly Output[] {
  const { nextDueAt: dueAt, spec, running, waiting } = schedule;
  const { scheduleId, nowMs } = moment;
  if (dueAt === null || fireAtOf(scheduleId, schedule, dueAt) > nowMs) return [];
  const skip = (reason: SkipReason): readonly Output[] => [skipped(schedule, moment, dueAt, reason)];
  const oldest = nowMs - spec.catchUpMs - spec.jitterMs;
  if (dueAt < oldest) return [missed(schedule, moment, dueAt, oldest)];
  const mayRunBeside = spec.overlap === 'allow_all' && running.length < SCHEDULE_RUNNING_MAX;
  if (mayRunBeside || (running.length === 0 && waiting.length === 0))
    return fire(schedule, moment, { dueAt, reason: 'due' });
  const buffered = waiting.filter(({ from }) => from === 'schedule').length;
  switch (spec.overlap) {
    case 'buffer_one':
      return buffered > 0 ? skip('overlap') : [buffer(schedule, moment, dueAt)];
    case 'buffer_all':
      return buffered >= SCHEDULE_BUFFER_MAX ? skip('buffer_full') : [buffer(schedule, moment, dueAt)];
    case 'cancel_other':
      return inTurn(
        schedule,
        (before) => replaced(before, moment),
        (after) => fire(after, moment, { dueAt, reason: 'due' }),
      );
    default:
      return skip('overlap');
  }
}

/** Returns the due time after one; null when the schedule has none left. */
function after(
  { spec, taken }: Pick<Schedule, 'spec' | 'taken'>,
  { calendar }: Pick<Moment, 'calendar'>,
  dueAt: number,
  takes: 0 | 1,
): number | null {
  return spec.maxRuns !== null && taken + takes >= spec.maxRuns ? null : nextDue(spec, dueAt, calendar);
}

/** Returns the first due time after `nowMs`, of a schedule that is defined or goes on then. */
export const firstAfter = (
  schedule: Pick<Schedule, 'spec' | 'taken'>,
  { nowMs, calendar }: Pick<Moment, 'nowMs' | 'calendar'>,
): number | null => after(schedule, { calendar }, nowMs, 0);

function skipped(schedule: Schedule, moment: Moment, dueAt: number, reason: SkipReason): Output {
  const { scheduleId } = moment;
  const nextDueAt = after(schedule, moment, dueAt, 0);
  return scheduleSkipped({ scheduleId, dueAt, until: null, reason, nextDueAt, waiting: schedule.waiting.length });
}

/** Skips all due times from one on that are too late. */
function missed(schedule: Schedule, moment: Moment, dueAt: number, oldest: number): Output {
  const nextDueAt = after(schedule, moment, oldest - 1, 0);
  const waiting = schedule.waiting.length;
  return scheduleSkipped({
    ...{ scheduleId: moment.scheduleId, dueAt, until: oldest, reason: 'catch_up', nextDueAt, waiting },
  });
}

function buffer(schedule: Schedule, moment: Moment, dueAt: number): Output {
  const nextDueAt = after(schedule, moment, dueAt, 1);
  const waiting = schedule.waiting.length + 1;
  return scheduleBuffered({ scheduleId: moment.scheduleId, dueAt, nextDueAt, waiting });
}

/** Ends the jobs that run: the next run takes their place. */
function replaced({ running }: Schedule, { scheduleId, nowMs: endedAt }: Moment): readonly Output[] {
  const ended = { outcome: 'cancelled', code: 'SCHEDULE_OVERLAP', endedAt };
  const reason = `The next run of the schedule ${scheduleId} has come due`;
  return running.flatMap(({ jobId, dueAt, reason: because }) => [
    scheduledJobEnded({ scheduleId, jobId, dueAt, reason: because, ...ended }),
    cancelScheduledJob({ jobId, scheduleId, reason }),
  ]);
}

/** Makes a run: its event, and the request to start its job, which policy decides. */
export function fire(
  schedule: Schedule,
  moment: Moment,
  {
    dueAt,
    reason,
    jobId = jobIdOf(moment.scheduleId, schedule.createdAt, dueAt),
  }: Pick<ScheduleFired, 'dueAt'> & {
    readonly reason: FireReason;
    readonly jobId?: string;
  },
): readonly Output[] {
  const { spec, owner, waiting } = schedule;
  const { scheduleId, nowMs } = moment;
  const { deadlineMs, ...job } = spec.job;
  const left = reason === 'trigger' ? waiting : waiting.filter((each) => each.dueAt !== dueAt);
  const nextDueAt = reason === 'due' ? after(schedule, moment, dueAt, 1) : schedule.nextDueAt;
  return [
    scheduleFired({ scheduleId, dueAt, jobId, reason, nextDueAt, waiting: left.length }),
    startScheduledJob({
      ...{ ...job, ...owner, jobId, scheduleId, dueAt },
      deadline: deadlineMs === null ? null : nowMs + deadlineMs,
    }),
  ];
}
