import { pino } from 'pino';
import { expect, it } from 'vitest';
import { auditRecorded } from '../../schemas/generated/records.ts';
import { auditLog } from './audit-log.ts';

it('writes one structured line for an audit record', () => {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => lines.push(line) });
  const record = auditRecorded({
    ...{ subjectId: 's', eventId: 'e', eventType: 'khipu.sessions.SessionStarted', topic: 'sessions.events' },
    ...{ partition: 2, offset: 7, tenantId: 'demo', correlationId: 'c', causationId: 'd', at: 0 },
    ...{ valueSha256: 'ab', summary: 'A session was started.' },
  });
  auditLog(logger).observe({ record, meta: {} as never });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      msg: 'A session was started.',
      audit: {
        event_id: 'e',
        topic: 'sessions.events',
        partition: 2,
        offset: 7,
        tenant_id: 'demo',
        at: '1970-01-01T00:00:00.000Z',
      },
    },
  ]);
});
