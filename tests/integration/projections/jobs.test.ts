import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresReadModel } from '../../../gateways/shared/postgres-read-model.ts';
import { topicsOfView } from '../../../infra/bin/roles/topics-of-view.ts';
import { waitForPosition } from '../../../infra/projections/wait-for-position.ts';
import { events } from '../../../projections/events/projection.ts';
import { jobs } from '../../../projections/jobs/projection.ts';
import { JobHistoryFold } from '../../../projections/jobs/queries/history.ts';
import { type JobCondition, jobRows, withStatus } from '../../../projections/jobs/queries/rows.ts';
import { jobAccepted, jobLife } from '../../../projections/testing/sample.ts';
import { jobPaused } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
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

let database: TestDatabase;
let readModel: PostgresReadModel;
let runners: RunningView[] = [];
beforeAll(async () => {
  database = await createDatabase();
  await prepare(database.sql);
  const log = await memoryLog();
  const views = [jobs, events];
  runners = views.map((view) => runPostgresView(database.sql, view, log));
  const records = [
    ...jobLife('done-1'),
    ...jobLife('done-2'),
    jobAccepted('child', { type: 'adding.page', parentId: 'done-1', depth: 1, tags: [] }),
    jobPaused({ jobId: 'child', pausedBy: 'key-1', reason: 'a test' }),
  ];
  const positions = await append(
    log,
    records.map((record) => outgoing(record)),
  );
  for (const view of views)
    for (const position of positions)
      if (view.inputs.some(({ name }) => name === position.topic))
        expect(await waitForPosition(database.sql, view.name, position, 5_000)).toBe(true);
  readModel = new PostgresReadModel(database.sql, topicsOfView);
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  await database.drop();
});

const found = async (where: readonly JobCondition[], tenant = 'acme') =>
  (await readModel.rows(tenant, jobRows, { limit: 10, cursor: null, where })).items.map(({ job_id }) => job_id).sort();

it('jobs are found by status, type, tag, parent and time, in their tenant alone', async () => {
  expect(await found([])).toEqual(['child', 'done-1', 'done-2']);
  expect(await found([], 'globex')).toEqual([]);
  expect(await found(withStatus('completed'))).toEqual(['done-1', 'done-2']);
  expect(await found(withStatus('paused'))).toEqual(['child']);
  expect(await found(withStatus('queued'))).toEqual([]);
  expect(await found([{ column: 'type', is: '=', value: 'adding.page' }])).toEqual(['child']);
  expect(await found([{ column: 'tags', is: 'has', value: 'sums' }])).toEqual(['done-1', 'done-2']);
  expect(await found([{ column: 'parent_id', is: '=', value: 'done-1' }])).toEqual(['child']);
  const future = '2100-01-01T00:00:00.000Z';
  expect(await found([{ column: 'created_at', is: '>=', value: future }])).toEqual([]);
  expect(await found([{ column: 'created_at', is: '<', value: future }])).toHaveLength(3);
  expect(await found([...withStatus('completed'), { column: 'type', is: '=', value: "' OR TRUE --" }])).toEqual([]);
});

it('pages of filtered jobs have each job once', async () => {
  const where = withStatus('completed');
  const first = await readModel.rows('acme', jobRows, { limit: 1, cursor: null, where });
  const second = await readModel.rows('acme', jobRows, { limit: 1, cursor: first.nextCursor, where });
  expect([first, second].map(({ items }) => items.length)).toEqual([1, 1]);
  expect(first.items[0]?.job_id).not.toBe(second.items[0]?.job_id);
  expect(second.nextCursor).toBeNull();
});

it('steps come in pages, in the order in which they were recorded', async () => {
  const first = await readModel.jobSteps('acme', 'done-1', { limit: 1, cursor: null });
  const second = await readModel.jobSteps('acme', 'done-1', { limit: 1, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ name, output, attempts }) => [name, output, attempts])).toEqual([
    ['add', '3', 2],
    ['pause', null, 1],
  ]);
  expect(second.nextCursor).toBeNull();
  expect((await readModel.jobSteps('globex', 'done-1', { limit: 1, cursor: null })).items).toEqual([]);
});

it('the fold of the stored events of a job equals its rows', async () => {
  const fold = new JobHistoryFold('acme');
  const streams = [
    { topic: topics.jobsEvents.name, key: 'done-1' },
    { topic: topics.jobsJournal.name, key: 'done-1/0' },
  ];
  for (const stream of streams)
    for (let afterVersion = 0; ; ) {
      const slice = await readModel.stream('acme', { ...stream, afterVersion, limit: 2 });
      expect(slice.positions.length).toBeGreaterThan(0);
      fold.add(slice.events);
      if (slice.events.length === 0) break;
      afterVersion = slice.events.at(-1)?.streamVersion ?? 0;
    }
  const { job, steps } = fold.result;
  expect(job).toEqual(await readModel.row('acme', jobRows, 'done-1'));
  expect(steps).toEqual((await readModel.jobSteps('acme', 'done-1', { limit: 10, cursor: null })).items);
  const [accepted] = (await readModel.stream('acme', { ...streams[0], afterVersion: 0, limit: 1 } as never)).events;
  expect((await readModel.event('acme', accepted?.eventId ?? ''))?.eventId).toBe(accepted?.eventId);
  expect(await readModel.event('globex', accepted?.eventId ?? '')).toBeUndefined();
});
