import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { startJobWorker, typesKnown } from './support/job-worker.ts';

interface RunJson {
  readonly due_at: string;
  readonly status: string;
  readonly reason: string;
  readonly job_id: string | null;
  readonly code: string | null;
}

/** A schedule, a page, or a problem. */
interface ScheduleJson extends ProblemJson {
  readonly schedule_id: string;
  readonly job_id: string;
  readonly version: number;
  readonly next_due_at: string | null;
  readonly next_due_times: readonly string[];
  readonly due_times: readonly string[];
  readonly runs: readonly RunJson[];
  readonly items: readonly (RunJson & { readonly schedule_id: string })[];
}

let platform: Harness;
let worker: Awaited<ReturnType<typeof startJobWorker>>;
/** Another tenant, with every capability for schedules and jobs. */
let other: ApiClient;
/** The tenant of the platform's client, without the capability to start jobs. */
let planner: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  worker = await startJobWorker(platform.log, platform.decoder);
  other = await platform.clientWith('acme', ['schedules:*', 'jobs:*']);
  planner = await platform.clientWith('demo', ['schedules:*']);
  await typesKnown(platform.api);
});
afterAll(async () => {
  await worker.close();
  await platform.close();
});

const adding = { job: { type: 'adding', input: { numbers: [1, 2] }, tags: ['nightly'] } };
const nightly = { ...adding, cron: '0 2 * * *', time_zone: 'Europe/Berlin' };
const put = (name: string, body: object, client = platform.api, ifMatch?: string) =>
  client.call<ScheduleJson>('PUT', `/v1/schedules/${name}`, {
    body,
    headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
  });
const get = (path: string, client = platform.api) => client.call<ScheduleJson>('GET', `/v1/schedules${path}`);
const post = (path: string, body: object = {}, client = platform.api) =>
  client.call<ScheduleJson>('POST', `/v1/schedules${path}`, { body });
const remove = (name: string, client = platform.api) => client.call<ScheduleJson>('DELETE', `/v1/schedules/${name}`);
const problemOf = ({ status, body }: ApiAnswer<ScheduleJson>) => [status, body.code];
const pointersOf = ({ status, body }: ApiAnswer<ScheduleJson>) => [
  status,
  ...(body.errors ?? []).map(({ pointer }) => pointer),
];
const runsBecome = (name: string, enough: (runs: readonly RunJson[]) => boolean) =>
  until(
    () => get(`/${name}/runs`),
    ({ status, body }) => status === 200 && enough(body.items),
  );

describe('a schedule', () => {
  test('is created, replaced, read, listed and removed', async () => {
    const created = await put('nightly', { ...nightly, note: 'Sums' });
    expect([created.status, created.headers.get('location')]).toEqual([201, '/v1/schedules/nightly']);
    expect(created.body).toMatchObject({
      ...{ schedule_id: 'nightly', status: 'active', version: 1, cron: '0 2 * * *', interval_ms: null },
      ...{ time_zone: 'Europe/Berlin', overlap: 'skip', note: 'Sums', waiting: 0, paused: false, pause: null },
      job: { type: 'adding', input: { numbers: [1, 2] }, lane: 'standard', tags: ['nightly'], retry: null },
    });
    expect(created.body.next_due_times).toHaveLength(5);
    expect(created.body.next_due_times[0]).toBe(created.body.next_due_at);
    expect(created.headers.get('etag')).toBe('"1"');
    const replaced = await put('nightly', { ...nightly, overlap: 'buffer_all', paused: true }, platform.api, '"1"');
    expect(replaced.headers.get('etag')).toBe('"2"');
    expect([replaced.status, replaced.body.version, replaced.body.status, replaced.body.next_due_at]).toEqual([
      ...[200, 2, 'paused', null],
    ]);
    const { body } = await until(
      () => get('/nightly'),
      (answer) => answer.body.version === 2,
    );
    expect(body).toEqual({ ...replaced.body, runs: [] });
    const listOf = async (query: string) => (await get(query)).body.items.map(({ schedule_id }) => schedule_id);
    expect(await listOf('?status=paused&type=adding')).toEqual(['nightly']);
    expect(await listOf('?status=active')).toEqual([]);
    expect((await remove('nightly')).status).toBe(204);
    await until(
      () => get('/nightly'),
      ({ status }) => status === 404,
    );
    expect(await listOf('')).toEqual([]);
    expect(problemOf(await remove('nightly'))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await put('nightly', nightly)).status).toBe(201);
  });

  test('is replaced only by its ETag', async () => {
    const name = 'versioned';
    expect(problemOf(await put(name, nightly, platform.api, '"1"'))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect(problemOf(await put(name, nightly, platform.api, '*'))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await put(name, nightly)).status).toBe(201);
    const without = await put(name, { ...nightly, note: 'mine' });
    expect([...problemOf(without), without.headers.get('etag')]).toEqual([428, 'PRECONDITION_REQUIRED', '"1"']);
    const read = await until(
      () => get(`/${name}`),
      ({ status }) => status === 200,
    );
    const etag = String(read.headers.get('etag'));
    expect((await put(name, { ...nightly, note: 'mine' }, platform.api, etag)).body).toMatchObject({ version: 2 });
    // Another person has read the version before.
    const late = await put(name, { ...nightly, note: 'theirs' }, platform.api, etag);
    expect([...problemOf(late), late.headers.get('etag')]).toEqual([412, 'PRECONDITION_FAILED', '"2"']);
    expect((await put(name, nightly, platform.api, '*')).body).toMatchObject({ version: 3 });
    expect((await put(name, nightly, platform.api, 'W/"3"')).status).toBe(400);
  });

  test('that makes none is answered with a pointer to each field', async () => {
    const { cron: _, ...without } = nightly;
    expect(pointersOf(await put('bad', without))).toEqual([400, '#/cron']);
    expect(pointersOf(await put('bad', { ...nightly, cron: '61 * * * *', time_zone: 'Mars/Olympus' }))).toEqual([
      ...[400, '#/cron', '#/time_zone'],
    ]);
    expect(pointersOf(await put('bad', { ...nightly, interval_ms: 60_000 }))).toEqual([400, '#/cron']);
    expect(pointersOf(await put('bad', { ...adding, interval_ms: 10 }))).toEqual([400, '#/interval_ms']);
    const job = { type: 'adding', input: { numbers: ['one'] } };
    expect(pointersOf(await put('bad', { ...nightly, job }))).toEqual([422, '#/job/input/numbers/0']);
    expect(problemOf(await put('bad', { ...nightly, job: { type: 'nothing' } }))).toEqual([404, 'JOB_TYPE_UNKNOWN']);
    expect(problemOf(await get('/bad'))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });

  test('does not exist for another tenant, which may have one of the same name', async () => {
    await put('own', nightly);
    await until(
      () => get('/own'),
      ({ status }) => status === 200,
    );
    for (const read of ['/own', '/own/runs'])
      expect(problemOf(await get(read, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const commands = [
      ...[() => post('/own/pause', { reason: 'r' }, other), () => post('/own/resume', {}, other)],
      ...[() => post('/own/trigger', {}, other), () => remove('own', other)],
      () => post('/own/backfill', { from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }, other),
    ];
    for (const command of commands) expect(problemOf(await command())).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await put('own', nightly, other)).status).toBe(201);
    expect((await get('/own')).body.version).toBe(1);
  });

  test('takes the capability for every command', async () => {
    const without = await platform.clientWith('demo', ['jobs:*']);
    expect(problemOf(await put('denied', nightly, without))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await get('/denied'))).toEqual([404, 'RESOURCE_UNKNOWN']);
    for (const verb of ['pause', 'resume', 'trigger'])
      expect(problemOf(await post(`/own/${verb}`, { ...(verb === 'pause' && { reason: 'r' }) }, without))).toEqual([
        ...[403, 'CAPABILITY_MISSING'],
      ]);
    expect(problemOf(await remove('own', without))).toEqual([403, 'CAPABILITY_MISSING']);
  });

  test('is previewed without a record', async () => {
    const asked = { cron: '30 2 * * *', time_zone: 'Europe/Berlin', after: '2026-03-27T12:00:00Z', count: 3 };
    expect((await post('/preview', asked)).body.due_times).toEqual([
      ...['2026-03-28T01:30:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ]);
    expect(pointersOf(await post('/preview', { ...asked, cron: '? * * * *' }))).toEqual([400, '#/cron']);
  });
});

describe('the runs of a schedule', () => {
  test('are triggered, and followed to the end of their jobs', async () => {
    await put('by-hand', { ...nightly, paused: true });
    const { status, body } = await post('/by-hand/trigger');
    expect([status, body.schedule_id]).toEqual([200, 'by-hand']);
    const { body: page } = await runsBecome('by-hand', ([run]) => run?.status === 'completed');
    expect(page.items).toMatchObject([{ reason: 'trigger', job_id: body.job_id, due_at: expect.any(String) }]);
    const jobs = await platform.api.call<ScheduleJson>('GET', '/v1/jobs?schedule_id=by-hand');
    expect(jobs.body.items).toMatchObject([{ job_id: body.job_id, schedule_id: 'by-hand', tags: ['nightly'] }]);
    const shown = await get('/by-hand');
    expect(shown.body.runs).toEqual(page.items);
  });

  test('come due at an interval, stop with a pause, and are made up for once each', async () => {
    await put('often', { ...adding, interval_ms: 1_000 });
    await runsBecome('often', (runs) => runs.filter(({ status }) => status === 'completed').length >= 2);
    expect((await post('/often/pause', { reason: 'a test' })).body).toEqual({ schedule_id: 'often', status: 'paused' });
    const paused = await until(
      () => get('/often'),
      ({ body }) => body.status === ('paused' as never),
    );
    expect(paused.body).toMatchObject({ next_due_at: null, pause: { reason: 'a test' } });
    const until_ = new Date(Date.now() - 60_000);
    const from = new Date(until_.getTime() - 3_000);
    const times = { from: from.toISOString(), until: until_.toISOString() };
    const first = await post('/often/backfill', times);
    expect([first.status, first.body.due_times.length]).toEqual([200, 3]);
    const isMade = (runs: readonly RunJson[]) =>
      first.body.due_times.every((due) => runs.some(({ due_at, status }) => due_at === due && status === 'completed'));
    const { body: made } = await runsBecome('often', isMade);
    const second = await post('/often/backfill', times);
    expect(second.body.due_times).toEqual(first.body.due_times);
    const again = await runsBecome('often', (runs) => runs.filter(({ status }) => status === 'ended').length === 3);
    const jobsOf = (items: readonly RunJson[]) => items.map(({ due_at, job_id }) => [due_at, job_id]);
    expect(jobsOf(again.body.items)).toEqual(jobsOf(made.items));
    const year = { from: '2020-01-01T00:00:00Z', until: '2021-01-01T00:00:00Z' };
    expect(problemOf(await post('/often/backfill', year))).toEqual([422, 'SCHEDULE_BACKFILL_TOO_LARGE']);
    expect((await post('/often/resume')).status).toBe(200);
    expect(problemOf(await post('/often/resume'))).toEqual([409, 'SCHEDULE_NOT_PAUSED']);
    expect((await remove('often')).status).toBe(204);
  });

  test('that are not allowed are refused, and the schedule goes on', async () => {
    expect((await put('refused', { ...adding, interval_ms: 1_000 }, planner)).status).toBe(201);
    const { body } = await runsBecome('refused', (runs) => runs.filter(({ code }) => code !== null).length >= 2);
    expect(body.items.at(-1)).toMatchObject({ status: 'refused', code: 'POLICY_DENIED' });
    expect((await get('/refused')).body.status).toBe('active');
    expect((await remove('refused')).status).toBe(204);
  });

  test('are skipped while a job runs', async () => {
    await put('slow', { job: { type: 'idle' }, interval_ms: 1_000 });
    const { body } = await runsBecome('slow', (runs) => runs.some(({ status }) => status === 'skipped'));
    expect(body.items.filter(({ status }) => status === 'running')).toHaveLength(1);
    expect(body.items.find(({ status }) => status === 'skipped')).toMatchObject({ reason: 'overlap', job_id: null });
    expect((await remove('slow')).status).toBe(204);
  });
});
