import type { RecordOf } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import type { Decoded } from '../kafka/envelope.ts';
import type { Logger } from '../kit/logger.ts';
import type { Observer } from '../runner/observer/task.ts';

/** At some 600 bytes an event, a line has at most 60 KB: collectors of process logs cut lines at 256 KB or more. */
export const EVENTS_PER_LINE_MAX = 100;

/**
 * Returns an observer that writes one structured line per batch of audit records, with all fields of every event, for a
 * collector of process logs.
 */
export const auditLog = (logger: Logger): Observer => ({
  name: 'audit-log',
  topic: topics.auditEvents.name,
  observe: (batch) => {
    for (let at = 0; at < batch.length; at += EVENTS_PER_LINE_MAX)
      writeLine(logger, batch.slice(at, at + EVENTS_PER_LINE_MAX));
  },
});

function writeLine(logger: Logger, batch: readonly Decoded[]): void {
  const events = batch.flatMap(({ record }) => (record.type === 'AuditRecorded' ? [fieldsOf(record)] : []));
  const types: Record<string, number> = {};
  for (const { event_type } of events) types[event_type] = (types[event_type] ?? 0) + 1;
  const audit = {
    count: events.length,
    partition: batch[0]?.meta.partition,
    first_offset: batch[0]?.meta.offset,
    last_offset: batch.at(-1)?.meta.offset,
    types,
    events,
  };
  logger.info({ audit }, `${events.length} audit events`);
}

const fieldsOf = ({ data }: RecordOf<'AuditRecorded'>) => ({
  event_id: data.eventId,
  event_type: data.eventType,
  topic: data.topic,
  partition: data.partition,
  offset: data.offset,
  tenant_id: data.tenantId,
  subject_id: data.subjectId,
  correlation_id: data.correlationId,
  causation_id: data.causationId,
  at: new Date(data.at).toISOString(),
  value_sha256: data.valueSha256,
  summary: data.summary,
});
