import type { RecordCodec } from '../../schemas/codec.ts';
import { type AnyRecord, fullNames, type RecordName } from '../../schemas/generated/records.ts';
import { isoOf, msOf } from '../../schemas/instant.ts';
import { topicOf } from '../../schemas/topics.ts';
import type { Emitted } from '../../streams/kernel/step.ts';
import type { Meta } from '../../streams/kernel.ts';
import type { Headers, LogRecord, OutgoingRecord } from './log.ts';

const names = new Map<string, RecordName>(Object.entries(fullNames).map(([name, full]) => [full, name as RecordName]));

/** The record has no value or lacks a `ce_*` header that every record of ours has. It never will: dead-letter it. */
export class EnvelopeError extends Error {
  readonly code = 'ENVELOPE_INVALID';
}

/**
 * CloudEvents 1.0 in Kafka binary mode: attributes as `ce_` headers, data as the value. In a topic that the catalogue
 * partitions by tenant it is placed by its tenant (ADR 0012).
 */
export function toOutgoing(codec: RecordCodec, emitted: Emitted, extra: Headers = {}): OutgoingRecord {
  const { name, partitionedBy } = topicOf(emitted.record.type);
  return {
    topic: emitted.topic,
    partition: null,
    ...(partitionedBy === 'tenant' && emitted.topic === name && { placedBy: emitted.tenantId }),
    key: emitted.key,
    value: codec.encode(emitted.record),
    headers: {
      ce_specversion: '1.0',
      ce_id: emitted.id,
      ce_type: fullNames[emitted.record.type],
      ce_source: emitted.source,
      ce_subject: emitted.key,
      ce_time: isoOf(emitted.timeMs),
      ce_tenantid: emitted.tenantId,
      ce_correlationid: emitted.correlationId,
      ce_causationid: emitted.causationId,
      traceparent: emitted.traceparent,
      'content-type': 'application/avro',
      ...extra,
    },
  };
}

/** Ids of what a record causes derive from its own: of ids that are no UUID, many would come out the same. */
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

const required = (headers: Headers, name: string): string => {
  const value = headers[name];
  if (value === undefined || value === '') throw new EnvelopeError(`header ${name} is missing`);
  return value;
};

const shown = (text: string): string => JSON.stringify(text.slice(0, 60));

/** Reads the envelope. Throws EnvelopeError. */
export function metaOf(record: LogRecord): Meta {
  const { headers } = record;
  if (record.value === null) throw new EnvelopeError('the record has no value');
  const type = names.get(required(headers, 'ce_type'));
  if (type === undefined) throw new EnvelopeError(`ce_type ${shown(headers['ce_type'] ?? '')} is no record of ours`);
  const time = required(headers, 'ce_time');
  const timeMs = msOf(time);
  if (Number.isNaN(timeMs)) throw new EnvelopeError(`ce_time ${shown(time)} is no RFC 3339 time`);
  const id = required(headers, 'ce_id');
  if (!UUID.test(id)) throw new EnvelopeError(`ce_id ${shown(id)} is no UUID`);
  return {
    id,
    type,
    key: record.key ?? '',
    tenantId: required(headers, 'ce_tenantid'),
    correlationId: headers['ce_correlationid'] ?? id,
    causationId: headers['ce_causationid'] ?? id,
    timeMs,
    traceparent: headers['traceparent'] ?? `00-${id.replaceAll('-', '')}-${id.replaceAll('-', '').slice(0, 16)}-01`,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    value: record.value,
  };
}

export interface Decoded {
  readonly record: AnyRecord;
  readonly meta: Meta;
}
