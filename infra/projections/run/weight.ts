import type { LogRecord } from '../../kafka/port.ts';

/** Bytes of a value that a bound of records allows for, on average. */
const BYTES_PER_RECORD = 4 * 1024;

/** Returns for how many records one counts in a bound of records in memory: a piece of a file for more than a hundred. */
export const weightOf = ({ value }: Pick<LogRecord, 'value'>): number =>
  1 + Math.floor((value?.length ?? 0) / BYTES_PER_RECORD);

/** Returns the sum of the weights. */
export function weightOfAll(records: readonly Pick<LogRecord, 'value'>[]): number {
  let sum = 0;
  for (const record of records) sum += weightOf(record);
  return sum;
}

/** Returns how many of the records, from the first, have at most this weight together. */
export function countWithin(records: readonly Pick<LogRecord, 'value'>[], weightMax: number): number {
  let sum = 0;
  for (const [at, record] of records.entries()) {
    sum += weightOf(record);
    if (sum > weightMax) return at;
  }
  return records.length;
}
