import { hash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import { type ApiAnswer, ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { openSse, readSse, type SseEvent } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { startJobWorker, typesKnown } from './support/job-worker.ts';

/** A job, or a problem. */
interface JobJson extends ProblemJson {
  readonly job_id: string;
  readonly status: never;
  readonly result: unknown;
  readonly types: readonly string[];
  readonly job_code: string;
  readonly items: readonly JobJson[];
  readonly next_cursor: string | null;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly output_bytes: number }[];
  readonly tags: readonly string[];
}

let platform: Harness;
let worker: Awaited<ReturnType<typeof startJobWorker>>;
/** Another tenant, with every capability for jobs. */
let other: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  worker = await startJobWorker(platform.log, platform.decoder);
  other = await platform.clientWith('acme', ['jobs:*']);
  await typesKnown(platform.api);
});
afterAll(async () => {
  await worker.close();
  await platform.close();
});

const start = (type: string, input: unknown = {}, more: object = {}, headers: Record<string, string> = {}) =>
  platform.api.call<JobJson>('POST', '/v1/jobs/start', { body: { type, input, ...more }, headers });
const get = (path: string, client = platform.api, headers: Record<string, string> = {}) =>
  client.call<JobJson>('GET', path, { headers });
const post = (path: string, body: object = {}, client = platform.api) => client.call<JobJson>('POST', path, { body });
const codeOf = ({ status, body }: ApiAnswer<JobJson>) => [status, body.code];
const becomes = (jobId: string, status: string) =>
  until(
    () => get(`/v1/jobs/${jobId}`),
    ({ body }) => (body.status as string) === status,
  );
const eventsOf = (jobId: string, url = platform.url) => `${url}/v1/jobs/${jobId}/events`;
const namesOf = (events: readonly SseEvent[]) => events.map(({ event }) => event);
const startsInLog = () =>
  platform.log.partitionsOf(topics.jobsCommands.name).reduce((sum, { entries }) => sum + entries.length, 0);

const LIFE = ['job.accepted', 'job.run_started', 'job.step_completed', 'job.progressed', 'job.completed'];

describe('a batch of starts', () => {
  test('runs them as one job: each shows that job, and has its result', async () => {
    const [one, other] = [await start('together', { number: 3 }), await start('together', { number: 4 })];
    const ids = [one.body.job_id, other.body.job_id];
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) {
      const result = await get(`/v1/jobs/${id}/result`, platform.api, { prefer: 'wait=30' });
      expect([result.status, result.body.result]).toEqual([200, { of: 2, sum: 7 }]);
      const { body } = await becomes(id, 'completed');
      expect(body).toMatchObject({ batch: { batch_id: ids[0], size: 2 }, result: { of: 2, sum: 7 } });
    }
    const moment = await get(`/v1/jobs/${ids[1]}?as_of=${new Date(Date.now() + 60_000).toISOString()}`);
    expect(moment.body).toMatchObject({ status: 'completed', batch: { batch_id: ids[0], size: 2 } });
  });

  test('is left by a start that is cancelled while it waits; no other command is taken', async () => {
    const key = { concurrency_key: randomUUID() };
    const { body } = await start('together', { number: 1 }, key);
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/pause`, { reason: 'a test' }))).toEqual([409, 'JOB_BATCHED']);
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/signals/go`))).toEqual([409, 'JOB_BATCHED']);
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/fork`, { from_step: null }))).toEqual([409, 'JOB_BATCHED']);
    expect((await post(`/v1/jobs/${body.job_id}/cancel`, { reason: 'a test' })).status).toBe(200);
    const [one, other] = [await start('together', { number: 2 }, key), await start('together', { number: 3 }, key)];
    for (const each of [one, other])
      expect(
        (await get(`/v1/jobs/${each.body.job_id}/result`, platform.api, { prefer: 'wait=30' })).body.result,
      ).toEqual({ of: 2, sum: 5 });
  });

  test('is of a type whose limits say so', async () => {
    const { body } = await get('/v1/job-types');
    const limits = { max: null, batch_max: 2, batch_wait_ms: 60_000 };
    expect(body.items).toContainEqual(
      expect.objectContaining({ type: 'together', limits: expect.objectContaining(limits) }),
    );
  });
});

describe('a job', () => {
  test('a result is answered from the log while the read model is behind, also to who asks with a position', async () => {
    platform.readModel.paused = true;
    const started = await start('adding', { numbers: [4, 5] });
    const position = started.headers.get('khipu-position') ?? '';
    expect(position).not.toBe('');
    const headers = { prefer: 'wait=30', 'khipu-position': position };
    const result = await get(`/v1/jobs/${started.body.job_id}/result`, platform.api, headers);
    platform.readModel.paused = false;
    expect([result.status, result.body.result]).toEqual([200, { sum: 9 }]);
  });

  test('is started, runs, and has a result', async () => {
    const { status, body, headers } = await start('adding', { numbers: [1, 2, 3] }, { tags: ['sums'] });
    expect([status, body.status, headers.get('location')]).toEqual([201, 'queued', `/v1/jobs/${body.job_id}`]);
    const result = await get(`/v1/jobs/${body.job_id}/result`, platform.api, { prefer: 'wait=30' });
    expect([result.status, result.body.result, result.headers.get('preference-applied')]).toEqual([
      200,
      { sum: 6 },
      'wait=30',
    ]);
    const { body: job } = await becomes(body.job_id, 'completed');
    expect(job).toMatchObject({
      ...{ type: 'adding', input: { numbers: [1, 2, 3] }, result: { sum: 6 }, tags: ['sums'], code: null, as_of: null },
      progress: { percent: 100, message: 'added' },
      steps: [{ name: 'add', status: 'completed', output_bytes: 1 }],
    });
    const steps = await get(`/v1/jobs/${body.job_id}/steps`);
    expect(steps.body.items).toMatchObject([{ name: 'add', kind: 'step', output: 6, attempts: 1 }]);
  });

  test('is read at the paths of the plan as well', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { type: 'adding', input: { numbers: [4] } };
    const first = await platform.api.call<JobJson>('POST', '/jobs/start', { body, headers: key });
    const second = await platform.api.call<JobJson>('POST', '/v1/jobs/start', { body, headers: key });
    expect([first.status, second.body.job_id]).toEqual([201, first.body.job_id]);
    expect((await get(`/jobs/${first.body.job_id}`)).body.job_id).toBe(first.body.job_id);
    expect((await get('/jobs/start')).status).toBe(405);
  });

  test('is one job for one Idempotency-Key, and another request with the key is refused', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [first, second] = [await start('idle', {}, {}, key), await start('idle', {}, {}, key)];
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect(codeOf(await start('idle', { text: 'another' }, {}, key))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('does not exist for another tenant', async () => {
    const { body } = await start('idle');
    await becomes(body.job_id, 'running');
    const path = `/v1/jobs/${body.job_id}`;
    for (const read of [path, `${path}/steps`, `${path}/result`, `/jobs/${body.job_id}`])
      expect(codeOf(await get(read, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    for (const [name, sent] of [
      ['cancel', { reason: 'mine' }],
      ['pause', { reason: 'mine' }],
      ['resume', {}],
      ['retry', {}],
      ['fork', { from_step: null }],
      ['signals/approved', {}],
    ] as const)
      expect(codeOf(await post(`${path}/${name}`, sent, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const stream = await openSse(eventsOf(body.job_id), { token: other.apiKey });
    expect([stream.status, stream.problem?.['code']]).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await get('/v1/jobs', other)).body).toEqual({ items: [], next_cursor: null });
  });

  test('has the state of an earlier time', async () => {
    const before = new Date().toISOString();
    const { body } = await start('asking');
    await becomes(body.job_id, 'waiting');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const between = new Date().toISOString();
    await post(`/v1/jobs/${body.job_id}/signals/approved`, { payload: { by: 'ana' } });
    const { body: now } = await becomes(body.job_id, 'completed');
    const past = await get(`/v1/jobs/${body.job_id}?as_of=${between}`);
    expect(past.body).toMatchObject({ status: 'waiting', result: null, as_of: between });
    expect(past.body.steps).toMatchObject([{ name: 'approved', kind: 'signal', status: 'waiting' }]);
    expect(codeOf(await get(`/v1/jobs/${body.job_id}?as_of=${before}`))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const later = await get(`/v1/jobs/${body.job_id}?as_of=${new Date().toISOString()}`);
    expect({ ...later.body, as_of: null }).toEqual(now);
  });
});

describe('the state after an event', () => {
  test('is that of its moment, for each event of the stream', async () => {
    const { body } = await start('asking');
    await becomes(body.job_id, 'waiting');
    await post(`/v1/jobs/${body.job_id}/signals/approved`, { payload: 1 });
    const { body: now } = await becomes(body.job_id, 'completed');
    const events = await readSse(eventsOf(body.job_id), { token: platform.api.apiKey });
    const statuses: string[] = [];
    for (const { id, event } of events) {
      const past = await get(`/v1/jobs/${body.job_id}?as_of=${id}`);
      statuses.push(`${event} ${past.body.status}`);
    }
    expect(statuses).toEqual([
      ...['job.accepted queued', 'job.run_started running', 'job.waiting running', 'job.run_ended waiting'],
      ...['job.signalled waiting', 'job.step_completed waiting', 'job.run_started running', 'job.completed completed'],
    ]);
    const last = await get(`/v1/jobs/${body.job_id}?as_of=${events.at(-1)?.id}`);
    expect({ ...last.body, as_of: null }).toEqual(now);
  });

  test('of another job, or of none, is refused; a job of another tenant is unknown', async () => {
    const [first, second] = [await start('adding', { numbers: [1] }), await start('adding', { numbers: [2] })];
    await becomes(second.body.job_id, 'completed');
    const [accepted] = await readSse(eventsOf(second.body.job_id), { token: platform.api.apiKey });
    for (const id of [accepted?.id, randomUUID()]) {
      const refused = await get(`/v1/jobs/${first.body.job_id}?as_of=${id}`);
      expect([...codeOf(refused), refused.body.errors?.[0]?.pointer]).toEqual([400, 'REQUEST_INVALID', '#/as_of']);
    }
    const foreign = await get(`/v1/jobs/${second.body.job_id}?as_of=${accepted?.id}`, other);
    expect(codeOf(foreign)).toEqual([404, 'RESOURCE_UNKNOWN']);
    for (const text of ['yesterday', '', 'WzEsMiwzXQ'])
      expect((await get(`/v1/jobs/${first.body.job_id}?as_of=${text}`)).status).toBe(400);
  });

  test('and that at a position of the log are one: the start of a job, in any later state', async () => {
    const started = await start('adding', { numbers: [1] });
    const path = `/v1/jobs/${started.body.job_id}`;
    const position = started.headers.get('khipu-position') ?? '';
    await becomes(started.body.job_id, 'completed');
    const [accepted] = await readSse(eventsOf(started.body.job_id), { token: platform.api.apiKey });
    const at = await get(`${path}?as_of=${position}`);
    expect(at.body).toMatchObject({ status: 'queued', steps: [], result: null });
    expect(at.body).toEqual((await get(`${path}?as_of=${accepted?.id}`)).body);
    expect(codeOf(await get(`${path}?as_of=${position}`, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const elsewhere = Buffer.from(JSON.stringify(['sessions.events', 0, 0])).toString('base64url');
    const refused = await get(`${path}?as_of=${elsewhere}`);
    expect([...codeOf(refused), refused.body.errors?.[0]?.pointer]).toEqual([400, 'REQUEST_INVALID', '#/as_of']);
  });
});

describe('an input above 64 KB', () => {
  const input = { text: 'knöt '.repeat(300_000) };
  const json = JSON.stringify(input);
  const digest = hash('sha256', json, 'hex');
  const contentOf = async (url: string, client = platform.api) => {
    const answer = await fetch(`${client.url}${url}`, { headers: { authorization: `Bearer ${client.apiKey}` } });
    return [answer.status, answer.headers.get('content-type'), await answer.text()];
  };

  test('is kept in pieces, and read by its digest through its job alone', async () => {
    const { status, body } = await start('idle', input);
    expect(status).toBe(201);
    const { body: job } = await get(`/v1/jobs/${body.job_id}`);
    const url = `/v1/jobs/${body.job_id}/contents/${digest}`;
    expect(job).toMatchObject({
      ...{ input: null, result: null, result_content: null },
      input_content: { digest, bytes: Buffer.byteLength(json), media_type: 'application/json', url },
    });
    expect(await contentOf(url)).toEqual([200, 'application/json', json]);
    const { body: small } = await start('idle');
    expect(codeOf(await get(`/v1/jobs/${small.job_id}/contents/${digest}`))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect(codeOf(await get(url, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await get(`/v1/jobs/${body.job_id}/contents/none`)).status).toBe(400);
    const { body: forked } = await post(`/v1/jobs/${body.job_id}/fork`, { from_step: null });
    expect((await get(`/v1/jobs/${forked.job_id}`)).body).toMatchObject({ input: null, input_content: { digest } });
  });

  test('is checked by the schema of its type, and takes the capability for contents', async () => {
    const before = startsInLog();
    const refused = await start('idle', { ...input, more: 1 });
    expect([...codeOf(refused), refused.body.errors?.[0]?.pointer]).toEqual([422, 'JOB_INPUT_INVALID', '#/input/more']);
    const body = { type: 'idle', input };
    expect(codeOf(await post('/v1/jobs/start', body, other))).toEqual([403, 'CAPABILITY_MISSING']);
    const many = { type: 'idle', items: [{ input }] };
    expect(codeOf(await post('/v1/jobs/start/bulk', many, other))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(startsInLog()).toBe(before);
  });

  test('that is sent again with its key starts one job', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await start('idle', input, {}, key);
    expect((await start('idle', input, {}, key)).body.job_id).toBe(first.body.job_id);
  });
});

describe('a fork', () => {
  const fork = (jobId: string, body: object, client = platform.api) => post(`/v1/jobs/${jobId}/fork`, body, client);
  const resultOf = async (jobId: string) =>
    (await get(`/v1/jobs/${jobId}/result`, platform.api, { prefer: 'wait=30' })).body.result;
  const ended = async () => {
    const { body } = await start('staged', { text: 'one' }, { tags: ['first'], labels: ['mail'] });
    expect(await resultOf(body.job_id)).toEqual({ ran: ['a', 'b', 'c'], text: 'one' });
    return body.job_id;
  };

  test('of a job that has ended takes the results before the step, and runs the others with another input', async () => {
    const source = await ended();
    const { status, body, headers } = await fork(source, { from_step: { name: 'b' }, input: { text: 'two' } });
    expect([status, headers.get('location')]).toEqual([201, `/v1/jobs/${body.job_id}`]);
    expect(await resultOf(body.job_id)).toEqual({ ran: ['b', 'c'], text: 'two' });
    const { body: job } = await becomes(body.job_id, 'completed');
    expect(job).toMatchObject({
      ...{ forked_from: { job_id: source, step: { path: '', name: 'b', nth: 1 } }, tags: ['first'] },
      ...{ input: { text: 'two' }, lane: 'standard', parent_id: null },
    });
    const steps = await get(`/v1/jobs/${body.job_id}/steps`);
    expect(steps.body.items).toMatchObject([
      { name: 'a', output: 'a of one', generation: 0 },
      { name: 'b', output: 'b of two', generation: 1 },
      { name: 'c', output: 'c of two', generation: 1 },
    ]);
    const [accepted] = await readSse(eventsOf(body.job_id), { token: platform.api.apiKey });
    expect(accepted?.data).toMatchObject({ labels: ['mail'], forked_from: { job_id: source, name: 'b' } });
    expect((await becomes(source, 'completed')).body).toMatchObject({ forked_from: null });
  });

  test('of a fork takes what that one took', async () => {
    const { body: first } = await fork(await ended(), { from_step: { name: 'b' } });
    await resultOf(first.job_id);
    const { body } = await fork(first.job_id, { from_step: { name: 'c' }, tags: ['again'] });
    expect(await resultOf(body.job_id)).toEqual({ ran: ['c'], text: 'one' });
  });

  test('from the beginning takes nothing', async () => {
    const source = await ended();
    const { body } = await fork(source, { from_step: null });
    expect(await resultOf(body.job_id)).toEqual({ ran: ['a', 'b', 'c'], text: 'one' });
    const { body: job } = await becomes(body.job_id, 'completed');
    expect(job).toMatchObject({ forked_from: { job_id: source, step: null } });
  });

  test('from a wait that is open begins it again', async () => {
    const { body: source } = await start('asking');
    await becomes(source.job_id, 'waiting');
    const { body } = await fork(source.job_id, { from_step: { name: 'approved' } });
    await becomes(body.job_id, 'waiting');
    await post(`/v1/jobs/${body.job_id}/signals/approved`, {});
    expect(await resultOf(body.job_id)).toBe('approved');
    expect((await get(`/v1/jobs/${source.job_id}`)).body.status).toBe('waiting');
  });

  test('from a step that is not there is refused, as is one of an unknown job', async () => {
    const source = await ended();
    for (const step of [{ name: 'd' }, { name: 'b', nth: 2 }, { path: 'left/1', name: 'b' }]) {
      const refused = await fork(source, { from_step: step });
      expect([...codeOf(refused), refused.body.errors?.[0]?.pointer]).toEqual([
        ...[404, 'JOB_STEP_UNKNOWN', '#/from_step'],
      ]);
    }
    expect(codeOf(await fork(randomUUID(), { from_step: null }))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await fork(source, {})).status).toBe(400);
  });

  test('is decided like a start, and checks its input like one', async () => {
    const source = await ended();
    const weak = await platform.clientWith('demo', ['jobs:start:idle', 'jobs:control']);
    expect(codeOf(await fork(source, { from_step: null }, weak))).toEqual([403, 'POLICY_DENIED']);
    const refused = await fork(source, { from_step: { name: 'b' }, input: { text: 7 } });
    expect([...codeOf(refused), refused.body.errors?.[0]?.pointer]).toEqual([422, 'JOB_INPUT_INVALID', '#/input/text']);
  });

  test('is refused while the read model lacks a result before the step: the step would run again', async () => {
    platform.readModel.paused = true;
    const source = await ended();
    const refused = await fork(source, { from_step: { name: 'b' } });
    expect([...codeOf(refused), refused.headers.get('retry-after')]).toEqual([503, 'READ_MODEL_BEHIND', '1']);
    platform.readModel.paused = false;
    const { body } = await fork(source, { from_step: { name: 'b' } });
    expect(await resultOf(body.job_id)).toEqual({ ran: ['b', 'c'], text: 'one' });
  });
});

describe('a start', () => {
  test('of an unknown type is refused with the types there are', async () => {
    const { status, body } = await start('ading');
    expect([status, body.code]).toEqual([404, 'JOB_TYPE_UNKNOWN']);
    expect(body.detail).toMatch(
      /the types are adding, anomalies.what-if, asking, audit.export, capsule.upgrade-check, failing, idle, inference.batch, persona.check, persona.recheck, staged, together, workflow.run; did you mean adding\?$/,
    );
    expect(body.types).toEqual([
      ...[
        'adding',
        'anomalies.what-if',
        'asking',
        'audit.export',
        'capsule.upgrade-check',
        'failing',
        'idle',
        'inference.batch',
      ],
      ...['persona.check', 'persona.recheck', 'staged', 'together', 'workflow.run'],
    ]);
  });

  test('with an input that its schema refuses names each field, and appends nothing', async () => {
    const before = startsInLog();
    const { status, body } = await start('adding', { numbers: [1, 'two'], more: 1 });
    expect([status, body.code]).toEqual([422, 'JOB_INPUT_INVALID']);
    expect(body.errors?.map(({ in: part, pointer }) => [part, pointer]).sort()).toEqual([
      ['body', '#/input/more'],
      ['body', '#/input/numbers/1'],
    ]);
    const missing = await start('adding', {});
    expect(missing.body.errors).toMatchObject([{ pointer: '#/input/numbers' }]);
    expect(startsInLog()).toBe(before);
  });

  test('with an input above 10 MB is too large', async () => {
    const limit = 10 * 1024 * 1024;
    expect(codeOf(await start('idle', { text: 'x'.repeat(limit) }))).toEqual([413, 'JOB_INPUT_TOO_LARGE']);
    expect(codeOf(await start('idle', { text: 'x'.repeat(limit + 300_000) }))).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('without the capability of its type is refused with the decision', async () => {
    const weak = await platform.clientWith('demo', ['jobs:start:idle']);
    const refused = await weak.call<JobJson>('POST', '/v1/jobs/start', { body: { type: 'failing', input: {} } });
    expect([refused.status, refused.body.code, refused.body.decision?.reasons[0]]).toEqual([
      403,
      'POLICY_DENIED',
      'CAPABILITY_MISSING',
    ]);
    expect(codeOf(await post(`/v1/jobs/${randomUUID()}/cancel`, { reason: 'x' }, weak))).toEqual([
      403,
      'CAPABILITY_MISSING',
    ]);
  });
});

describe('a concurrency key', () => {
  test('lets one job run after another, and shows the others as queued', async () => {
    const key = { concurrency_key: randomUUID() };
    const { body: first } = await start('idle', {}, key);
    await becomes(first.job_id, 'running');
    const { body: second } = await start('idle', {}, key);
    const listed = await until(
      () => get('/v1/jobs?status=queued'),
      ({ body }) => body.items.some(({ job_id }) => job_id === second.job_id),
    );
    expect(listed.body.items.map(({ job_id }) => job_id)).not.toContain(first.job_id);
    expect((await get(`/v1/jobs/${second.job_id}`)).body.status).toBe('queued');
    await post(`/v1/jobs/${first.job_id}/cancel`, { reason: 'a test' });
    await becomes(second.job_id, 'running');
    await post(`/v1/jobs/${second.job_id}/cancel`, { reason: 'a test' });
  });
});

describe('the lane interactive', () => {
  test('takes a capability, which the denial names', async () => {
    const weak = await platform.clientWith('demo', ['jobs:start:idle']);
    const body = { type: 'idle', input: {}, lane: 'interactive' };
    const refused = await weak.call<JobJson>('POST', '/v1/jobs/start', { body });
    expect([...codeOf(refused), refused.body.decision?.reasons[0]]).toEqual([
      403,
      'POLICY_DENIED',
      'CAPABILITY_MISSING',
    ]);
    expect(JSON.stringify(refused.body.decision)).toContain('capability:jobs:lane:interactive');
    const strong = await platform.clientWith('demo', ['jobs:start:idle', 'jobs:lane:interactive']);
    expect((await strong.call<JobJson>('POST', '/v1/jobs/start', { body })).status).toBe(201);
  });
});

describe('a result', () => {
  test('is 202 while the job runs, also after a wait', async () => {
    const { body } = await start('idle');
    expect((await get(`/v1/jobs/${body.job_id}/result`)).status).toBe(202);
    const began = Date.now();
    const waited = await get(`/v1/jobs/${body.job_id}/result`, platform.api, { prefer: 'wait=1' });
    expect([waited.status, Object.keys(waited.body).sort()]).toEqual([
      202,
      ['constitution_digest', 'job_id', 'simulated', 'status'],
    ]);
    expect(Date.now() - began).toBeGreaterThan(900);
  });

  test('of a failed job is a problem with its code; once retried and completed, it is there', async () => {
    const { body } = await start('failing');
    const failed = await get(`/v1/jobs/${body.job_id}/result`, platform.api, { prefer: 'wait=10' });
    expect([...codeOf(failed), failed.body.job_code, failed.body.detail]).toEqual([
      ...[409, 'JOB_FAILED', 'BROKEN', 'it broke'],
    ]);
    await becomes(body.job_id, 'failed');
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/signals/x`))).toEqual([409, 'JOB_ENDED']);
    const retried = await post(`/v1/jobs/${body.job_id}/retry`);
    expect([retried.status, retried.body.status]).toEqual([200, 'retried']);
    await becomes(body.job_id, 'completed');
    expect((await get(`/v1/jobs/${body.job_id}/result`)).body.result).toBe('mended');
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/retry`))).toEqual([409, 'JOB_NOT_RETRYABLE']);
  });

  test('of a cancelled job is a problem', async () => {
    const { body } = await start('idle');
    const cancelled = await post(`/v1/jobs/${body.job_id}/cancel`, { reason: 'not needed' });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    await becomes(body.job_id, 'cancelled');
    expect(codeOf(await get(`/v1/jobs/${body.job_id}/result`))).toEqual([409, 'JOB_CANCELLED']);
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/cancel`, { reason: 'again' }))).toEqual([409, 'JOB_ENDED']);
  });
});

describe('a control', () => {
  test('pauses and resumes a job', async () => {
    const { body } = await start('idle');
    await becomes(body.job_id, 'running');
    expect(codeOf(await post(`/v1/jobs/${body.job_id}/resume`))).toEqual([409, 'JOB_NOT_SUSPENDED']);
    expect((await post(`/v1/jobs/${body.job_id}/pause`, { reason: 'a test' })).body.status).toBe('paused');
    await becomes(body.job_id, 'paused');
    expect((await get(`/v1/jobs?status=paused`)).body.items.map(({ job_id }) => job_id)).toContain(body.job_id);
    expect((await post(`/v1/jobs/${body.job_id}/resume`)).body.status).toBe('resumed');
    await becomes(body.job_id, 'running');
  });

  test('reaches a job at once after its start, at any gateway', async () => {
    const second = await platform.another(['http']);
    const there = new ApiClient({ url: second.url, apiKey: platform.api.apiKey });
    const { body } = await start('idle');
    expect((await post(`/v1/jobs/${body.job_id}/cancel`, { reason: 'a test' }, there)).status).toBe(200);
    await second.close();
  });

  test('by a session reaches a job of the session', async () => {
    const { body: session } = await platform.api.start({
      persona: 'guide',
      capabilities: ['jobs:start:idle', 'jobs:control'],
    });
    const byToken = (path: string, sent: object) =>
      platform.api.call<JobJson>('POST', path, { token: session.token, body: sent });
    const { status, body } = await byToken('/v1/jobs/start', { type: 'idle', input: {} });
    expect(status).toBe(201);
    expect((await byToken(`/v1/jobs/${body.job_id}/cancel`, { reason: 'a test' })).status).toBe(200);
    const { body: own } = await start('idle');
    await becomes(own.job_id, 'running');
    // By a key, a job of a session is reached in the place of the session.
    const { body: again } = await byToken('/v1/jobs/start', { type: 'idle', input: {} });
    expect((await post(`/v1/jobs/${again.job_id}/cancel`, { reason: 'a test' })).status).toBe(200);
  });
});

describe('a list of jobs', () => {
  test('is filtered and comes in pages, the newest first', async () => {
    const tag = `page-${randomUUID()}`;
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.unshift((await start('adding', { numbers: [n] }, { tags: [tag] })).body.job_id);
    await Promise.all(ids.map((id) => becomes(id, 'completed')));
    const first = await get(`/v1/jobs?tag=${tag}&limit=2&type=adding&status=completed`);
    expect(first.body.items.map(({ job_id }) => job_id)).toEqual(ids.slice(0, 2));
    const second = await get(`/v1/jobs?tag=${tag}&limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body.items.map(({ job_id }) => job_id)).toEqual(ids.slice(2));
    expect((await get(`/v1/jobs?tag=${tag}&status=failed`)).body.items).toEqual([]);
    const before = '2020-01-01T00:00:00Z';
    expect((await get(`/v1/jobs?tag=${tag}&created_before=${before}`)).body.items).toEqual([]);
    expect((await get(`/v1/jobs?tag=${tag}&created_from=${before}`)).body.items).toHaveLength(3);
    expect((await get('/v1/jobs?status=lost')).status).toBe(400);
  });
});

describe('a stream of a job', () => {
  const read = (jobId: string, lastEventId?: string, url = platform.url) =>
    readSse(eventsOf(jobId, url), {
      token: platform.api.apiKey,
      ...(lastEventId !== undefined && { lastEventId }),
    });

  test('shows its events to its end, without what its caller may do', async () => {
    const { body } = await start('adding', { numbers: [1, 2] });
    const events = await read(body.job_id);
    expect(namesOf(events)).toEqual(LIFE);
    expect(new Set(events.map(({ id }) => id)).size).toBe(LIFE.length);
    expect(events[0]?.data).toMatchObject({ type: 'adding', input: { numbers: [1, 2] } });
    expect(events[0]?.data).not.toHaveProperty('capabilities');
    expect(events.at(-1)?.data).toMatchObject({ output: { sum: 3 }, job_id: body.job_id });
  });

  test('that is cut at every event and resumed, at any gateway, has no gap and no repeat', async () => {
    const { body } = await start('adding', { numbers: [5] });
    const whole = await read(body.job_id);
    const second = await platform.another(['http']);
    for (const [at, { id }] of whole.slice(0, -1).entries())
      for (const url of [platform.url, second.url])
        expect([...whole.slice(0, at + 1), ...(await read(body.job_id, id, url))]).toEqual(whole);
    await second.close();
    const over = await openSse(eventsOf(body.job_id), {
      token: platform.api.apiKey,
      lastEventId: whole.at(-1)?.id ?? '',
    });
    expect(over.status).toBe(204);
  });

  test('reads from the log what the read model does not have yet', async () => {
    platform.readModel.paused = true;
    const { body } = await start('adding', { numbers: [6] });
    const whole = await read(body.job_id);
    const second = await platform.another(['http']);
    // A gateway that has read nothing of the job: it learns from the read model that the job exists.
    platform.readModel.paused = false;
    await becomes(body.job_id, 'completed');
    platform.readModel.paused = true;
    const fresh = await read(body.job_id, undefined, second.url);
    platform.readModel.paused = false;
    await second.close();
    expect(fresh).toEqual(whole);
  });

  test('with follow shows a retry; without it ends with the job', async () => {
    const { body } = await start('failing');
    const until2 = (_: SseEvent, soFar: readonly SseEvent[]) => namesOf(soFar).includes('job.completed');
    const following = readSse(`${eventsOf(body.job_id)}?follow=true`, { token: platform.api.apiKey }, until2);
    await becomes(body.job_id, 'failed');
    expect(namesOf(await read(body.job_id))).toEqual(['job.accepted', 'job.run_started', 'job.failed']);
    await post(`/v1/jobs/${body.job_id}/retry`);
    expect(namesOf(await following)).toEqual([
      ...['job.accepted', 'job.run_started', 'job.failed', 'job.retried', 'job.run_started', 'job.completed'],
    ]);
  });

  test('refuses the id of an event that is none of the job', async () => {
    const { body } = await start('adding', { numbers: [7] });
    await becomes(body.job_id, 'completed');
    const stream = await openSse(eventsOf(body.job_id), { token: platform.api.apiKey, lastEventId: randomUUID() });
    expect([stream.status, stream.problem?.['code']]).toEqual([400, 'REQUEST_INVALID']);
  });
});

test('types of jobs are listed with their schemas', async () => {
  const { body } = await get('/v1/job-types', other);
  expect(body.items).toMatchObject([
    { type: 'adding', input_schema: { properties: { numbers: { type: 'array' } } }, retry: { attempts_max: 3 } },
    { type: 'anomalies.what-if' },
    { type: 'asking' },
    { type: 'audit.export' },
    { type: 'capsule.upgrade-check', queue: 'built-in' },
    { type: 'failing' },
    { type: 'idle' },
    { type: 'inference.batch', queue: 'built-in' },
    { type: 'persona.check', queue: 'built-in' },
    { type: 'persona.recheck', queue: 'built-in' },
    { type: 'staged' },
    { type: 'together' },
    { type: 'workflow.run', queue: 'built-in' },
  ]);
});
