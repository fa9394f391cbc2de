import { appendFile } from 'node:fs/promises';
import { fileWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { AuditRecord } from '../../../schemas/contexts/jobs/audit-export.ts';

/** Where an export writes its records. */
export interface AuditSink {
  write(records: readonly AuditRecord[]): Promise<void>;
  /** Bytes so far, without those that are still in memory. */
  readonly bytes: number;
  /** Writes the rest. The sink is not used after it. */
  end(): Promise<void>;
}

/** Returns a sink of a file: a record a line, as the routes show it. */
export function ndjsonSink(path: string): AuditSink {
  let bytes = 0;
  return {
    async write(records) {
      const lines = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
      await appendFile(path, lines);
      bytes += lines.length;
    },
    get bytes() {
      return bytes;
    },
    // An export without records is an empty file.
    end: () => appendFile(path, ''),
  };
}

/** Records of a row group. */
const GROUP_MAX = 10_000;

type Column = Omit<SchemaElement, 'name' | 'repetition_type'> & { readonly take: (record: AuditRecord) => unknown };

const text = (take: Column['take']): Column => ({ type: 'BYTE_ARRAY', converted_type: 'UTF8', take });
const time = (take: (record: AuditRecord) => string): Column => ({
  ...{ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  take: (record) => new Date(take(record)),
});

/** The columns of an audit record, with the names of the routes. */
const columns: Readonly<Record<Exclude<keyof AuditRecord, 'event'>, Column>> = {
  audit_id: text((record) => record.audit_id),
  subject_id: text((record) => record.subject_id),
  event_id: text((record) => record.event_id),
  event_type: text((record) => record.event_type),
  topic: text((record) => record.topic),
  partition: { type: 'INT32', take: (record) => record.partition },
  offset: { type: 'INT64', take: (record) => BigInt(record.offset) },
  correlation_id: text((record) => record.correlation_id),
  causation_id: text((record) => record.causation_id),
  at: time((record) => record.at),
  appended_at: time((record) => record.appended_at),
  value_sha256: text((record) => record.value_sha256),
  summary: text((record) => record.summary),
};

const event: Column = { type: 'BYTE_ARRAY', converted_type: 'JSON', take: (record) => record.event ?? null };

/** Returns a sink of a file in Parquet: a column a field, times as timestamps, the event as JSON when `isFull`. */
export function parquetSink(path: string, isFull: boolean): AuditSink {
  const all: readonly (readonly [string, Column])[] = [
    ...Object.entries(columns),
    ...(isFull ? ([['event', event]] as const) : []),
  ];
  const schema: SchemaElement[] = [
    { name: 'audit', num_children: all.length },
    ...all.map(([name, { take: _, ...element }]) => ({
      ...{ ...element, name },
      repetition_type: name === 'event' ? ('OPTIONAL' as const) : ('REQUIRED' as const),
    })),
  ];
  const writer = fileWriter(path);
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'khipu' });
  let group: AuditRecord[] = [];
  const flush = async (): Promise<void> => {
    const rows = group;
    group = [];
    if (rows.length === 0) return;
    await parquet.write({
      columnData: all.map(([name, { take }]) => ({ name, data: rows.map(take) })),
      rowGroupSize: GROUP_MAX,
    });
  };
  return {
    async write(records) {
      group.push(...records);
      if (group.length >= GROUP_MAX) await flush();
    },
    get bytes() {
      return writer.offset;
    },
    async end() {
      await flush();
      await parquet.finish();
    },
  };
}
