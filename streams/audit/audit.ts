import { createHash } from 'node:crypto';
import { auditRecorded, fullNames } from '../../schemas/generated/records.ts';
import { auditedTopics, topics } from '../../schemas/topics.ts';
import { type Meta, processor } from '../kernel.ts';
import { summaryOf } from './summary.ts';

/** Returns what the summary of a simulated record begins with: it reports nothing that happened. */
const markOf = ({ simulation }: Pick<Meta, 'simulation'>): string =>
  simulation === undefined ? '' : `simulated under constitution ${simulation}: `;

/** The processor of audit records: one per event, with its position, a one-line summary and the digest of its bytes. */
export const audit = processor({
  name: 'audit',
  inputs: auditedTopics,
  outputs: [topics.auditEvents],
  // No caller waits for an audit record, and every event has one, so many of them share a transaction.
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
      summary: `${markOf(meta)}${summaryOf(record)}`,
    }),
  ],
});
