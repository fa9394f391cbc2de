import { topics } from '../../schemas/topics.ts';
import type { Observer } from '../kafka/runner/observer-runner.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Writes a structured line per audit record, for whatever collects the logs of processes. */
export const auditLog = (logger: Logger): Observer => ({
  name: 'audit-log',
  topic: topics.auditEvents.name,
  observe: ({ record }) => {
    if (record.type !== 'AuditRecorded') return;
    const {
      eventId,
      eventType,
      topic,
      partition,
      offset,
      tenantId,
      subjectId,
      correlationId,
      causationId,
      at,
      valueSha256,
      summary,
    } = record.data;
    logger.info(
      {
        audit: {
          event_id: eventId,
          event_type: eventType,
          topic,
          partition,
          offset,
          tenant_id: tenantId,
          subject_id: subjectId,
          correlation_id: correlationId,
          causation_id: causationId,
          at: new Date(at).toISOString(),
          value_sha256: valueSha256,
        },
      },
      summary,
    );
  },
});
