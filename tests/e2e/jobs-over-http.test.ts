import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../infra/client/api.ts';
import { followJob } from '../../infra/client/job-events.ts';
import { projectRoot } from '../../infra/local/home.ts';
import { createApiKey } from '../../infra/security/api-key-file.ts';
import { type ApiAnswer, ApiClient, until } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { openSse, readSse } from '../support/sse-client.ts';
import { describeSchedules } from './jobs/schedules.ts';
import { BUSY_MACHINE, clientOf, namesOf } from './support/turn-fixture.ts';

const MODULE = join(projectRoot, 'tests/fixtures/jobs/http-jobs.ts');
const PATIENCE_MS = 120_000;

/** A job, or a problem. */
interface JobJson {
  readonly code: string | null;
  readonly job_id: string;
  readonly status: string;
  readonly result: unknown;
  readonly job_code: string;
  readonly items: readonly { readonly job_id: string; readonly type: string; readonly output: unknown }[];
  readonly steps: readonly { readonly name: string; readonly status: string }[];
}

/** An answer of a bulk request. */
interface Bulk {
  readonly accepted: number;
  readonly count: number;
}

let platform: TestPlatform;
let api: ApiClient;
let acme: ApiClient;
beforeAll(async () => {
  const worker = { name: 'worker-http-jobs', args: ['run', 'worker', MODULE], heapMb: 256 };
  const more = [{ ...worker, isPublic: false, stopStage: 2 }] as const;
  platform = await startTestPlatform({ env: BUSY_MACHINE, apart: [], more });
  api = clientOf(platform);
  const grant = { tenantId: 'acme', name: 'acme', capabilities: ['jobs:*'] };
  const { key } = createApiKey({ keysDir: join(platform.dir, 'keys'), ...grant });
  acme = new ApiClient({ url: platform.url, apiKey: key });
  await until(
    () => acme.call<JobJson>('GET', '/v1/job-types'),
    ({ status, body }) => status === 200 && body.items.some(({ type }) => type === 'sum'),
    PATIENCE_MS,
  );
});
afterAll(() => platform?.stop());

const start = (type: string, input: unknown, key: string = randomUUID()) =>
  api.call<JobJson>('POST', '/v1/jobs/start', { body: { type, input }, headers: { 'idempotency-key': key } });
const get = (path: string, client = api) => client.call<JobJson>('GET', path, { headers: { prefer: 'wait=60' } });
const post = (path: string, body: object, client = api) => client.call<JobJson>('POST', path, { body });
const codeOf = ({ status, body }: ApiAnswer<JobJson>) => [status, body.code];
const becomes = (jobId: string, status: string) =>
  until(
    () => get(`/v1/jobs/${jobId}`),
    ({ body }) => body.status === status,
    PATIENCE_MS,
  );
const streamOf = (jobId: string, lastEventId?: string) =>
  readSse(`${platform.url}/v1/jobs/${jobId}/events`, {
    token: api.apiKey,
    ...(lastEventId !== undefined && { lastEventId }),
  });

const environment = () => ({ ...platform.env, KHIPU_URL: platform.url, KHIPU_API_KEY: api.apiKey });

/** Runs a command that must succeed, and returns its JSON. */
async function command<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await khipu([...args, '--json'], environment());
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

const LIFE = ['job.accepted', 'job.run_started', 'job.step_completed', 'job.progressed', 'job.completed'];

describe('a job on a platform', { timeout: PATIENCE_MS }, () => {
  test('goes from its start to its result, over HTTP and on its stream', async () => {
    const key = randomUUID();
    const { status, body } = await start('sum', { numbers: [1, 2, 3] }, key);
    expect(status).toBe(201);
    const statuses = new Set<string>();
    await until(
      () => api.call<JobJson>('GET', `/jobs/${body.job_id}`),
      (answer) => {
        if (answer.status === 200) statuses.add(answer.body.status);
        return answer.body.status === 'completed';
      },
      PATIENCE_MS,
    );
    expect([...statuses].every((each) => ['queued', 'running', 'completed'].includes(each))).toBe(true);
    const result = await get(`/v1/jobs/${body.job_id}/result`);
    expect([result.status, result.body.result]).toEqual([200, { sum: 6, by: null }]);
    const events = await streamOf(body.job_id);
    expect(namesOf(events)).toEqual(LIFE);
    for (const [at, { id }] of events.slice(0, -1).entries())
      expect(await streamOf(body.job_id, id)).toEqual(events.slice(at + 1));
    const steps = await get(`/v1/jobs/${body.job_id}/steps`);
    expect(steps.body.items).toMatchObject([{ name: 'add', output: 6, status: 'completed' }]);
    const again = await start('sum', { numbers: [1, 2, 3] }, key);
    expect(again.body).toEqual(body);
  });

  test('is followed by the client while it runs', async () => {
    const { body } = await start('sum', { numbers: [7] });
    const names: string[] = [];
    for await (const { event } of followJob(createApi({ url: api.url, token: api.apiKey }), { jobId: body.job_id }))
      names.push(event);
    expect(names).toEqual(LIFE);
  });

  test('waits for a signal, also while it is paused, and has the state of every earlier time', async () => {
    const { body } = await start('sum', { numbers: [100, 20] });
    await becomes(body.job_id, 'waiting');
    expect((await post(`/v1/jobs/${body.job_id}/pause`, { reason: 'a test' })).status).toBe(200);
    await becomes(body.job_id, 'paused');
    const paused = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await post(`/v1/jobs/${body.job_id}/signals/approved`, { payload: { by: 'ana' } })).status).toBe(200);
    expect((await get(`/v1/jobs/${body.job_id}`)).body.status).toBe('paused');
    expect((await post(`/v1/jobs/${body.job_id}/resume`, {})).status).toBe(200);
    const result = await get(`/v1/jobs/${body.job_id}/result`);
    expect(result.body.result).toEqual({ sum: 120, by: 'ana' });
    const { body: now } = await becomes(body.job_id, 'completed');
    const past = await get(`/v1/jobs/${body.job_id}?as_of=${paused}`);
    expect(past.body).toMatchObject({ status: 'paused', result: null });
    expect(past.body.steps.map(({ name, status }) => [name, status])).toEqual([
      ['add', 'completed'],
      ['approved', 'waiting'],
    ]);
    const later = await get(`/v1/jobs/${body.job_id}?as_of=${new Date().toISOString()}`);
    expect({ ...later.body, as_of: null }).toEqual(now);
  });

  test('that has failed is retried from its journal', async () => {
    const file = join(platform.dir, `${randomUUID()}.txt`);
    const { body } = await start('gate', { file });
    const failed = await get(`/v1/jobs/${body.job_id}/result`);
    expect([...codeOf(failed), failed.body.job_code]).toEqual([409, 'JOB_FAILED', 'FILE_MISSING']);
    writeFileSync(file, '');
    expect((await post(`/v1/jobs/${body.job_id}/retry`, {})).status).toBe(200);
    await becomes(body.job_id, 'completed');
    const names = namesOf(await streamOf(body.job_id));
    expect(names.filter((name) => name === 'job.step_completed')).toHaveLength(1);
    expect(names.slice(-3)).toEqual(['job.retried', 'job.run_started', 'job.completed']);
  });

  test('that has ended is forked from a step, and replayed from the log', async () => {
    const { body } = await start('sum', { numbers: [100, 20] });
    await becomes(body.job_id, 'waiting');
    await post(`/v1/jobs/${body.job_id}/signals/approved`, { payload: { by: 'ana' } });
    expect((await get(`/v1/jobs/${body.job_id}/result`)).body.result).toEqual({ sum: 120, by: 'ana' });
    const input = '{"numbers": [1]}';
    const fork = await command<JobJson>('jobs', 'fork', body.job_id, '--from', 'approved', '--input', input);
    await becomes(fork.job_id, 'waiting');
    await post(`/v1/jobs/${fork.job_id}/signals/approved`, { payload: { by: 'ben' } });
    // The sum is that of the record: the step did not run again with the new input.
    expect((await get(`/v1/jobs/${fork.job_id}/result`)).body.result).toEqual({ sum: 120, by: 'ben' });
    await becomes(fork.job_id, 'completed');
    const steps = await get(`/v1/jobs/${fork.job_id}/steps`);
    expect(steps.body.items).toMatchObject([
      { name: 'add', output: 120, generation: 0 },
      { name: 'approved', output: { by: 'ben' }, generation: 1 },
    ]);
    const shown = await khipu(['jobs', 'show', fork.job_id], environment());
    expect(shown.stdout).toContain(`forked from ${body.job_id} at approved`);
    for (const jobId of [body.job_id, fork.job_id]) {
      const replayed = await command('jobs', 'replay', jobId, '--module', MODULE);
      expect(replayed).toMatchObject({ same: true, difference: null, end: 'the job completes', entries: 2 });
    }
    const foreign = await post(`/v1/jobs/${body.job_id}/fork`, { from_step: null }, acme);
    expect(codeOf(foreign)).toEqual([404, 'RESOURCE_UNKNOWN']);
  });

  test('is one of many that are started in one request, and cancelled in one', async () => {
    const tag = `many-${randomUUID()}`;
    const file = join(platform.dir, `${tag}.ndjson`);
    const lines = Array.from({ length: 300 }, (_, n) => JSON.stringify({ input: { numbers: [101, n] }, tags: [tag] }));
    writeFileSync(file, lines.join('\n'));
    const key = ['--idempotency-key', randomUUID()];
    const first = await command<Bulk>('jobs', 'start', '--type', 'sum', '--bulk', file, ...key);
    expect(await command<Bulk>('jobs', 'start', '--type', 'sum', '--bulk', file, ...key)).toEqual(first);
    expect(first.accepted).toBe(300);
    const counted = (status?: string) =>
      api.call<Bulk>('POST', '/v1/jobs/bulk', {
        body: { filter: { tag, status }, action: 'cancel', reason: 'a test', dry_run: true },
      });
    await until(
      () => counted('waiting'),
      ({ body }) => body.count === 300,
      PATIENCE_MS,
    );
    const options = ['--tag', tag, '--reason', 'not needed', '--yes'];
    expect(await command<Bulk>('jobs', 'bulk', 'cancel', ...options)).toMatchObject({ accepted: 300 });
    await until(
      () => counted(),
      ({ body }) => body.count === 0,
      PATIENCE_MS,
    );
    expect((await get(`/v1/jobs?tag=${tag}&status=cancelled&limit=200`)).body.items).toHaveLength(200);
  });

  test('of a concurrency key runs only when the job before it has ended', async () => {
    const key = { concurrency_key: randomUUID() };
    const started = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => post('/v1/jobs/start', { type: 'sum', input: { numbers: [n] }, ...key })),
    );
    const lives = await Promise.all(started.map(({ body }) => streamOf(body.job_id)));
    const timeOf = (life: (typeof lives)[number], name: string): string =>
      String(life.find(({ event }) => event === name)?.data['at']);
    for (const life of lives) expect(namesOf(life)).toEqual(['job.accepted', 'job.queued', ...LIFE.slice(1)]);
    const runs = lives.map((life) => [timeOf(life, 'job.run_started'), timeOf(life, 'job.completed')] as const).sort();
    for (const [at, [began]] of runs.entries()) expect(began >= (runs[at - 1]?.[1] ?? '')).toBe(true);
  });

  test('runs with other starts of its key, as one job; one that is cancelled before is not in it', async () => {
    const key = { concurrency_key: randomUUID() };
    const begin = async (number: number) =>
      (await post('/v1/jobs/start', { type: 'together', input: { number }, ...key })).body.job_id;
    const gone = await begin(1_000);
    expect((await post(`/v1/jobs/${gone}/cancel`, { reason: 'a test' })).status).toBe(200);
    const full = [await begin(1), await begin(2), await begin(4)];
    const rest = await begin(8);
    for (const jobId of full) expect((await get(`/v1/jobs/${jobId}/result`)).body.result).toEqual({ sum: 7, of: 3 });
    expect((await get(`/v1/jobs/${rest}/result`)).body.result).toEqual({ sum: 8, of: 1 });
    for (const jobId of full) {
      const shown = await becomes(jobId, 'completed');
      expect(shown.body).toMatchObject({ result: { sum: 7, of: 3 }, batch: { batch_id: full[0], size: 3 } });
    }
    const names = async (jobId: string | undefined) => namesOf(await streamOf(jobId ?? ''));
    expect(await names(full[0])).toEqual([
      ...['job.accepted', 'job.queued', 'job.batch_begun', 'job.run_started', 'job.step_completed', 'job.completed'],
    ]);
    expect(await names(full[1])).toEqual(['job.accepted', 'job.queued', 'job.batched', 'job.completed']);
    expect(codeOf(await get(`/v1/jobs/${gone}/result`))).toEqual([409, 'JOB_CANCELLED']);
    // The history of a start is that of the job which ran it.
    for (const jobId of [full[0] ?? '', full[1] ?? ''])
      expect(await command('jobs', 'replay', jobId, '--module', MODULE)).toMatchObject({ same: true, entries: 1 });
  });

  test('finishes its step under a kill switch of that mode, and starts no other until it is resumed', async () => {
    const scope = 'job:stages';
    const engage = () => post('/v1/kill-switch', { scope, action: 'engage', mode: 'finish_step', reason: 'a test' });
    const release = () => post('/v1/kill-switch', { scope, action: 'release', reason: 'over' });
    const file = join(platform.dir, `${randomUUID()}.txt`);
    const { body } = await start('stages', { file });
    const stepsOf = async () => (await get(`/v1/jobs/${body.job_id}/steps`)).body.items.map((step) => step.output);
    const namesNow = async () => namesOf(await streamOf(body.job_id));
    await becomes(body.job_id, 'running');

    expect((await engage()).status).toBe(200);
    writeFileSync(file, '');
    const held = await becomes(body.job_id, 'suspended');
    expect(held.body).toMatchObject({ code: 'KILL_SWITCH', detail: `Stopped by the kill switch ${scope}.` });
    expect(await stepsOf()).toEqual(['first']);
    expect((await release()).status).toBe(200);
    expect((await post(`/v1/jobs/${body.job_id}/resume`, {})).status).toBe(200);

    // While it sleeps: the end of the sleep starts nothing.
    await becomes(body.job_id, 'waiting');
    expect((await engage()).status).toBe(200);
    await becomes(body.job_id, 'suspended');
    expect(await stepsOf()).toEqual(['first', 'second', null]);
    expect((await release()).status).toBe(200);
    expect((await post(`/v1/jobs/${body.job_id}/resume`, {})).status).toBe(200);
    expect((await get(`/v1/jobs/${body.job_id}/result`)).body.result).toEqual(['first', 'second', 'third']);
    await becomes(body.job_id, 'completed');
    expect((await namesNow()).filter((name) => name === 'job.suspended')).toHaveLength(2);
  });

  test('is cancelled while it waits', async () => {
    const { body } = await start('sum', { numbers: [101] });
    await becomes(body.job_id, 'waiting');
    expect((await post(`/v1/jobs/${body.job_id}/cancel`, { reason: 'not needed' })).status).toBe(200);
    expect(codeOf(await get(`/v1/jobs/${body.job_id}/result`))).toEqual([409, 'JOB_CANCELLED']);
    await becomes(body.job_id, 'cancelled');
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/signals/approved`, {}))).toEqual([409, 'JOB_ENDED']);
  });

  test('does not exist for another tenant', async () => {
    const { body } = await start('sum', { numbers: [101] });
    await becomes(body.job_id, 'waiting');
    for (const path of ['', '/steps', '/result'])
      expect(codeOf(await get(`/v1/jobs/${body.job_id}${path}`, acme))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const cancelled = await post(`/v1/jobs/${body.job_id}/cancel`, { reason: 'mine' }, acme);
    expect(codeOf(cancelled)).toEqual([404, 'RESOURCE_UNKNOWN']);
    const stream = await openSse(`${platform.url}/v1/jobs/${body.job_id}/events`, { token: acme.apiKey });
    expect(stream.status).toBe(404);
    expect((await get('/v1/jobs', acme)).body.items).toEqual([]);
    expect((await get(`/v1/jobs/${body.job_id}`)).body.status).toBe('waiting');
    await post(`/v1/jobs/${body.job_id}/cancel`, { reason: 'the test is over' });
  });
});

describeSchedules(() => api);
