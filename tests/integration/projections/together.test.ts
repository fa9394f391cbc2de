import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { MemoryLog } from '../../../infra/kafka/memory/log.ts';
import { rebuildView } from '../../../infra/projections/rebuild/rebuild.ts';
import { createProjectionMetrics } from '../../../infra/projections/run/metrics.ts';
import { groupOf, runViews, type ViewsRunner } from '../../../infra/projections/run/run-views.ts';
import { postgresViews } from '../../../infra/projections/sinks/postgres.ts';
import { waitForPosition } from '../../../infra/projections/wait-for-position.ts';
import { deadLetterHeaders } from '../../../infra/runner/dead-letters/write.ts';
import { allProjections } from '../../../projections/all.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { budgeted, conversation, metered, sessionStarted } from '../../../projections/testing/sample.ts';
import {
  append,
  createDatabase,
  dependencies,
  memoryLog,
  outgoing,
  prepare,
  type TestDatabase,
  until,
  viewOf,
  views,
} from './support.ts';

/** All views of one process on Postgres: one reader, one transaction a batch. */
let database: TestDatabase;
let log: MemoryLog;
let metrics = createProjectionMetrics(new Registry());
const runners: ViewsRunner[] = [];
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.sql.unsafe(
    `DROP SCHEMA IF EXISTS khipu CASCADE; ${views.map(({ projection }) => `DROP SCHEMA IF EXISTS v_${projection.name}_1 CASCADE; DROP SCHEMA IF EXISTS v_${projection.name}_2 CASCADE`).join(';')}`,
  );
  await prepare(database.sql);
  log = await memoryLog();
  metrics = createProjectionMetrics(new Registry());
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.close()));
});

function run(): ViewsRunner {
  const runner = runViews([postgresViews(database.sql, allProjections)], dependencies(log, { metrics }));
  runners.push(runner);
  return runner;
}
const ready = (runner: ViewsRunner) =>
  until(
    () => Promise.all(runner.views.map((view) => view.health())),
    (all) => all.every(({ ok }) => ok),
  );
const recordsOf = (session: string) => [
  sessionStarted(session),
  ...conversation(session, 1, 3),
  metered(session),
  ...budgeted(session),
];
const say = (session: string) =>
  append(
    log,
    recordsOf(session).map((record) => outgoing(record)),
  );
const transactions = async (): Promise<number> => (await metrics.transactions.get()).values[0]?.value ?? 0;
const count = async (sql: string): Promise<number> => (await database.rows.unsafe(sql))[0]?.['n'] ?? 0;

/** Resolves when every view has read to the end of the log. */
async function settled(timeoutMs = 15_000): Promise<void> {
  for (const { name, inputs } of allProjections)
    for (const { topic, partition, high } of await log.watermarks(inputs.map((input) => input.name)))
      if (high > 0)
        expect(
          await waitForPosition(database.sql, name, { topic, partition, offset: high - 1 }, timeoutMs),
          `${name} ${topic}/${partition}`,
        ).toBe(true);
}

/** Expects every live view to equal the fold of the whole log. */
async function equalsTheLog(): Promise<void> {
  for (const projection of allProjections) {
    const options = { sql: database.sql, view: viewOf(projection), dependencies: dependencies(log) };
    const { comparison } = await rebuildView({ ...options, goal: 'compare' });
    for (const { table, differences } of comparison ?? []) expect(differences, `${projection.name}: ${table}`).toBe(0);
  }
}

it('writes records that arrive together into all views in one transaction', async () => {
  const join = vi.spyOn(log, 'join');
  await ready(run());
  await say('s-1');
  await settled();
  expect(join).toHaveBeenCalledTimes(1);
  // A broker in memory delivers one batch per partition; those of one turn of the event loop share a transaction.
  expect(await transactions()).toBeLessThanOrEqual(2);
  expect(await count('SELECT count(*)::int AS n FROM khipu.events')).toBeGreaterThan(5);
  await equalsTheLog();
});

it('counts each record once in every view, although connections break and partitions move throughout', async () => {
  await ready(run());
  const second = run();
  let writing = true;
  const chaos = (async () => {
    while (writing) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      await database.sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.3`.catch(() => undefined);
      log.rebalance(groupOf(allProjections.map(({ name }) => name)));
    }
  })();
  for (let n = 0; n < 150; n += 1) await say(`s-${n}`);
  writing = false;
  await chaos;
  await second.close();
  // A broken connection is detected only when it is used.
  await until(
    () => Promise.allSettled(Array.from({ length: 10 }, () => database.sql`SELECT 1`)),
    (asked) => asked.every(({ status }) => status === 'fulfilled'),
  );
  await settled(30_000);
  expect(await count('SELECT sum(requests)::int AS n FROM khipu.usage_daily')).toBe(150);
  await equalsTheLog();
});

it('dead-letters a record for the one view that Postgres refuses it for', async () => {
  await database.sql`ALTER TABLE v_usage_1.usage_daily ADD CHECK (model_id <> 'refused')`;
  await ready(run());
  await append(log, [outgoing(sessionStarted('s-1')), outgoing(metered('s-1', { modelId: 'refused' }))]);
  await settled();
  expect(await count('SELECT count(*)::int AS n FROM khipu.usage_daily')).toBe(0);
  expect(await count('SELECT count(*)::int AS n FROM khipu.sessions')).toBe(1);
  expect(await count('SELECT count(*)::int AS n FROM khipu.events')).toBe(2);
  const letters = [0, 1, 2, 3].flatMap((partition) => log.fetch('slm.metrics.dlq', partition, 0).records);
  expect(letters.map(({ headers }) => [headers[deadLetterHeaders.processor], headers[deadLetterHeaders.code]])).toEqual(
    [['projection.usage', 'ROW_UNWRITABLE']],
  );
});

it('continues in a rebuilt view without a rebalance, while the others go on', async () => {
  const join = vi.spyOn(log, 'join');
  await ready(run());
  await say('before');
  await settled();
  const rebuilt = rebuildView({
    ...{ sql: database.sql, view: viewOf(sessions), dependencies: dependencies(log), goal: 'swap-if-equal' },
  });
  for (let n = 0; n < 20; n += 1) await say(`during-${n}`);
  expect(await rebuilt).toMatchObject({ swapped: true, to: 2 });
  await say('after');
  await settled();
  expect(join).toHaveBeenCalledTimes(1);
  expect(await count('SELECT count(*)::int AS n FROM khipu.sessions WHERE turns = 1')).toBe(22);
  await equalsTheLog();
});

it('goes on with the other views while a lock holds up one, as a rebuild with a comparison does', async () => {
  await ready(run());
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const holder = database.sql.begin(async (tx) => {
    await tx`SELECT FROM khipu.projection_offsets WHERE view = 'sessions' FOR UPDATE`;
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  await say('s-1');
  await until(
    () => count('SELECT count(*)::int AS n FROM khipu.turns'),
    (n) => n === 1,
  );
  expect(await count('SELECT count(*)::int AS n FROM khipu.sessions')).toBe(0);
  release.resolve();
  await holder;
  await settled();
  await equalsTheLog();
});
