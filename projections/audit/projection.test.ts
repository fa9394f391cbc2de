import { expect, it } from 'vitest';
import { auditRecorded } from '../../schemas/generated/records.ts';
import { rowsOf } from '../testing/apply.ts';
import { audit } from './projection.ts';

it('an audit row names the event, its place in the log, and the place of its audit record', () => {
  const record = auditRecorded({
    subjectId: 's',
    eventId: 'e',
    eventType: 'khipu.sessions.SessionStarted',
    topic: 'sessions.events',
    partition: 3,
    offset: 41,
    tenantId: 'acme',
    correlationId: 'c',
    causationId: 'c',
    at: 0,
    valueSha256: 'ab',
    summary: 'a session started',
  });
  expect(rowsOf(audit, [record])).toMatchObject([
    {
      tenant_id: 'acme',
      subject_id: 's',
      topic: 'sessions.events',
      partition: 3,
      offset: 41,
      audit_partition: 0,
      audit_offset: 0,
      at: '1970-01-01T00:00:00.000Z',
    },
  ]);
});
