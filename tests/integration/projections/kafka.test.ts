import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../../infra/config.ts';
import { openLog } from '../../../infra/kafka/connect.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { prepareViewsOn, type View } from '../../../infra/projections/generation.ts';
import { rebuildView } from '../../../infra/projections/rebuild/rebuild.ts';
import { waitForPosition } from '../../../infra/projections/wait-for-position.ts';
import { events } from '../../../projections/events/projection.ts';
import type { Projection } from '../../../projections/kernel.ts';
import { conversation } from '../../../projections/testing/sample.ts';
import { topics } from '../../../schemas/topics.ts';
import {
  append,
  createDatabase,
  dependencies,
  logger,
  outgoing,
  type RunningView,
  runPostgresView,
  type TestDatabase,
  until,
  viewOf,
} from './support.ts';

const suffix = randomBytes(4).toString('hex');
const topic = { ...topics.conversationEvents, name: `conversation.test-${suffix}` };
/** The eventstore over this file's own topic and group. */
const projection: Projection = { ...events, name: `events_${suffix}`, inputs: [topic] };
const view: View = { projection, migrations: viewOf(events).migrations };

let log: Log;
let database: TestDatabase;
const runners: RunningView[] = [];
beforeAll(async () => {
  database = await createDatabase();
  await prepareViewsOn(database.sql, [view]);
  log = openLog(loadConfig(), 'test', logger);
  await log.createTopics([topic.name, `${topic.name}.dlq`].map((name) => ({ name, partitions: 4, config: {} })));
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  await log.close();
  await database.drop();
});

/** Appends in a transaction, so that the partitions end in markers, which no reader sees. */
async function say(session: number): Promise<void> {
  const transactor = await log.transactor(`test-${suffix}-${session % 3}`);
  const records = conversation(`s-${session}`, 2, 10).map((record) => ({ ...outgoing(record), topic: topic.name }));
  await transactor.commit({ records, group: `test-${suffix}`, offsets: [] });
  await transactor.close();
}

async function settled(rows: number): Promise<void> {
  await until(
    async () => (await database.rows`SELECT count(*)::int AS n FROM khipu.events`)[0]?.['n'] as number,
    (n) => n >= rows,
    30_000,
  );
}

it('a view on a real broker: each row once, a member that joins and leaves, and a rebuild with equal rows', async () => {
  runners.push(runPostgresView(database.sql, projection, log));
  for (let session = 0; session < 6; session += 1) await say(session);
  await settled(6 * 25);
  const second = runPostgresView(database.sql, projection, log);
  for (let session = 6; session < 12; session += 1) await say(session);
  await second.close();
  await settled(12 * 25);
  const [last] = await append(log, [{ ...outgoing(conversation('s-last', 0, 0)[0] as never), topic: topic.name }]);
  if (last === undefined) throw new Error('nothing was appended');
  expect(await waitForPosition(database.sql, projection.name, last, 10_000)).toBe(true);
  expect(await waitForPosition(database.sql, projection.name, { ...last, offset: last.offset + 100 }, 50)).toBe(false);

  const report = await rebuildView({ sql: database.sql, view, dependencies: dependencies(log), goal: 'swap-if-equal' });
  expect(report).toMatchObject({ swapped: true, records: 301, refused: 0 });
  expect(report.comparison).toMatchObject([{ rowsBefore: 301, rowsAfter: 301, differences: 0 }]);
  await say(99);
  await settled(301 + 25);
  const gaps = await database.rows`
    SELECT stream_id FROM khipu.events GROUP BY 1 HAVING max(stream_version) <> count(*) OR min(stream_version) <> 1`;
  expect(gaps).toEqual([]);
}, 120_000);
