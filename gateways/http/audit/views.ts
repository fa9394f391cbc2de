import type { z } from 'zod';
import type { AuditEntry, StoredEvent } from '../../shared/read-model.ts';
import type { auditBody, eventBody } from './schemas.ts';

/** Returns the body of a stored event. */
export const eventOf = (event: StoredEvent): z.infer<typeof eventBody> => ({
  event_id: event.eventId,
  stream_id: event.streamId,
  stream_version: event.streamVersion,
  type: event.type,
  data: event.data,
  metadata: event.metadata,
  topic: event.topic,
  partition: event.partition,
  offset: event.offset,
  at: event.at.toISOString(),
  appended_at: event.appendedAt.toISOString(),
});

const eventPartOf = (event: StoredEvent | null): z.infer<typeof auditBody>['event'] =>
  event === null ? null : { stream_version: event.streamVersion, data: event.data, metadata: event.metadata };

/** Returns the body of an audit record; with its event when `isFull`. */
export const auditOf = ({ audit, event }: AuditEntry, isFull: boolean): z.infer<typeof auditBody> => ({
  audit_id: audit.auditId,
  subject_id: audit.subjectId,
  event_id: audit.eventId,
  event_type: audit.eventType,
  topic: audit.topic,
  partition: audit.partition,
  offset: audit.offset,
  correlation_id: audit.correlationId,
  causation_id: audit.causationId,
  at: audit.at.toISOString(),
  value_sha256: audit.valueSha256,
  summary: audit.summary,
  ...(isFull && { event: eventPartOf(event) }),
});
