import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronCalendar } from './calendar.ts';

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = 40 * 60;

/** Times around which local time jumps, and days that few years have. */
const windows = [
  ['Europe/Berlin', '2026-03-28T12:00:00Z'],
  ['Europe/Berlin', '2026-10-24T12:00:00Z'],
  ['America/New_York', '2026-03-07T18:00:00Z'],
  ['America/New_York', '2026-10-31T18:00:00Z'],
  // Half an hour.
  ['Australia/Lord_Howe', '2026-04-04T00:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T00:00:00Z'],
  // At midnight.
  ['America/Santiago', '2026-04-04T12:00:00Z'],
  ['America/Santiago', '2026-09-05T12:00:00Z'],
  ['Asia/Kolkata', '2028-02-28T06:00:00Z'],
  ['Europe/Berlin', '2028-02-28T06:00:00Z'],
  ['Asia/Kathmandu', '2027-02-28T06:00:00Z'],
  ['UTC', '2028-02-28T06:00:00Z'],
] as const;
type Window = (typeof windows)[number];

/** The minutes of a window with their local time, as minutes of a calendar without zones. By `Intl` alone. */
interface Minute {
  readonly ms: number;
  readonly local: number;
}

const known = new Map<Window, readonly Minute[]>();

function minutesOf(window: Window): readonly Minute[] {
  const cached = known.get(window);
  if (cached !== undefined) return cached;
  const [timeZone, start] = window;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric' },
  });
  const localOf = (ms: number): number => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts as Record<string, number>;
    return Date.UTC(year, month - 1, day, hour, minute) / MINUTE_MS;
  };
  const first = Date.parse(start);
  const minutes = Array.from({ length: WINDOW_MINUTES }, (_, at) => first + at * MINUTE_MS);
  const result = minutes.map((ms) => ({ ms, local: localOf(ms) }));
  known.set(window, result);
  return result;
}

/** A cron field as a set; null for `*`. */
type Field = { readonly text: string; readonly values: readonly number[] | null; readonly steps: boolean };
const any: Field = { text: '*', values: null, steps: false };
const listOf = (low: number, high: number, max: number): fc.Arbitrary<Field> =>
  fc
    .uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: max })
    .map((values) => ({ text: values.join(','), values, steps: false }));
const rangeOf = (low: number, high: number): fc.Arbitrary<Field> =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high })).map(([a, b]) => {
    const [from, to] = a < b ? [a, b] : [b, a];
    return { text: `${from}-${to}`, values: Array.from({ length: to - from + 1 }, (_, at) => from + at), steps: false };
  });
const stepOf = (high: number, ...steps: readonly number[]): fc.Arbitrary<Field> =>
  fc.constantFrom(...steps).map((step) => ({
    ...{ text: `*/${step}`, steps: true },
    values: Array.from({ length: Math.ceil((high + 1) / step) }, (_, at) => at * step),
  }));

interface Pattern {
  readonly minute: Field;
  readonly hour: Field;
  readonly day: Field;
  readonly month: Field;
  readonly weekday: Field;
}
const pattern: fc.Arbitrary<Pattern> = fc.record({
  minute: fc.oneof(listOf(0, 59, 3), stepOf(59, 7, 15, 30), fc.constant({ text: '0', values: [0], steps: false })),
  // Mostly the hours in which local time jumps.
  hour: fc.oneof(fc.constant(any), listOf(0, 3, 3), listOf(0, 23, 3), rangeOf(0, 4), stepOf(23, 2, 3)),
  day: fc.oneof({ weight: 4, arbitrary: fc.constant(any) }, { weight: 1, arbitrary: listOf(1, 31, 6) }),
  month: fc.oneof({ weight: 4, arbitrary: fc.constant(any) }, { weight: 1, arbitrary: listOf(1, 12, 6) }),
  weekday: fc.oneof({ weight: 4, arbitrary: fc.constant(any) }, { weight: 1, arbitrary: listOf(0, 6, 4) }),
});

const has = ({ values }: Field, value: number): boolean => values === null || values.includes(value);

/** Days of the month and of the week are alternatives where a pattern has both. */
function matches({ minute, hour, day, month, weekday }: Pattern, local: number): boolean {
  const at = new Date(local * MINUTE_MS);
  const [isDay, isWeekday] = [has(day, at.getUTCDate()), has(weekday, at.getUTCDay())];
  const onDate = day.values !== null && weekday.values !== null ? isDay || isWeekday : isDay && isWeekday;
  return has(minute, at.getUTCMinutes()) && has(hour, at.getUTCHours()) && has(month, at.getUTCMonth() + 1) && onDate;
}

/** The model: looks at each minute. */
function timesByModel(window: Window, of: Pattern): readonly number[] {
  const isFixed = [of.minute, of.hour].every(({ values, steps }) => values !== null && !steps);
  const minutes = minutesOf(window);
  const seen = new Set<number>();
  return minutes.flatMap(({ ms, local }, at) => {
    const before = minutes[at - 1]?.local ?? local - 1;
    const isRepeated = seen.has(local);
    seen.add(local);
    if (!isFixed) return matches(of, local) ? [ms] : [];
    const left = Array.from({ length: Math.max(0, local - before - 1) }, (_, n) => before + 1 + n);
    return (matches(of, local) && !isRepeated) || left.some((each) => matches(of, each)) ? [ms] : [];
  });
}

function timesByCalendar([zone, start]: Window, cron: string): readonly number[] {
  const end = Date.parse(start) + WINDOW_MINUTES * MINUTE_MS;
  const times: number[] = [];
  for (let after = Date.parse(start) - 1; ; ) {
    const next = cronCalendar.next(cron, zone, after);
    if (next === null || next >= end) return times;
    times.push(next);
    after = next;
  }
}

const iso = (times: readonly number[]) => times.map((ms) => new Date(ms).toISOString());

describe('times of a cron pattern', () => {
  it('equal a model that looks at each minute, over changes of local time and leap days', () => {
    fc.assert(
      fc.property(fc.constantFrom(...windows), pattern, (window, of) => {
        const cron = [of.minute, of.hour, of.day, of.month, of.weekday].map(({ text }) => text).join(' ');
        expect(iso(timesByCalendar(window, cron))).toEqual(iso(timesByModel(window, of)));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['in the gap of spring, once at its end', '30 2 * * *', '2026-03-29T00:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['in the repeated hour of autumn, at the first', '30 2 * * *', '2026-10-25T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['and not at the second', '30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
    ['of elapsed time, also at the second', '*/30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:00:00.000Z'],
    ['of elapsed time, not in the gap', '*/30 2 * * *', '2026-03-29T00:00:00Z', '2026-03-30T00:00:00.000Z'],
    ['with seconds', '15 0 12 * * *', '2026-01-01T11:00:15Z', '2026-01-02T11:00:15.000Z'],
  ])('are %s', (_, cron, after, next) => {
    expect(new Date(cronCalendar.next(cron, 'Europe/Berlin', Date.parse(after)) ?? 0).toISOString()).toBe(next);
  });

  it('are those of leap years alone for 29 February', () => {
    const next = (year: number) => cronCalendar.next('0 0 29 2 *', 'UTC', Date.UTC(year, 0, 1));
    expect([2026, 2028, 2029, 2097].map(next)).toEqual([2028, 2028, 2032, 2104].map((year) => Date.UTC(year, 1, 29)));
  });

  it('are after a time with milliseconds, and at the next second at the earliest', () => {
    expect(cronCalendar.next('* * * * * *', 'UTC', 999)).toBe(1_000);
    expect(cronCalendar.next('* * * * * *', 'UTC', 1_000)).toBe(2_000);
    expect(cronCalendar.next('* * * * * *', 'UTC', -1)).toBe(0);
  });

  it.each(['', '* * * *', '* * * * * * *', '61 * * * *', 'x * * * *', '@daily', '? * * * *', '2026-01-01T00:00:00'])(
    'are none for %j, whose problem is named',
    (cron) => {
      expect(cronCalendar.next(cron, 'UTC', 0)).toBeNull();
      expect(cronCalendar.cronProblem(cron)).toEqual(expect.any(String));
    },
  );

  it('are none for a date that does not exist, and in no time zone', () => {
    expect(cronCalendar.cronProblem('0 0 30 2 *')).toBe('The pattern has no date');
    expect(cronCalendar.cronProblem('0 0 29 2 *')).toBeNull();
    expect(cronCalendar.next('0 0 * * *', 'Mars/Olympus', 0)).toBeNull();
    expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', '', '+01:00'].map(cronCalendar.isTimeZone)).toEqual([
      ...[true, true, false, false, false],
    ]);
  });
});
