import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresReadModel } from '../../../gateways/shared/postgres-read-model.ts';
import type { PageRequest } from '../../../gateways/shared/read-model.ts';
import { topicsOfView } from '../../../infra/bin/roles/topics-of-view.ts';
import { waitForPosition } from '../../../infra/projections/wait-for-position.ts';
import type { Columns, Table } from '../../../projections/kernel.ts';
import { readsOf } from '../../../projections/rows.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { conversation, sessionStarted } from '../../../projections/testing/sample.ts';
import {
  append,
  createDatabase,
  memoryLog,
  outgoing,
  prepare,
  type RunningView,
  runPostgresView,
  type TestDatabase,
} from './support.ts';

const [sessionsTable] = sessions.tables;
const reads = readsOf(sessionsTable as Table<Columns>, 'created_at');

let database: TestDatabase;
let readModel: PostgresReadModel;
let runner: RunningView;
beforeAll(async () => {
  database = await createDatabase();
  await prepare(database.sql);
  const log = await memoryLog();
  runner = runPostgresView(database.sql, sessions, log);
  const ids = ['s-1', 's-2', 's-3'];
  const records = [
    ...ids.flatMap((id) => [sessionStarted(id), ...conversation(id, 1, 0)]),
    ...conversation('no-start', 1, 0),
  ];
  const positions = await append(
    log,
    records.map((record) => outgoing(record)),
  );
  for (const position of positions)
    expect(await waitForPosition(database.sql, sessions.name, position, 5_000)).toBe(true);
  readModel = new PostgresReadModel(database.sql, topicsOfView);
});
afterAll(async () => {
  await runner.close();
  await database.drop();
});

it('a row is read with every type of column as its table declares it, in its tenant alone', async () => {
  const session = await readModel.session('acme', 's-1');
  expect(await readModel.row('acme', reads, 's-1')).toMatchObject({
    ...{
      tenant_id: 'acme',
      session_id: 's-1',
      status: 'started',
      capabilities: ['slm:invoke:*'],
      turns: 1,
      code: null,
    },
    ...{ tokens_prompt: session?.tokensPrompt, metadata: session?.metadata, decision: session?.decision },
    created_at: session?.createdAt.toISOString(),
  });
  expect(await readModel.row('demo', reads, 's-1')).toBeUndefined();
});

it('pages are those of the query written by hand: the newest first, without rows that have no time yet', async () => {
  const pages = async (limit: number) => {
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const asked: PageRequest = { limit, cursor };
      const page = await readModel.rows('acme', reads, asked);
      const byHand = await readModel.sessions('acme', asked);
      expect(page.items.map((row) => row['session_id'])).toEqual(byHand.items.map(({ sessionId }) => sessionId));
      expect(page.nextCursor).toBe(byHand.nextCursor);
      seen.push(...page.items.map((row) => row['session_id']));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return seen;
  };
  expect(await pages(2)).toHaveLength(3);
  expect(await readModel.row('acme', reads, 'no-start')).toBeUndefined();
});

it('a forged cursor is refused', async () => {
  await expect(readModel.rows('acme', reads, { limit: 2, cursor: 'forged' })).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
  });
});
