import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemoryLog } from '../../../infra/kafka/memory/log.ts';
import { loadView } from '../../../infra/projections/load-view.ts';
import { type RebuildOptions, rebuildView } from '../../../infra/projections/rebuild/rebuild.ts';
import { waitForPosition } from '../../../infra/projections/wait-for-position.ts';
import { withTenant } from '../../../infra/stores/postgres/tenant.ts';
import { allProjections } from '../../../projections/all.ts';
import { events } from '../../../projections/events/projection.ts';
import type { Projection } from '../../../projections/kernel.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { budgeted, conversation, jobLife, metered, sessionStarted } from '../../../projections/testing/sample.ts';
import { turns } from '../../../projections/turns/projection.ts';
import { sessionChanged } from '../../../schemas/generated/records.ts';
import {
  append,
  createDatabase,
  dependencies,
  memoryLog,
  outgoing,
  prepare,
  type RunningView,
  runPostgresView,
  type TestDatabase,
  until,
  viewOf,
} from './support.ts';

let database: TestDatabase;
let log: MemoryLog;
const runners: RunningView[] = [];
beforeAll(async () => {
  database = await createDatabase();
  await prepare(database.sql);
  log = await memoryLog();
  for (const projection of allProjections) runners.push(runPostgresView(database.sql, projection, log));
  for (let n = 0; n < 20; n += 1) await say(`base-${n}`, 2, 10);
  await settled();
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  await database.drop();
});

/** A message that was added to the conversation of a session. */
const itemAdded = (sessionId: string) =>
  sessionChanged({
    ...{ sessionId, principal: 'key-1', change: 'items', contentId: null, decisionId: 'decision-1' },
    value: JSON.stringify([{ id: `msg_${sessionId}`, type: 'message', role: 'user', content: [] }]),
  });

async function say(sessionId: string, count: number, deltas: number): Promise<void> {
  const records = [
    sessionStarted(sessionId),
    itemAdded(sessionId),
    ...conversation(sessionId, count, deltas),
    metered(sessionId),
    ...budgeted(sessionId),
    ...jobLife(`${sessionId}-job`),
  ];
  await append(
    log,
    records.map((record) => outgoing(record)),
  );
}

/** Resolves when every view has read to the end of the log. */
async function settled(): Promise<void> {
  for (const { name, inputs } of allProjections)
    for (const { topic, partition, high } of await log.watermarks(inputs.map((input) => input.name)))
      if (high > 0)
        expect(await waitForPosition(database.sql, name, { topic, partition, offset: high - 1 }, 5_000)).toBe(true);
}

const rebuild = (projection: Projection, goal: RebuildOptions['goal'], more: Partial<RebuildOptions> = {}) =>
  rebuildView({ sql: database.sql, view: viewOf(projection), dependencies: dependencies(log), goal, ...more });

const schemas = async (view: string): Promise<string[]> =>
  (
    await database.sql<{ name: string }[]>`
    SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE ${`v_${view}_%`} ORDER BY 1`
  ).map(({ name }) => name);

describe('a rebuild', () => {
  it.each(allProjections)('of $name equals the live view, row for row', async (projection) => {
    await settled();
    const report = await rebuild(projection, 'swap-if-equal');
    expect(report).toMatchObject({ from: 1, to: 2, swapped: true, refused: 0 });
    const isFed = (await log.watermarks(projection.inputs.map(({ name }) => name))).some(({ high }) => high > 0);
    for (const table of report.comparison ?? []) {
      expect(table).toMatchObject({ differences: 0, rowsAfter: table.rowsBefore, digestAfter: table.digestBefore });
      if (isFed) expect(table.rowsBefore).toBeGreaterThan(0);
    }
    expect(await schemas(projection.name)).toEqual([`v_${projection.name}_2`]);
  });

  it('continues in the new generation', async () => {
    await rebuild(sessions, 'swap');
    await say('after-swap', 1, 3);
    await settled();
    const session = await database.rows`SELECT turns FROM khipu.sessions WHERE session_id = 'after-swap'`;
    expect(session).toMatchObject([{ turns: 1 }]);
  });

  it('loses and doubles no row while the log grows and readers read', async () => {
    let writing = true;
    let said = 0;
    const writer = (async () => {
      while (writing) {
        await say(`busy-${said}`, 1, 5);
        said += 1;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
    let reads = 0;
    let seenMost = 0;
    const reader = (async () => {
      while (writing) {
        const [row] = await withTenant(
          database.sql,
          'acme',
          (tx) => tx<{ n: number }[]>`SELECT count(*)::int AS n FROM khipu.events`,
        );
        // The count that readers see never decreases.
        expect(row?.n).toBeGreaterThanOrEqual(seenMost);
        seenMost = row?.n ?? 0;
        reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (let round = 0; round < 2; round += 1) await rebuild(events, 'swap');
    await rebuild(turns, 'swap');
    writing = false;
    await Promise.all([writer, reader]);
    expect(reads).toBeGreaterThan(10);
    await settled();
    const [sums] = await database.rows`
      SELECT count(*)::int AS rows, count(DISTINCT (topic, partition, "offset"))::int AS places,
             count(DISTINCT stream_id) FILTER (WHERE stream_id LIKE 'conversation-busy-%')::int AS streams
      FROM khipu.events`;
    expect(sums).toMatchObject({ streams: said });
    expect(sums?.['rows']).toBe(sums?.['places']);
    const gaps = await database.rows`
      SELECT stream_id FROM khipu.events GROUP BY 1 HAVING max(stream_version) <> count(*) OR min(stream_version) <> 1`;
    expect(gaps).toEqual([]);
    for (const projection of allProjections)
      for (const { differences } of (await rebuild(projection, 'compare')).comparison ?? [])
        expect(differences).toBe(0);
  });

  it('shows each row that differs, and keeps the live generation', async () => {
    await database.sql`UPDATE v_turns_3.turns SET text = 'tampered' WHERE turn_id = 'base-0-turn-1'`.catch(
      () => undefined,
    );
    const [live] = await database.rows`SELECT generation FROM khipu.projection_views WHERE view = 'turns'`;
    const schema = database.rows(`v_turns_${live?.['generation']}`);
    await database.rows`UPDATE ${schema}.turns SET text = 'tampered' WHERE turn_id = 'base-0-turn-1'`;
    await database.rows`UPDATE ${schema}.turns SET turn_id = 'base-1-turn-0' WHERE turn_id = 'base-1-turn-1'`;
    const report = await rebuild(turns, 'swap-if-equal');
    expect(report).toMatchObject({ swapped: false });
    expect(report.comparison).toMatchObject([{ table: 'turns', differences: 3 }]);
    expect(report.comparison?.[0]?.examples).toMatchObject([
      { key: { turn_id: 'base-0-turn-1' }, before: { text: 'tampered' } },
      { key: { turn_id: 'base-1-turn-0' }, after: null },
      { key: { turn_id: 'base-1-turn-1' }, before: null },
    ]);
    expect(await rebuild(turns, 'swap')).toMatchObject({ swapped: true });
    expect((await rebuild(turns, 'compare')).comparison).toMatchObject([{ differences: 0 }]);
  });

  it('removes the remains of a crashed rebuild, and runs alone', async () => {
    await database.sql`CREATE SCHEMA v_turns_99`;
    await database.sql`CREATE TABLE v_turns_99.turns (x int)`;
    const [first, second] = await Promise.allSettled([rebuild(turns, 'compare'), rebuild(turns, 'compare')]);
    const codes = [first, second].map((result) => (result?.status === 'rejected' ? result.reason.code : 'done'));
    expect(codes.sort()).toEqual(['REBUILD_RUNNING', 'done']);
    expect(await schemas('turns')).toHaveLength(1);
  });

  it('applies a new version from the first record on', async () => {
    const shouting: Projection = {
      ...turns,
      version: 2,
      apply: (record, meta) =>
        turns.apply(record, meta).map(({ table, row }) => ({
          table,
          row: { ...row, ...(row['prompt'] === undefined ? {} : { prompt: 'LOUD' }) },
        })),
    };
    const view = { ...(await loadView(turns)), projection: shouting };
    expect(await rebuild(turns, 'swap', { view })).toMatchObject({ swapped: true });
    const prompts = await database.rows`SELECT DISTINCT prompt FROM khipu.turns`;
    expect(prompts).toMatchObject([{ prompt: 'LOUD' }]);
    const [live] = await database.rows`SELECT version FROM khipu.projection_views WHERE view = 'turns'`;
    expect(live).toMatchObject({ version: 2 });
    await rebuild(turns, 'swap');
  });

  it('waits for a reader that locks the names, and does not block later readers', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = withTenant(database.sql, 'acme', async (tx) => {
      await tx`SELECT count(*) FROM khipu.sessions`;
      await held;
    });
    const rebuilt = rebuild(sessions, 'swap');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const began = Date.now();
    await withTenant(database.sql, 'acme', (tx) => tx`SELECT count(*) FROM khipu.sessions`);
    expect(Date.now() - began).toBeLessThan(1_000);
    release();
    await slow;
    expect(await rebuilt).toMatchObject({ swapped: true });
  });
});

describe('a record that has left the log', () => {
  it('is carried over from the live generation', async () => {
    await settled();
    const marks = await log.watermarks(['slm.metrics']);
    const partition = marks.find(({ high }) => high > 4)?.partition ?? 0;
    const truncated = new Proxy(log, {
      get: (target, name) => {
        if (name === 'watermarks')
          return async (names: readonly string[]) =>
            (await target.watermarks(names)).map((mark) =>
              mark.topic === 'slm.metrics' && mark.partition === partition ? { ...mark, low: 3 } : mark,
            );
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const report = await rebuild(events, 'swap-if-equal', { dependencies: dependencies(truncated) });
    expect(report).toMatchObject({ carriedOver: 3, swapped: true });
    const usage = allProjections.find(({ name }) => name === 'usage') as Projection;
    await expect(rebuild(usage, 'swap', { dependencies: dependencies(truncated) })).rejects.toMatchObject({
      code: 'LOG_TRUNCATED',
    });
    await until(
      () => schemas('usage'),
      (names) => names.length >= 1,
    );
  });
});
