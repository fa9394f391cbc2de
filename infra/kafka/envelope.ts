import type { RecordCodec } from '../../schemas/codec.ts';
import { type AnyRecord, fullNames, type RecordName } from '../../schemas/generated/records.ts';
import { isoOf, msOf } from '../../schemas/instant.ts';
import { type Topic, topicOf } from '../../schemas/topics.ts';
import { isPlaceOf } from '../../streams/kernel/place.ts';
import type { Emitted } from '../../streams/kernel/step.ts';
import type { Meta } from '../../streams/kernel.ts';
import type { Headers, LogRecord, OutgoingRecord } from './port.ts';

const names = new Map<string, RecordName>(Object.entries(fullNames).map(([name, full]) => [full, name as RecordName]));

/**
 * Thrown for a record without a value, or with a missing or invalid `ce_*` or `khipu_place` header. A retry cannot help:
 * dead-letter it.
 */
export class EnvelopeError extends Error {
  readonly code = 'ENVELOPE_INVALID';
}

/**
 * Encodes a record in CloudEvents 1.0, Kafka binary mode: attributes as `ce_` headers, data as the value. The tenant or
 * the place chooses the partition where the catalogue says so. Throws EnvelopeError for a record whose place is missing
 * or is not of its tenant.
 */
export function toOutgoing(codec: RecordCodec, emitted: Emitted, extra: Headers = {}): OutgoingRecord {
  const placedBy = partitionTextOf(emitted, topicOf(emitted.record.type));
  return {
    topic: emitted.topic,
    partition: null,
    ...(placedBy !== undefined && { placedBy }),
    ...(emitted.parentSpan !== undefined && { parentSpan: emitted.parentSpan }),
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
      ...(emitted.place !== null && { [PLACE]: emitted.place }),
      ...laneHeader(emitted.record),
      ...(emitted.requestDigest !== undefined && { ce_requestdigest: emitted.requestDigest }),
      ...(emitted.simulation !== undefined && { ce_simulation: emitted.simulation }),
      'content-type': 'application/avro',
      ...extra,
    },
  };
}

/** Name of the header with the place of a record. */
export const PLACE = 'khipu_place';
/** Name of the header with the lane of work: a worker orders what waits without decoding it. */
export const LANE = 'khipu_lane';
/**
 * Name of the header of the outputs for one input, which are written in one transaction: `<number>/<reader>/<input>`.
 * Written by tasks; a mirror is checked with it (ADR 0057).
 */
export const OUTPUTS = 'khipu_outputs';

/** Returns the header with the lane of a record that has one. */
const laneHeader = ({ data }: Emitted['record']): Headers =>
  'lane' in data && typeof data.lane === 'string' ? { [LANE]: data.lane } : {};

/** Returns the text that replaces the key in the choice of the partition; undefined where the key chooses it. */
function partitionTextOf({ topic, tenantId, place }: Emitted, home: Topic): string | undefined {
  const valid = validPlace(place, tenantId, topic, home);
  switch (home.name === topic ? home.partitionedBy : 'key') {
    case 'tenant':
      return tenantId;
    case 'place':
      return valid ?? undefined;
    default:
      return undefined;
  }
}

/**
 * Returns the place. Throws EnvelopeError when it is not a place of the tenant, and when it is missing in a topic that is
 * partitioned by place.
 */
function validPlace(place: string | null, tenantId: string, topic: string, home: Topic): string | null {
  if (place !== null && !isPlaceOf(tenantId, place))
    throw new EnvelopeError(`${PLACE} ${shown(place)} is not a place of tenant ${shown(tenantId)}`);
  if (place === null && home.name === topic && home.partitionedBy === 'place')
    throw new EnvelopeError(`header ${PLACE} is missing in ${topic}`);
  return place;
}

/** Ids of caused records derive from the id of their cause; ids that are not UUIDs would collide. */
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

const required = (headers: Headers, name: string): string => {
  const value = headers[name];
  if (value === undefined || value === '') throw new EnvelopeError(`header ${name} is missing`);
  return value;
};

const shown = (text: string): string => JSON.stringify(text.slice(0, 60));

/** Returns the W3C Trace Context of a record that no request caused: trace and span derive from UUIDs. */
export const traceparentOfIds = (traceId: string, spanId: string): string =>
  `00-${traceId.replaceAll('-', '')}-${spanId.replaceAll('-', '').slice(0, 16)}-01`;

/** Reads the envelope of a record. Throws EnvelopeError. */
export function metaOf(record: LogRecord): Meta {
  const { headers } = record;
  if (record.value === null) throw new EnvelopeError('the record has no value');
  const type = names.get(required(headers, 'ce_type'));
  if (type === undefined) throw new EnvelopeError(`ce_type ${shown(headers['ce_type'] ?? '')} is not a known record`);
  const time = required(headers, 'ce_time');
  const timeMs = msOf(time);
  if (Number.isNaN(timeMs)) throw new EnvelopeError(`ce_time ${shown(time)} is not an RFC 3339 time`);
  const id = required(headers, 'ce_id');
  if (!UUID.test(id)) throw new EnvelopeError(`ce_id ${shown(id)} is not a UUID`);
  const tenantId = required(headers, 'ce_tenantid');
  const requestDigest = headers['ce_requestdigest'];
  const simulation = headers['ce_simulation'];
  return {
    id,
    type,
    key: record.key ?? '',
    tenantId,
    place: validPlace(headers[PLACE] ?? null, tenantId, record.topic, topicOf(type)),
    correlationId: headers['ce_correlationid'] ?? id,
    causationId: headers['ce_causationid'] ?? id,
    timeMs,
    appendedAtMs: record.timestampMs,
    traceparent: headers['traceparent'] ?? traceparentOfIds(id, id),
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    value: record.value,
    ...(requestDigest !== undefined && { requestDigest }),
    ...(simulation !== undefined && { simulation }),
  };
}

/** A decoded record: its envelope and its data. */
export interface Decoded {
  readonly record: AnyRecord;
  readonly meta: Meta;
}
