import { topics } from '../../schemas/topics.ts';
import { appendTable, first, instant, key, projection, row } from '../kernel.ts';

/** One row per audited event: its id, its place in the log, and the digest of its bytes. */
const auditTable = appendTable('audit', {
  tenant_id: key('text'),
  audit_id: key('uuid'),
  subject_id: first('text'),
  event_id: first('uuid'),
  event_type: first('text'),
  topic: first('text'),
  partition: first('integer'),
  offset: first('bigint'),
  correlation_id: first('text'),
  causation_id: first('text'),
  at: first('timestamptz'),
  value_sha256: first('text'),
  summary: first('text'),
  audit_partition: first('integer'),
  audit_offset: first('bigint'),
  appended_at: first('timestamptz'),
});

/** Read model `audit`, from the audit topic. */
export const audit = projection({
  name: 'audit',
  version: 1,
  inputs: [topics.auditEvents],
  lane: 'batch',
  tables: [auditTable],
  apply: ({ data }, meta) => [
    row(auditTable, {
      tenant_id: data.tenantId,
      audit_id: meta.id,
      subject_id: data.subjectId,
      event_id: data.eventId,
      event_type: data.eventType,
      topic: data.topic,
      partition: data.partition,
      offset: data.offset,
      correlation_id: data.correlationId,
      causation_id: data.causationId,
      at: instant(data.at),
      value_sha256: data.valueSha256,
      summary: data.summary,
      audit_partition: meta.partition,
      audit_offset: meta.offset,
      appended_at: instant(meta.appendedAtMs),
    }),
  ],
});
