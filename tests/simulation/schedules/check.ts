import type { ScheduleSpec } from '../../../schemas/generated/records.ts';
import type { RecordOf } from '../../../streams/kernel.ts';
import { isKept } from '../../../streams/schedules/state.ts';
import { Violation } from '../violation.ts';
import { countedTimes, type World } from './world.ts';

/** What the log has about one schedule since it was defined or resumed. */
interface Era {
  readonly spec: ScheduleSpec;
  /** Due times are after this time. */
  readonly sinceMs: number;
  /** Due times that were run, buffered or skipped, in order; ranges of skipped ones as their due times. */
  readonly handled: number[];
  taken: number;
  readonly isPaused: boolean;
}

interface History {
  era: Era | null;
  /** Jobs that were asked for and have not ended, with the reason of their run. */
  readonly open: Map<string, string>;
}

/** Throws the first violation in the history of a world that has come to rest. */
export function check(world: World): void {
  for (const { error } of world.driver.deadLetters) throw error;
  const histories = new Map<string, History>();
  const of = (id: string): History => {
    const history = histories.get(id) ?? { era: null, open: new Map<string, string>() };
    histories.set(id, history);
    return history;
  };
  const scheduleOfJob = new Map<string, string>();
  const accepted = new Set<string>();
  const over = new Set<string>();
  for (const { record } of world.driver.records()) {
    switch (record.type) {
      case 'ScheduleDefined':
      case 'SchedulePaused':
      case 'ScheduleResumed':
      case 'ScheduleRemoved': {
        const history = of(record.data.scheduleId);
        if (history.era !== null) checkEra(history.era);
        history.era = eraAfter(history.era, record);
        // Jobs of a removed schedule go on; one that is created again awaits none of them.
        if (record.type === 'ScheduleRemoved') history.open.clear();
        break;
      }
      case 'ScheduleFired': {
        const { scheduleId, jobId, dueAt, reason } = record.data;
        const history = of(scheduleId);
        if (reason === 'due') checkOverlap(history, scheduleId, dueAt);
        if (reason === 'buffered') checkAlone(history, scheduleId, dueAt);
        if (reason === 'due') handle(history, dueAt, true);
        scheduleOfJob.set(jobId, scheduleId);
        // A backfill may ask for a job again that has ended: it starts none.
        if (!over.has(jobId)) history.open.set(jobId, reason);
        break;
      }
      case 'ScheduleBuffered':
        handle(of(record.data.scheduleId), record.data.dueAt, true);
        break;
      case 'ScheduleSkipped':
        skip(of(record.data.scheduleId), record.data);
        break;
      case 'CancelScheduledJob':
        of(record.data.scheduleId).open.delete(record.data.jobId);
        break;
      case 'JobAccepted':
        if (accepted.has(record.data.jobId))
          throw new Violation('due-once', `job ${record.data.jobId} of due time ${record.data.dueAt} began twice`);
        accepted.add(record.data.jobId);
        break;
      case 'JobCompleted':
      case 'JobFailed':
      case 'JobDead':
      case 'JobCancelled':
        over.add(record.data.jobId);
        of(scheduleOfJob.get(record.data.jobId) ?? '').open.delete(record.data.jobId);
        break;
      case 'JobRefused':
        of(scheduleOfJob.get(record.data.jobId) ?? '').open.delete(record.data.jobId);
        break;
      case 'EndScheduledJob':
        of(record.data.scheduleId).open.delete(record.data.jobId);
        break;
      default:
        break;
    }
  }
  for (const [id, history] of histories) checkRest(world, id, history);
}

function eraAfter(
  era: Era | null,
  record: RecordOf<'ScheduleDefined' | 'SchedulePaused' | 'ScheduleResumed' | 'ScheduleRemoved'>,
): Era | null {
  switch (record.type) {
    case 'ScheduleDefined': {
      const { spec, nextDueAt, paused } = record.data;
      return { spec, sinceMs: (nextDueAt ?? 0) - 1, handled: [], taken: 0, isPaused: paused };
    }
    case 'ScheduleResumed':
      return era && { ...era, sinceMs: (record.data.nextDueAt ?? 0) - 1, handled: [], isPaused: false };
    case 'SchedulePaused':
      return era && { ...era, handled: [], isPaused: true };
    case 'ScheduleRemoved':
      return null;
  }
}

function handle({ era }: History, dueAt: number, takes: boolean): void {
  if (era === null || era.isPaused) throw new Violation('due-once', `the due time ${dueAt} of a pause was run`);
  era.handled.push(dueAt);
  if (takes) era.taken += 1;
}

function skip(history: History, { dueAt, until, reason }: RecordOf<'ScheduleSkipped'>['data']): void {
  if (reason === 'paused' || history.era === null) return;
  if (until === null) handle(history, dueAt, false);
  else for (const time of countedTimes(history.era.spec, dueAt - 1, until - 1)) handle(history, time, false);
}

/** Each due time of an era is handled once and in order, and none is left out. */
function checkEra({ spec, sinceMs, handled }: Era): void {
  const last = handled.at(-1);
  if (last === undefined) return;
  const wanted = countedTimes(spec, sinceMs, last);
  if (wanted.join() !== handled.join())
    throw new Violation('due-once', `due times ${wanted.slice(-5)} were handled as ${handled.slice(-5)}`);
}

/** No job of the schedule runs beside a due one, unless its policy allows it. */
function checkOverlap(history: History, id: string, dueAt: number): void {
  if (history.era?.spec.overlap !== 'allow_all') checkAlone(history, id, dueAt);
}

function checkAlone({ open }: History, id: string, dueAt: number): void {
  const [job] = open.keys();
  if (job !== undefined) throw new Violation('no-overlap', `${id} ran ${dueAt} while job ${job} ran`);
}

function checkRest(world: World, id: string, { era, open }: History): void {
  if (id === '') return;
  if (era !== null && !era.isPaused) {
    checkEra(era);
    const { spec, sinceMs, handled, taken } = era;
    const isOver = spec.maxRuns !== null && taken >= spec.maxRuns;
    // The latest due time may be delayed by its jitter.
    const left =
      isOver || sinceMs < 0
        ? []
        : countedTimes(spec, Math.max(sinceMs, handled.at(-1) ?? 0), world.nowMs - spec.jitterMs);
    if (left.length > 0) throw new Violation('due-once', `${id} did nothing with the due times ${left.slice(0, 5)}`);
  }
  const state = world.state(id.slice(id.indexOf('/') + 1));
  if (state === undefined || !isKept(state)) return;
  if (state.waiting.length > 0 || state.running.length > 0 || open.size > 0)
    throw new Violation('comes-to-rest', `${id} has ${state.waiting.length} waiting, ${state.running.length} running`);
}
