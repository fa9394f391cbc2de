import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryLog } from '../../../infra/kafka/memory/log.ts';
import { waitForPosition } from '../../../infra/projections/wait-for-position.ts';
import { withTenant } from '../../../infra/stores/postgres/tenant.ts';
import { allProjections } from '../../../projections/all.ts';
import { listAudit } from '../../../projections/audit/queries.ts';
import { eventsByIds, firstOutcome, listConversationEvents, listEvents } from '../../../projections/events/queries.ts';
import { getSession, listSessions } from '../../../projections/sessions/queries.ts';
import { CursorError } from '../../../projections/sql.ts';
import {
  conversation,
  decision,
  metered,
  sessionRefused,
  sessionStarted,
} from '../../../projections/testing/sample.ts';
import { listTurns } from '../../../projections/turns/queries.ts';
import { usageOfSession, usageOfTenant } from '../../../projections/usage/queries.ts';
import { auditRecorded, turnQueued, turnRefused } from '../../../schemas/generated/records.ts';
import {
  append,
  createDatabase,
  memoryLog,
  outgoing,
  prepare,
  type RunningView,
  runPostgresView,
  type TestDatabase,
  TIME_MS,
} from './support.ts';

let database: TestDatabase;
let log: MemoryLog;
let runners: RunningView[] = [];
beforeAll(async () => {
  database = await createDatabase();
  await prepare(database.sql);
  log = await memoryLog();
  runners = allProjections.map((projection) => runPostgresView(database.sql, projection, log));
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  await database.drop();
});

/** Appends, and waits until every view of the topics has applied the records. */
async function settled(...list: Parameters<typeof outgoing>[]): Promise<void> {
  const positions = await append(
    log,
    list.map((args) => outgoing(...args)),
  );
  for (const { name, inputs } of allProjections)
    for (const position of positions)
      if (inputs.some((topic) => topic.name === position.topic))
        expect(await waitForPosition(database.sql, name, position, 5_000)).toBe(true);
}

describe('read models in Postgres', () => {
  it('show a session with its turns, events and use', async () => {
    const chain = conversation('s-1', 2, 3);
    await settled(
      [sessionStarted('s-1')],
      ...chain.map((record): [typeof record] => [record]),
      [metered('s-1')],
      [metered('s-1', { outcome: 'failed', cost: '0.1' })],
    );
    const seen = await withTenant(database.sql, 'acme', async (tx) => ({
      session: await getSession(tx, 'acme', 's-1'),
      turns: await listTurns(tx, 'acme', 's-1'),
      usage: await usageOfSession(tx, 'acme', 's-1'),
      daily: await usageOfTenant(tx, 'acme', { from: '2026-01-01', to: '2026-01-31' }),
    }));
    expect(seen.session).toMatchObject({
      status: 'started',
      persona: 'guide',
      capabilities: ['slm:invoke:*'],
      metadata: { teamName: 'red', 'Weird "Key"': '\\u0000 {a,b} NULL' },
      decision: { decision_id: decision.decisionId, constitution_version: '1.0.0', score: 0.9 },
      turns: 2,
      tokensPrompt: 6,
      tokensCompletion: 6,
      createdAt: new Date(TIME_MS),
    });
    expect(
      seen.turns.items.map(({ status, sequenceFirst, sequenceLast }) => [status, sequenceFirst, sequenceLast]),
    ).toEqual([
      ['completed', 2, 3],
      ['completed', 4, 5],
    ]);
    expect(seen.turns.items.find(({ turnId }) => turnId === 's-1-turn-2')).toMatchObject({
      prompt: 'prompt 2',
      text: 'p0 p1 p2 ',
      finishReason: 'stop',
      latencyMs: 12,
    });
    expect(seen.usage).toMatchObject([{ requests: 2, failures: 1, tokensPrompt: 6, cost: '0.100001600' }]);
    expect(seen.daily).toMatchObject([{ day: '2026-01-02', requests: 2, cost: '0.100001600' }]);
  });

  it('number the events of a stream without gaps, and skip a repeated event', async () => {
    const twice = { id: '11111111-1111-5111-8111-111111111111' };
    await settled([sessionStarted('s-2'), twice], [sessionStarted('s-2'), twice], [sessionStarted('s-2')]);
    const rows = await database.rows`
      SELECT stream_version::int AS v, event_id FROM khipu.events WHERE stream_id = 'sessions-s-2' ORDER BY 1`;
    expect(rows.map(({ v }) => v)).toEqual([1, 2]);
    const { items } = await withTenant(database.sql, 'acme', (tx) =>
      listEvents(tx, 'acme', 's-2', { limit: 10, cursor: null }),
    );
    expect(items[0]).toMatchObject({
      eventId: twice.id,
      type: 'khipu.sessions.SessionStarted',
      streamId: 'sessions-s-2',
      data: { session_id: 's-2', request_digest: 'cd'.repeat(32), decision: { decision_id: decision.decisionId } },
      metadata: { ce_tenantid: 'acme', ce_type: 'khipu.sessions.SessionStarted' },
    });
  });

  it('page events, sessions, turns and audit records to the end, without repeats', async () => {
    await settled(
      ...Array.from(
        { length: 7 },
        (_, n): Parameters<typeof outgoing> => [
          sessionStarted(`p-${n}`),
          { tenantId: 'pager', timeMs: TIME_MS + Math.floor(n / 2) },
        ],
      ),
      ...conversation('p-0', 5, 2).map((record): Parameters<typeof outgoing> => [record, { tenantId: 'pager' }]),
      ...Array.from(
        { length: 5 },
        (_, n): Parameters<typeof outgoing> => [
          auditRecorded({
            subjectId: 'p-0',
            eventId: decision.decisionId,
            eventType: 'khipu.sessions.SessionStarted',
            topic: 'sessions.events',
            partition: 0,
            offset: n,
            tenantId: 'pager',
            correlationId: 'c',
            causationId: 'c',
            at: TIME_MS,
            valueSha256: 'ef'.repeat(32),
            summary: 'a session started',
          }),
          { tenantId: 'pager' },
        ],
      ),
    );
    const walk = async <T>(
      read: (cursor: string | null) => Promise<{ items: readonly T[]; nextCursor: string | null }>,
    ) => {
      const all: T[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: readonly T[]; nextCursor: string | null } = await read(cursor);
        all.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return all;
    };
    await withTenant(database.sql, 'pager', async (tx) => {
      const sessions = await walk((cursor) => listSessions(tx, 'pager', { limit: 3, cursor }));
      expect(sessions.map(({ sessionId }) => sessionId)).toEqual(['p-6', 'p-5', 'p-4', 'p-3', 'p-2', 'p-1', 'p-0']);
      const events = await walk((cursor) => listEvents(tx, 'pager', 'p-0', { limit: 4, cursor }));
      expect(events).toHaveLength(12);
      expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(12);
      expect(await walk((cursor) => listTurns(tx, 'pager', 'p-0', { limit: 2, cursor }))).toHaveLength(5);
      const audit = await walk((cursor) => listAudit(tx, 'pager', { sessionId: 'p-0', limit: 2, cursor }));
      expect(audit.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4]);
      const ofCommand = (commandId: string) =>
        listAudit(tx, 'pager', { sessionId: null, commandId, limit: 9, cursor: null });
      expect((await ofCommand('c')).items).toHaveLength(5);
      expect((await ofCommand('d')).items).toEqual([]);
      const ofTypes = (types: readonly string[]) =>
        listAudit(tx, 'pager', { sessionId: null, types, limit: 9, cursor: null });
      expect((await ofTypes(['khipu.sessions.SessionStarted', 'khipu.slm.SlmMetered'])).items).toHaveLength(5);
      expect((await ofTypes(['khipu.slm.SlmMetered'])).items).toEqual([]);
      const stored = events.slice(0, 2);
      const [known, unknown] = [stored.map(({ eventId }) => eventId), '00000000-0000-5000-8000-00000000ffff'];
      const found = await eventsByIds(tx, 'pager', [...known, unknown]);
      expect(new Map(found.map((event) => [event.eventId, event.data]))).toEqual(
        new Map(stored.map((event) => [event.eventId, event.data])),
      );
      expect(await walk((cursor) => listAudit(tx, 'pager', { sessionId: null, limit: 9, cursor }))).toHaveLength(5);
      await expect(listSessions(tx, 'pager', { limit: 3, cursor: 'bm9uZQ' })).rejects.toBeInstanceOf(CursorError);
      const hostile = Buffer.from(JSON.stringify([Number.MAX_SAFE_INTEGER, 'x'])).toString('base64url');
      expect((await listSessions(tx, 'pager', { limit: 9, cursor: hostile })).items).toHaveLength(7);
    });
  });

  it('return the first outcome of a command as its record, to its own tenant', async () => {
    const commandId = '22222222-2222-5222-8222-222222222222';
    const chain = { correlationId: commandId, requestDigest: 'ab'.repeat(32) };
    const [first, second] = [sessionRefused('o-1'), sessionStarted('o-1')];
    await settled([first, chain], [second, chain], [sessionStarted('o-2')]);
    const find = (tenantId: string, types: readonly ('SessionStarted' | 'SessionRefused' | 'TurnStarted')[]) =>
      withTenant(database.sql, tenantId, (tx) => firstOutcome(tx, tenantId, { commandId, types }));
    expect(await find('acme', ['SessionStarted', 'SessionRefused'])).toMatchObject({
      ...{ record: first, requestDigest: chain.requestDigest, topic: 'sessions.events', timeMs: TIME_MS },
    });
    expect((await find('acme', ['SessionStarted']))?.record).toEqual(second);
    expect(await find('acme', ['TurnStarted'])).toBeUndefined();
    expect(await find('demo', ['SessionStarted'])).toBeUndefined();
    const plan = await database.rows<{ 'QUERY PLAN': string }[]>`
      EXPLAIN SELECT 1 FROM khipu.events WHERE metadata ->> 'ce_correlationid' = 'x' AND tenant_id = 'acme'
        AND type = ANY('{a}'::text[])`;
    expect(plan.map((line) => line['QUERY PLAN']).join()).toContain('events_of_command');
  });

  it('return a conversation after a sequence, with its read position', async () => {
    const positions = await append(
      log,
      conversation('s-3', 3, 4).map((record) => outgoing(record)),
    );
    const end = positions.at(-1);
    if (end === undefined) throw new Error('nothing was appended');
    await waitForPosition(database.sql, 'events', end, 5_000);
    await withTenant(database.sql, 'acme', async (tx) => {
      const slice = await listConversationEvents(tx, 'acme', 's-3', { afterSequence: 2, limit: 3 });
      expect(slice.events.map(({ sequence }) => sequence)).toEqual([3, 4, 5]);
      expect(slice.events[0]).toMatchObject({
        data: { text: 'p0 p1 p2 p3 ' },
        at: new Date(TIME_MS),
        topic: end.topic,
      });
      expect(slice.positions).toHaveLength(4);
      expect(slice.positions.find(({ partition }) => partition === end.partition)?.nextOffset).toBe(end.offset + 1);
      const none = await listConversationEvents(tx, 'acme', 's-3', { afterSequence: 99, limit: 3 });
      expect(none.events).toEqual([]);
      expect(none.positions).toHaveLength(4);
    });
  });

  it('show a queued turn, a refused turn and a refused session', async () => {
    const turn = { sessionId: 's-4', turnId: 't-1', prompt: 'hi', model: null };
    await settled(
      [sessionRefused('s-4')],
      [
        turnQueued({
          ...turn,
          sequence: 1,
          position: 1,
          maxTokens: 5,
          budget: null,
          persona: null,
          response: null,
          principal: 'k',
          decisionId: decision.decisionId,
        }),
      ],
      [
        turnRefused({
          sessionId: 's-4',
          turnId: 't-2',
          sequence: 2,
          code: 'POLICY_DENIED',
          detail: 'no',
          decision,
          shortfall: null,
        }),
      ],
    );
    await withTenant(database.sql, 'acme', async (tx) => {
      expect(await getSession(tx, 'acme', 's-4')).toMatchObject({ status: 'refused', code: 'POLICY_DENIED', turns: 0 });
      expect((await listTurns(tx, 'acme', 's-4')).items).toMatchObject([
        { turnId: 't-1', status: 'queued', prompt: 'hi' },
        { turnId: 't-2', status: 'refused', prompt: null, decision: { score: 0.9 } },
      ]);
    });
  });
});
