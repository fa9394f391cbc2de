import { OUTPUTS } from '../kafka/envelope.ts';
import type { LogRecord, OutgoingRecord } from '../kafka/port.ts';
import { isRedriven, redriveHeaders } from './dead-letters/write.ts';

/** The outputs of a reader for one input. */
export interface NamedOutputs {
  readonly reader: string;
  /** Name of the input: see `inputName`. */
  readonly input: string;
  /** Number of records that were written for it in one transaction. */
  readonly count: number;
}

/**
 * Returns the name under which outputs name their input: `ce_id`, and `/<reader>` for one that was appended again for that
 * reader alone. Null for a record without an id.
 */
export function inputName({ headers }: Pick<LogRecord, 'headers'>): string | null {
  const id = headers['ce_id'];
  if (id === undefined) return null;
  const wanted = headers[redriveHeaders.processor];
  return wanted === undefined ? id : `${id}/${wanted}`;
}

/**
 * Names in a header the outputs that belong together: those from `from` on, which `reader` writes for `input` in one
 * transaction. On a mirror that has copied a part of them, the count shows that others are missing. An input without an
 * id leaves them unnamed.
 */
export function nameOutputs(records: OutgoingRecord[], from: number, reader: string, input: LogRecord): void {
  const name = inputName(input);
  if (name === null || records.length === from) return;
  const text = `${records.length - from}/${reader}/${name}`;
  for (let at = from; at < records.length; at += 1) {
    const record = records[at] as OutgoingRecord;
    records[at] = { ...record, headers: { ...record.headers, [OUTPUTS]: text } };
  }
}

const FORMAT = /^(\d+)\/([^/]+)\/(.+)$/;

/** Returns the outputs to which a record belongs; null for one that was written alone, or appended again. */
export function outputsOf({ headers }: Pick<LogRecord, 'headers'>): NamedOutputs | null {
  const [, count, reader, input] = FORMAT.exec(headers[OUTPUTS] ?? '') ?? [];
  if (reader === undefined || input === undefined || isRedriven(headers)) return null;
  return { reader, input, count: Number(count) };
}
