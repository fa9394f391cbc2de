import type { LogRecord } from '../../kafka/port.ts';

/** Which records to print; an absent condition is met by all. */
export interface TailFilter {
  readonly key?: string | undefined;
  readonly tenant?: string | undefined;
  /** Name of the record, with or without its namespace. */
  readonly type?: string | undefined;
  /** Only records appended at this time or later, ms since 1970. */
  readonly sinceMs?: number | undefined;
}

const isType = (full: string, wanted: string): boolean => full === wanted || full.endsWith(`.${wanted}`);

/** Returns true for a record that meets every condition; decides by key, headers and time, without decoding. */
export const isSelected = (
  { key: recordKey, headers, timestampMs }: LogRecord,
  { key, tenant, type, sinceMs }: TailFilter,
): boolean =>
  (key === undefined || recordKey === key) &&
  (tenant === undefined || headers['ce_tenantid'] === tenant) &&
  (type === undefined || isType(headers['ce_type'] ?? '', type)) &&
  (sinceMs === undefined || timestampMs >= sinceMs);
