import { SCHEDULE_RUNNING_MAX } from '../../schemas/contexts/schedules.ts';
import type { ScheduleDefined, ScheduleFired } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { inTurnBy, type StepOn } from '../kernel/in-turn.ts';
import { type AnyRecord, assertNever, type RecordOf } from '../kernel.ts';
import {
  absent,
  isInTurn,
  isKept,
  type Output,
  type Schedule,
  type ScheduleEvent,
  type ScheduleState,
  type Waiting,
} from './state.ts';

const isScheduleEvent = (record: AnyRecord): record is ScheduleEvent =>
  Object.hasOwn(topics.schedulesEvents.records, record.type);

/** Folds one output into the state of its schedule; effects change nothing. Total over every order of events. */
export function evolve(state: ScheduleState, record: AnyRecord): ScheduleState {
  if (!isScheduleEvent(record)) return state;
  if (record.type === 'ScheduleDefined') return defined(state, record.data);
  return isKept(state) ? evolveSchedule(state, record) : state;
}

function defined(state: ScheduleState, event: ScheduleDefined): Schedule {
  const { principal, capabilities, credential, labels, tenantId, version, createdAt, spec, nextDueAt } = event;
  const kept = isKept(state) ? state : { running: [], waiting: [], readyAt: 0 };
  return {
    ...{ status: event.paused ? 'paused' : 'active', tenantId, version, createdAt, spec, nextDueAt, taken: 0 },
    ...{ owner: { principal, capabilities, credential, labels } },
    ...{ running: kept.running, waiting: kept.waiting, readyAt: kept.readyAt },
  };
}

function evolveSchedule(schedule: Schedule, event: Exclude<ScheduleEvent, RecordOf<'ScheduleDefined'>>): ScheduleState {
  switch (event.type) {
    case 'SchedulePaused':
      return { ...schedule, status: 'paused', nextDueAt: null };
    case 'ScheduleResumed':
      return { ...schedule, status: 'active', nextDueAt: event.data.nextDueAt };
    case 'ScheduleRemoved':
      return absent;
    case 'ScheduleFired':
      return fired(schedule, event.data);
    case 'ScheduleSkipped': {
      const { dueAt, nextDueAt } = event.data;
      return { ...schedule, nextDueAt, waiting: withoutDue(schedule, dueAt) };
    }
    case 'ScheduleBuffered': {
      const { dueAt, nextDueAt } = event.data;
      const added: Waiting = { dueAt, from: 'schedule', isAlone: true };
      return { ...schedule, nextDueAt, taken: schedule.taken + 1, waiting: [...withoutDue(schedule, dueAt), added] };
    }
    case 'ScheduleBackfilled': {
      const { dueTimes, overlap, requestedAt } = event.data;
      const isAlone = isInTurn(overlap);
      const added = dueTimes.map((dueAt): Waiting => ({ dueAt, from: 'backfill', isAlone }));
      return { ...schedule, waiting: [...schedule.waiting, ...added], readyAt: later(schedule, requestedAt) };
    }
    case 'ScheduledJobEnded': {
      const { jobId, endedAt } = event.data;
      const running = schedule.running.filter((run) => run.jobId !== jobId);
      return { ...schedule, running, readyAt: later(schedule, endedAt) };
    }
    case 'ScheduleRefused':
      return schedule;
    default:
      return assertNever(event);
  }
}

function fired(schedule: Schedule, { jobId, dueAt, reason, nextDueAt }: ScheduleFired): Schedule {
  const others = schedule.running.filter((run) => run.jobId !== jobId);
  return {
    ...{ ...schedule, nextDueAt, taken: schedule.taken + (reason === 'due' ? 1 : 0) },
    running: [...others, { jobId, dueAt, reason }].slice(-SCHEDULE_RUNNING_MAX),
    waiting: reason === 'trigger' ? schedule.waiting : withoutDue(schedule, dueAt),
  };
}

const withoutDue = ({ waiting }: Schedule, dueAt: number): readonly Waiting[] =>
  waiting.some((each) => each.dueAt === dueAt) ? waiting.filter((each) => each.dueAt !== dueAt) : waiting;

const later = ({ readyAt }: Schedule, timeMs: number): number => Math.max(readyAt, timeMs);

/** Decides on a schedule that exists. */
export type Step = StepOn<Schedule, Output>;

/** Runs steps one after another, while the schedule exists. Returns all outputs, in order. */
export const inTurn = inTurnBy<ScheduleState, Schedule, Output>({ evolve, isKept });
