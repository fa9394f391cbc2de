import { RECORDS_MAX, type Rule } from '../../schemas/contexts/anomalies.ts';
import type { LogRecord } from '../../schemas/generated/records.ts';

/** What a rule found in a series. */
export interface Finding {
  readonly rule: Rule;
  readonly direction: 'up' | 'down' | null;
  readonly windowStart: number;
  readonly windowMs: number;
  readonly observed: number;
  readonly expected: number | null;
  readonly score: number;
  readonly threshold: number;
  readonly label: string | null;
  readonly records: readonly LogRecord[];
  readonly recordsTotal: number;
  readonly detail: string;
}

/** One measure of a series, as a rule takes it. */
export interface Measure {
  readonly value: number;
  readonly label: string | null;
  readonly at: number;
  readonly source: LogRecord;
}

/** Returns the records with one more at the front; the last RECORDS_MAX. */
export const withRecord = (records: readonly LogRecord[], added: LogRecord): readonly LogRecord[] =>
  [added, ...records].slice(0, RECORDS_MAX);

/** Latest time that is distinguished: a day before the largest long that our Avro codec keeps exactly. */
const TIME_MAX = 2 ** 52 - 1 - 24 * 60 * 60 * 1000;
/** Returns a time that windows can be made of: from 1970 on. */
export const boundedTime = (at: number): number => Math.max(0, Math.min(TIME_MAX, at)) + 0;

/** Returns a number that JSON keeps, with four digits: 0 for what is none, never -0. */
export const kept = (value: number): number => {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Number.isFinite(rounded) ? rounded + 0 : 0;
};
