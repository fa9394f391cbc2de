import { createHash } from 'node:crypto';
import { auditRecorded, fullNames } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { processor } from '../kernel.ts';
import { auditedTopics, summaryOf } from './summary.ts';

/** One audit record per event: where it stands, what it says in one line, and the digest of its bytes. */
export const audit = processor({
  name: 'audit',
  inputs: auditedTopics,
  outputs: [topics.auditEvents],
  // Nobody waits for an audit record, and it follows every event of every topic: one transaction for many of them.
  lingerMs: 100,
  key: (_, meta) => meta.key,
  decide: (_, record, meta) => [
    auditRecorded({
      subjectId: meta.key,
      eventId: meta.id,
      eventType: fullNames[record.type],
      topic: meta.topic,
      partition: meta.partition,
      offset: meta.offset,
      tenantId: meta.tenantId,
      correlationId: meta.correlationId,
      causationId: meta.causationId,
      at: meta.timeMs,
      valueSha256: createHash('sha256').update(meta.value).digest('hex'),
      summary: summaryOf(record),
    }),
  ],
});
