import { wireData } from '../../../projections/wire.ts';
import { shortName } from '../../../schemas/naming.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { codeOf } from '../../kit/errors.ts';

/** A record for people and programs: its position, its envelope and its data. */
export interface TailRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Time of the append, RFC 3339. */
  readonly at: string;
  /** Such as `TurnStarted`; null for a value without an envelope. */
  readonly type: string | null;
  readonly key: string | null;
  readonly tenant: string | null;
  readonly id: string | null;
  readonly causation_id: string | null;
  readonly correlation_id: string | null;
  /** The decoded data; null for a tombstone. */
  readonly data: unknown;
  /** Code of the error, when the value cannot be decoded; `data` is then its base64 text. */
  readonly error: string | null;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Returns the data of a value: decoded Avro, or the JSON of a state topic; else base64 with the code of the error. */
async function dataOf(record: LogRecord, decoder: RecordDecoder): Promise<Pick<TailRecord, 'data' | 'error'>> {
  if (record.value === null) return { data: null, error: null };
  try {
    return { data: wireData((await decoder.decode(record)).record), error: null };
  } catch (error) {
    const state = parsed(record.value.toString('utf8'));
    if (state !== undefined) return { data: state, error: null };
    return { data: record.value.toString('base64'), error: codeOf(error) };
  }
}

/** Decodes a record. It never rejects for what a record contains. */
export async function tailRecordOf(record: LogRecord, decoder: RecordDecoder): Promise<TailRecord> {
  const { topic, partition, offset, key, headers, timestampMs } = record;
  const { ce_type: type } = headers;
  return {
    ...{ topic, partition, offset, key },
    at: new Date(timestampMs).toISOString(),
    type: type === undefined ? null : shortName(type),
    tenant: headers['ce_tenantid'] ?? null,
    id: headers['ce_id'] ?? null,
    causation_id: headers['ce_causationid'] ?? null,
    correlation_id: headers['ce_correlationid'] ?? null,
    ...(await dataOf(record, decoder)),
  };
}
