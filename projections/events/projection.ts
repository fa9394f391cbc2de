import { fullNames } from '../../schemas/generated/records.ts';
import { storedTopics } from '../../schemas/topics.ts';
import { appendTable, first, instant, key, type ProjectedMeta, projection, row } from '../kernel.ts';
import { wireData } from '../wire.ts';

/**
 * Returns the category of a topic: `conversation.events` → `conversation`, `policy.decisions` → `policy`, `slm.metrics`
 * → `slm.metrics`.
 */
export const categoryOf = (topicName: string): string => topicName.replace(/\.(events|decisions)$/, '');

/** Returns `<category>-<key>`, the id of the stream that a record belongs to. */
export const streamIdOf = (topicName: string, recordKey: string): string => `${categoryOf(topicName)}-${recordKey}`;

const eventsTable = appendTable(
  'events',
  {
    tenant_id: key('text'),
    event_id: key('uuid'),
    stream_id: first('text'),
    subject_id: first('text'),
    type: first('text'),
    sequence: first('integer'),
    data: first('jsonb'),
    metadata: first('jsonb'),
    topic: first('text'),
    partition: first('integer'),
    offset: first('bigint'),
    at: first('timestamptz'),
    appended_at: first('timestamptz'),
  },
  { column: 'stream_version', within: ['tenant_id', 'stream_id'], by: 'offset' },
);

/** Returns the CloudEvents attributes, the place and the trace context of the headers, unchanged. */
function metadataOf({ headers }: ProjectedMeta): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name.startsWith('ce_') || name === 'khipu_place' || name === 'traceparent',
    ),
  );
}

/**
 * The eventstore: every event and decision of the log except the audit records, which describe these.
 *
 * A stream is `<category>-<key>`. A category is one topic, so a stream lies in one partition and its versions, dense
 * from 1, follow from the log alone: a rebuild gives each event the version it had.
 *
 * A repeated id is the same event again (a client that sent its command twice with one idempotency key); only its first
 * record is kept. The inference topics keep 30 days and the other `slm.*` topics 7, while rows stay: a rebuild copies
 * the records that have left the log from the current generation.
 */
export const events = projection({
  name: 'events',
  version: 2,
  inputs: storedTopics,
  tables: [eventsTable],
  apply(record, meta) {
    const data = wireData(record);
    const { sequence } = data;
    return [
      row(eventsTable, {
        tenant_id: meta.tenantId,
        event_id: meta.id,
        stream_id: streamIdOf(meta.topic, meta.key),
        subject_id: meta.key,
        type: fullNames[record.type],
        sequence: typeof sequence === 'number' ? sequence : null,
        data,
        metadata: metadataOf(meta),
        topic: meta.topic,
        partition: meta.partition,
        offset: meta.offset,
        at: instant(meta.timeMs),
        appended_at: instant(meta.appendedAtMs),
      }),
    ];
  },
});
