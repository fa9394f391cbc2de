import { z } from 'zod';
import { page } from '../../shared/paging.ts';

/** Fields of an event beyond those of its audit record. */
const eventParts = {
  stream_version: z.int().meta({ description: 'Position of the event in its stream, from 1' }),
  data: z.record(z.string(), z.unknown()).meta({ description: 'Fields of the event, as in docs/reference/topics.md' }),
  metadata: z.record(z.string(), z.string()).meta({ description: 'Headers of the record' }),
};

/** Schema of an event. */
export const eventBody = z
  .object({
    event_id: z.string().meta({ description: '`ce_id` of the event' }),
    stream_id: z.string().meta({ description: 'Id of the subject, such as the session' }),
    stream_version: eventParts.stream_version,
    type: z.string().meta({ examples: ['khipu.sessions.SessionStarted'] }),
    data: eventParts.data,
    metadata: eventParts.metadata,
    topic: z.string().meta({ description: 'Topic of the record' }),
    partition: z.int().meta({ description: 'Partition of the record' }),
    offset: z.int().meta({ description: 'Offset of the record' }),
    at: z.string().meta({ description: 'Time of the command that began the chain, RFC 3339' }),
    appended_at: z.string().meta({ description: 'Time of the append to the log, RFC 3339' }),
  })
  .meta({ id: 'Event', description: 'An event with its position in the log' });

/** Schema of an audit record. */
export const auditBody = z
  .object({
    audit_id: z.string().meta({ description: 'Id of the audit record' }),
    subject_id: z.string().meta({ description: 'Id of the subject, such as the session' }),
    event_id: z.string().meta({ description: '`ce_id` of the event' }),
    event_type: z.string().meta({ description: 'Type of the event, such as `khipu.sessions.SessionStarted`' }),
    topic: z.string().meta({ description: 'Topic of the event' }),
    partition: z.int().meta({ description: 'Partition of the event' }),
    offset: z.int().meta({ description: 'Offset of the event' }),
    correlation_id: z.string().meta({ description: 'Id of the command that began the chain' }),
    causation_id: z.string().meta({ description: 'Id of the record that caused the event' }),
    at: z.string().meta({ description: 'Time of the command that began the chain, RFC 3339' }),
    appended_at: z.string().meta({ description: 'Time of the append of the audit record to the log, RFC 3339' }),
    value_sha256: z.string().meta({ description: "sha256 of the event's bytes in the log, hex" }),
    summary: z.string().meta({ description: 'The event in one sentence' }),
    event: z
      .object(eventParts)
      .nullable()
      .optional()
      .meta({ description: 'With `detail=full`: the event itself; null when only its topic has it' }),
  })
  .meta({ id: 'Audit', description: 'An audit record: one event, with a summary of it' });

/** Schemas of pages of events and of audit records. */
export const eventPage = page(eventBody, 'EventPage');
export const auditPage = page(auditBody, 'AuditPage');
