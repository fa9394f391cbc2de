/** Due times of schedules: a function of the spec and a time. Total and pure, as the calendar is. */

import type { ScheduleSpec } from '../../generated/records.ts';
import {
  SCHEDULE_CATCH_UP_MS_MAX,
  SCHEDULE_CATCH_UP_MS_MIN,
  SCHEDULE_CRON_CHARS_MAX,
  SCHEDULE_INTERVAL_MS_MAX,
  SCHEDULE_INTERVAL_MS_MIN,
  SCHEDULE_JITTER_MS_MAX,
  SCHEDULE_NOTE_CHARS_MAX,
  SCHEDULE_RUNS_MAX,
  scheduleOverlaps,
} from '../schedules.ts';

/** Cron patterns and time zones. */
export interface Calendar {
  /** Returns the first time of a pattern after `afterMs`; null when there is none. Never throws; null for a bad pattern or zone. */
  next(cron: string, timeZone: string, afterMs: number): number | null;
  /** Returns what is wrong with a pattern, in one sentence; null when it is well formed. Never throws. */
  cronProblem(cron: string): string | null;
  isTimeZone(timeZone: string): boolean;
}

/** The part of a spec that due times depend on. */
export type When = Pick<ScheduleSpec, 'cron' | 'intervalMs' | 'anchor' | 'timeZone' | 'startsAt' | 'endsAt'>;

/** The last time that there is: the end of the year 9999. */
const LAST_MS = Date.UTC(10_000, 0, 1) - 1;

const isTime = (time: number): boolean => Number.isSafeInteger(time) && time >= 0 && time <= LAST_MS;

/**
 * Returns the first due time after `afterMs`; null when there is none. Intervals are of elapsed time, so they know no time
 * zone. Due times are not before `startsAt`, and before `endsAt`.
 */
export function nextDue(when: When, afterMs: number, calendar: Calendar): number | null {
  const after = Math.max(afterMs, (when.startsAt ?? 0) - 1, -1);
  if (after > LAST_MS) return null;
  const due = when.cron === null ? nextOfInterval(when, after) : calendar.next(when.cron, when.timeZone, after);
  return due !== null && due > after && isTime(due) && (when.endsAt === null || due < when.endsAt) ? due : null;
}

function nextOfInterval({ intervalMs, anchor }: When, after: number): number | null {
  if (intervalMs === null || intervalMs < 1) return null;
  return anchor + (Math.floor((after - anchor) / intervalMs) + 1) * intervalMs;
}

/** Returns the due times from `fromMs` on and before `untilMs`, oldest first, at most `max`. */
export function dueTimes(
  when: When,
  { fromMs, untilMs, max }: { readonly fromMs: number; readonly untilMs: number; readonly max: number },
  calendar: Calendar,
): readonly number[] {
  const times: number[] = [];
  for (let after = fromMs - 1; times.length < max; ) {
    const due = nextDue(when, after, calendar);
    if (due === null || due >= untilMs) break;
    times.push(due);
    after = due;
  }
  return times;
}

/** A field of a spec that makes no schedule. */
export interface SpecProblem {
  /** Name of the field on the wire. */
  readonly field: string;
  /** One sentence for a person. */
  readonly detail: string;
}

const within = (field: string, value: number | null, low: number, high: number): readonly SpecProblem[] =>
  value === null || (Number.isSafeInteger(value) && value >= low && value <= high)
    ? []
    : [{ field, detail: `Expected ${low} to ${high}` }];

/** Returns the problems of a spec beside those of its job; none for one that can be kept. */
export function specProblems(spec: ScheduleSpec, calendar: Calendar): readonly SpecProblem[] {
  const { cron, intervalMs, timeZone, startsAt, endsAt } = spec;
  return [
    ...((cron === null) === (intervalMs === null)
      ? [{ field: 'cron', detail: 'Expected either cron or interval_ms' }]
      : []),
    ...(cron === null ? [] : cronProblems(cron, calendar)),
    ...within('interval_ms', intervalMs, SCHEDULE_INTERVAL_MS_MIN, SCHEDULE_INTERVAL_MS_MAX),
    ...within('anchor', spec.anchor, 0, LAST_MS),
    ...(calendar.isTimeZone(timeZone)
      ? []
      : [{ field: 'time_zone', detail: 'Expected a time zone of IANA, such as Europe/Berlin' }]),
    ...((scheduleOverlaps as readonly string[]).includes(spec.overlap)
      ? []
      : [{ field: 'overlap', detail: `Expected one of ${scheduleOverlaps.join(', ')}` }]),
    ...within('catch_up_ms', spec.catchUpMs, SCHEDULE_CATCH_UP_MS_MIN, SCHEDULE_CATCH_UP_MS_MAX),
    ...within('jitter_ms', spec.jitterMs, 0, SCHEDULE_JITTER_MS_MAX),
    ...within('starts_at', startsAt, 0, LAST_MS),
    ...within('ends_at', endsAt, 0, LAST_MS),
    ...(startsAt !== null && endsAt !== null && endsAt <= startsAt
      ? [{ field: 'ends_at', detail: 'Expected a time after starts_at' }]
      : []),
    ...within('max_runs', spec.maxRuns, 1, SCHEDULE_RUNS_MAX),
    ...(spec.note.length > SCHEDULE_NOTE_CHARS_MAX
      ? [{ field: 'note', detail: `Expected at most ${SCHEDULE_NOTE_CHARS_MAX} characters` }]
      : []),
  ];
}

function cronProblems(cron: string, calendar: Calendar): readonly SpecProblem[] {
  if (cron.length > SCHEDULE_CRON_CHARS_MAX)
    return [{ field: 'cron', detail: `Expected at most ${SCHEDULE_CRON_CHARS_MAX} characters` }];
  const detail = calendar.cronProblem(cron);
  return detail === null ? [] : [{ field: 'cron', detail }];
}
