import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MemoryLog } from '../../../infra/kafka/memory/log.ts';
import { readOffsets } from '../../../infra/projections/sinks/offsets.ts';
import { PostgresSink } from '../../../infra/projections/sinks/postgres.ts';
import type { Item } from '../../../infra/projections/sinks/sink.ts';
import { waitForPosition } from '../../../infra/projections/wait-for-position.ts';
import { deadLetterHeaders } from '../../../infra/runner/dead-letters/write.ts';
import type { Sql } from '../../../infra/stores/postgres/client.ts';
import { withTenant } from '../../../infra/stores/postgres/tenant.ts';
import { allProjections } from '../../../projections/all.ts';
import { events } from '../../../projections/events/projection.ts';
import type { Projection, RowChange } from '../../../projections/kernel.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { conversation, metered, sessionStarted } from '../../../projections/testing/sample.ts';
import { turns } from '../../../projections/turns/projection.ts';
import { usage } from '../../../projections/usage/projection.ts';
import { topics } from '../../../schemas/topics.ts';
import {
  append,
  createDatabase,
  type dependencies,
  memoryLog,
  outgoing,
  prepare,
  type RunningView,
  runPostgresView,
  type TestDatabase,
  until,
  views,
} from './support.ts';

let database: TestDatabase;
let sql: Sql;
let log: MemoryLog;
let runners: RunningView[] = [];
beforeAll(async () => {
  database = await createDatabase();
  sql = database.sql;
});
afterAll(() => database.drop());
/** Gives each test empty tables and an empty log. */
beforeEach(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  runners = [];
  await sql.unsafe(
    `DROP SCHEMA IF EXISTS khipu CASCADE; ${views.map(({ projection }) => `DROP SCHEMA IF EXISTS v_${projection.name}_1 CASCADE`).join(';')}`,
  );
  await prepare(sql);
  log = await memoryLog();
});

const run = (projection: Projection, more: Parameters<typeof dependencies>[1] = {}): RunningView => {
  const runner = runPostgresView(sql, projection, log, more);
  runners.push(runner);
  return runner;
};
const reached = async (view: string, topic: string): Promise<void> => {
  for (const { partition, high } of await log.watermarks([topic]))
    if (high > 0) expect(await waitForPosition(sql, view, { topic, partition, offset: high - 1 }, 30_000)).toBe(true);
};
const count = async (table: string): Promise<number> =>
  (await database.rows.unsafe(`SELECT count(*)::int AS n FROM khipu.${table}`))[0]?.['n'] ?? 0;

describe('rows and offsets', () => {
  const place = { topic: topics.sessionsEvents.name, partition: 0 };
  const held = [{ ...place, offset: 9, low: 0, high: 9 }];
  const item = (offset: number, sessionId: string): Item<RowChange> => ({
    record: { ...place, offset, key: sessionId, value: null, headers: {}, timestampMs: 0 },
    changes: [
      {
        table: 'sessions',
        row: {
          tenant_id: 'acme',
          session_id: sessionId,
          status: 'started',
          turns: 1,
          updated_at: '2026-01-01T00:00:00.000Z',
          partition: 0,
        },
      },
    ],
  });

  it('are written together or not at all when the server ends the transaction between them', async () => {
    const sink = new PostgresSink(sql, sessions);
    await sink.positions(held);
    await sql.unsafe(`
      CREATE FUNCTION v_sessions_1.cut() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';
      CREATE TRIGGER cut AFTER INSERT ON v_sessions_1.sessions FOR EACH ROW EXECUTE FUNCTION v_sessions_1.cut();
      ALTER FUNCTION v_sessions_1.cut() SECURITY DEFINER`);
    await expect(sink.commit([item(0, 'a')], [{ ...place, expected: 0, next: 1 }])).rejects.toThrow();
    expect(await count('sessions')).toBe(0);
    expect(await readOffsets(sql, 'sessions', 1)).toMatchObject([{ offset: 0 }]);
    await sql.unsafe('DROP TRIGGER cut ON v_sessions_1.sessions');
    await sink.commit([item(0, 'a')], [{ ...place, expected: 0, next: 1 }]);
    expect(await count('sessions')).toBe(1);
    expect(await readOffsets(sql, 'sessions', 1)).toMatchObject([{ offset: 1 }]);
  });

  it('of a zombie are refused completely', async () => {
    const zombie = new PostgresSink(sql, sessions);
    const owner = new PostgresSink(sql, sessions);
    await zombie.positions(held);
    await owner.positions(held);
    await owner.commit([item(0, 'a')], [{ ...place, expected: 0, next: 1 }]);
    const late = zombie.commit([item(0, 'a'), item(1, 'b')], [{ ...place, expected: 0, next: 2 }]);
    await expect(late).rejects.toMatchObject({ code: 'PROJECTION_ZOMBIE' });
    expect(await database.rows`SELECT session_id, turns FROM khipu.sessions`).toMatchObject([
      { session_id: 'a', turns: 1 },
    ]);
  });

  it('of two owners at once: one commits, the other is refused', async () => {
    const sinks = [new PostgresSink(sql, sessions), new PostgresSink(sql, sessions)];
    for (const sink of sinks) await sink.positions(held);
    const results = await Promise.allSettled(
      sinks.map((sink) => sink.commit([item(0, 'a')], [{ ...place, expected: 0, next: 1 }])),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await database.rows`SELECT turns FROM khipu.sessions`).toMatchObject([{ turns: 1 }]);
  });

  it('count each record once, although connections break and partitions move throughout', async () => {
    run(usage);
    const second = run(usage);
    let writing = true;
    const chaos = (async () => {
      while (writing) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        await sql`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5`.catch(() => undefined);
        log.rebalance('khipu.projection.usage');
      }
    })();
    for (let n = 0; n < 1_000; n += 1) await append(log, [outgoing(metered(`s-${n % 17}`))]);
    writing = false;
    await chaos;
    await second.close();
    // A broken connection is detected only when it is used.
    await until(
      () => Promise.allSettled(Array.from({ length: 10 }, () => sql`SELECT 1`)),
      (asked) => asked.every(({ status }) => status === 'fulfilled'),
    );
    await reached('usage', topics.slmMetrics.name);
    expect(await database.rows`SELECT requests::int, cost::text FROM khipu.usage_daily`).toMatchObject([
      { requests: 1_000, cost: '0.001600000' },
    ]);
    expect(await database.rows`SELECT sum(requests)::int AS n FROM khipu.usage_sessions`).toMatchObject([{ n: 1_000 }]);
  });
});

describe('an invalid record', () => {
  it('is dead-lettered with reason and origin, and blocks nothing', async () => {
    const topic = topics.sessionsEvents.name;
    const good = outgoing(sessionStarted('good'));
    const partition = (await append(log, [good]))[0]?.partition ?? 0;
    await append(log, [
      { ...good, partition, value: Buffer.from('no framing') },
      { ...good, partition, value: null },
      { ...good, partition, headers: {} },
      outgoing(sessionStarted('after'), {}),
    ]);
    run(sessions);
    await reached('sessions', topic);
    const letters = log.fetch(`${topic}.dlq`, partition, 0).records;
    expect(letters.map(({ headers }) => [headers[deadLetterHeaders.code], headers[deadLetterHeaders.offset]])).toEqual([
      ['BYTES_NOT_FRAMED', '1'],
      ['ENVELOPE_INVALID', '2'],
      ['ENVELOPE_INVALID', '3'],
    ]);
    expect(letters[0]?.headers).toMatchObject({
      [deadLetterHeaders.processor]: 'projection.sessions',
      [deadLetterHeaders.topic]: topic,
      [deadLetterHeaders.partition]: String(partition),
    });
    expect(await count('sessions')).toBe(2);
  });

  it('is found by bisection when Postgres refuses a batch, and the rest is written', async () => {
    const many = conversation('s-1', 30, 0).map((record) => outgoing(record));
    const bad = { ...outgoing(metered('s-1')), headers: { ...outgoing(metered('s-1')).headers, ce_id: 'no uuid' } };
    await append(log, [...many.slice(0, 30), bad, ...many.slice(30)]);
    run(events);
    await reached('events', topics.conversationEvents.name);
    await reached('events', topics.slmMetrics.name);
    expect(await count('events')).toBe(many.length);
    const letters = (await log.watermarks(['slm.metrics.dlq'])).reduce((total, { high }) => total + high, 0);
    expect(letters).toBe(1);
  });

  it('is not a text with NUL, quotes, backslashes or array syntax', async () => {
    const nasty = 'a\u0000b"\\{},NULL\\u0000 \u{1f600}\n';
    const [opened, started] = conversation('s-n', 1, 0);
    if (opened === undefined || started?.type !== 'TurnStarted') throw new Error('no turn');
    await append(
      log,
      [opened, { ...started, data: { ...started.data, prompt: nasty } }].map((record) => outgoing(record)),
    );
    run(turns);
    run(events);
    await reached('turns', topics.conversationEvents.name);
    await reached('events', topics.conversationEvents.name);
    const stored = 'a\ufffdb"\\{},NULL\\u0000 \u{1f600}\n';
    expect(await database.rows`SELECT prompt FROM khipu.turns`).toMatchObject([{ prompt: stored }]);
    expect(await database.rows`SELECT data->>'prompt' AS p FROM khipu.events WHERE sequence = 2`).toMatchObject([
      { p: stored },
    ]);
  });
});

describe('tenants', () => {
  it('never see each other’s rows, not even by a query without a WHERE, in any table', async () => {
    for (const tenantId of ['acme', 'globex'])
      await append(
        log,
        [sessionStarted(`s-${tenantId}`), ...conversation(`s-${tenantId}`, 1, 2)].map((record) =>
          outgoing(record, { tenantId }),
        ),
      );
    for (const projection of [events, sessions, turns]) run(projection);
    for (const name of ['events', 'sessions', 'turns']) await reached(name, topics.conversationEvents.name);
    await reached('sessions', topics.sessionsEvents.name);
    await reached('events', topics.sessionsEvents.name);
    for (const table of ['events', 'sessions', 'turns']) {
      const seen = await withTenant(sql, 'acme', (tx) => tx.unsafe(`SELECT DISTINCT tenant_id FROM khipu.${table}`));
      expect(seen).toMatchObject([{ tenant_id: 'acme' }]);
      expect(await withTenant(sql, 'no-such-tenant', (tx) => tx.unsafe(`SELECT 1 FROM khipu.${table}`))).toEqual([]);
    }
    const unset = await sql.begin(async (tx) => {
      await tx`SELECT set_config('role', 'khipu_reader', true)`;
      return tx`SELECT 1 FROM khipu.sessions`;
    });
    expect(unset).toEqual([]);
    await expect(withTenant(sql, 'acme', (tx) => tx`DELETE FROM v_sessions_1.sessions`)).rejects.toThrow();
  });

  it('are separated in every table', async () => {
    const open = await sql`
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname LIKE 'v\\_%' AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`;
    expect(open).toEqual([]);
    const [tables] =
      await sql`SELECT count(*)::int AS n FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'v\\_%' AND c.relkind = 'r'`;
    expect(tables).toMatchObject({ n: allProjections.flatMap((each) => each.tables).length });
  });
});

describe('a role', () => {
  it('waits while Postgres is unavailable, reports why, and loses nothing', async () => {
    const runner = run(sessions);
    await until(
      () => runner.health(),
      ({ ok }) => ok,
    );
    const [name] = await sql`SELECT current_database() AS name`;
    await sql.unsafe(`ALTER TABLE v_sessions_1.sessions RENAME TO away`);
    await sql.unsafe(`CREATE VIEW v_sessions_1.sessions AS SELECT 1 AS x`);
    await append(log, [outgoing(sessionStarted('s-1'))]);
    const unwell = await until(
      () => runner.health(),
      ({ ok }) => !ok,
    );
    expect(unwell.detail).toMatch(/waits|42|begins|sessions/);
    await sql.unsafe(`DROP VIEW v_sessions_1.sessions`);
    await sql.unsafe(`ALTER TABLE v_sessions_1.away RENAME TO sessions`);
    await reached('sessions', topics.sessionsEvents.name);
    await until(
      () => runner.health(),
      ({ ok }) => ok,
    );
    expect(name).toBeDefined();
    expect(await count('sessions')).toBe(1);
  });

  it('reports a log that is shorter than the read model', async () => {
    await append(log, [outgoing(sessionStarted('s-1'))]);
    await run(sessions);
    await reached('sessions', topics.sessionsEvents.name);
    await Promise.all(runners.map((runner) => runner.close()));
    log = await memoryLog();
    const runner = run(sessions);
    const unwell = await until(
      () => runner.health(),
      ({ detail }) => detail.includes('LOG_BEHIND'),
    );
    expect(unwell.detail).toMatch(/rebuild the view/);
  });
});
