import { Cron } from 'croner';
import type { Calendar } from '../../schemas/contexts/schedules/times.ts';

const FIELDS = 'Expected 5 or 6 fields: second (optional), minute, hour, day of month, month, day of week';

/**
 * Five or six fields of what croner reads. It would read `?` as the time of its clock, and one word as a name for a
 * pattern or as a date.
 */
const PATTERN = /^[\w*,/#+-]+( +[\w*,/#+-]+){4,5}$/;

/**
 * `no-wildcard`: a pattern of fixed times, without `*` and steps in its seconds, minutes and hours, runs once where a local
 * time occurs twice, and after the gap where it does not occur. Any other pattern is one of elapsed time: it runs on both
 * occurrences, and has no run in a gap. Croner reads no clock, as each search is given its time.
 */
const cronOf = (pattern: string, timezone: string): Cron =>
  new Cron(pattern, { timezone, mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard', paused: true });

/** Cron patterns by croner, with the time zones of the runtime. */
export const cronCalendar: Calendar = {
  next(cron, timeZone, afterMs) {
    if (!PATTERN.test(cron)) return null;
    try {
      // Croner keeps the milliseconds of its start out of account.
      const after = new Date(Math.floor(afterMs / 1_000) * 1_000);
      return cronOf(cron, timeZone).nextRun(after)?.getTime() ?? null;
    } catch {
      return null;
    }
  },

  cronProblem(cron) {
    if (!PATTERN.test(cron)) return FIELDS;
    try {
      return cronOf(cron, 'UTC').nextRun(new Date(0)) === null ? 'The pattern has no date' : null;
    } catch (error) {
      return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : FIELDS;
    }
  },

  isTimeZone(timeZone) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(timeZone);
    } catch {
      return false;
    }
  },
};
