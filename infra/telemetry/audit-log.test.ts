import { pino } from 'pino';
import { expect, it } from 'vitest';
import { auditRecorded, type RecordOf } from '../../schemas/generated/records.ts';
import type { Decoded } from '../kafka/envelope.ts';
import { auditLog, EVENTS_PER_LINE_MAX } from './audit-log.ts';

const event = (offset: number, over: Partial<RecordOf<'AuditRecorded'>['data']> = {}): Decoded => ({
  record: auditRecorded({
    ...{ subjectId: 's', eventId: `e${offset}`, eventType: 'khipu.sessions.SessionStarted', topic: 'sessions.events' },
    ...{ partition: 2, offset: 7, tenantId: 'demo', correlationId: 'c', causationId: 'd', at: 0 },
    ...{ valueSha256: 'ab', summary: 'A session was started.' },
    ...over,
  }),
  meta: { partition: 3, offset } as Decoded['meta'],
});

function linesOf(events: readonly Decoded[]) {
  const lines: string[] = [];
  auditLog(pino({}, { write: (line: string) => lines.push(line) })).observe(events);
  return lines.map((line) => JSON.parse(line));
}

it('writes one structured line per batch, with everything of every event', () => {
  const [line, ...more] = linesOf([
    event(40),
    event(41, { eventType: 'khipu.conversation.TurnDelta', topic: 'conversation.events', summary: 'A piece.' }),
    event(43, { eventType: 'khipu.conversation.TurnDelta', topic: 'conversation.events', summary: 'Another.' }),
  ]);
  expect(more).toEqual([]);
  expect(line.msg).toBe('3 audit events');
  const { events, ...head } = line.audit;
  expect(head).toEqual({
    ...{ count: 3, partition: 3, first_offset: 40, last_offset: 43 },
    types: { 'khipu.sessions.SessionStarted': 1, 'khipu.conversation.TurnDelta': 2 },
  });
  expect(events[0]).toEqual({
    ...{ event_id: 'e40', event_type: 'khipu.sessions.SessionStarted', topic: 'sessions.events', partition: 2 },
    ...{ offset: 7, tenant_id: 'demo', subject_id: 's', correlation_id: 'c', causation_id: 'd' },
    ...{ at: '1970-01-01T00:00:00.000Z', value_sha256: 'ab', summary: 'A session was started.' },
  });
  expect(events.map(({ summary }: { summary: string }) => summary)).toEqual([
    ...['A session was started.', 'A piece.', 'Another.'],
  ]);
});

it('divides a large batch into lines of a bounded size, in order', () => {
  const lines = linesOf(Array.from({ length: 2 * EVENTS_PER_LINE_MAX + 1 }, (_, offset) => event(offset)));
  expect(lines.map(({ audit }) => [audit.count, audit.first_offset, audit.last_offset])).toEqual([
    [EVENTS_PER_LINE_MAX, 0, EVENTS_PER_LINE_MAX - 1],
    [EVENTS_PER_LINE_MAX, EVENTS_PER_LINE_MAX, 2 * EVENTS_PER_LINE_MAX - 1],
    [1, 2 * EVENTS_PER_LINE_MAX, 2 * EVENTS_PER_LINE_MAX],
  ]);
});
