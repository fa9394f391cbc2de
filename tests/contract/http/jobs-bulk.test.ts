import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fullNames } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { type ApiAnswer, ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { startJobWorker, typesKnown } from './support/job-worker.ts';

/** An answer of a bulk request, a list of jobs, or a problem. */
interface BulkJson extends ProblemJson {
  readonly accepted: number;
  readonly batch_id: string;
  readonly job_ids: readonly string[];
  readonly items: readonly { readonly job_id: string; readonly status: string; readonly run_at: string | null }[];
  readonly count: number;
  readonly sample: readonly { readonly job_id: string }[];
  readonly token: string;
}

let platform: Harness;
let worker: Awaited<ReturnType<typeof startJobWorker>>;
beforeAll(async () => {
  platform = await startHarness();
  worker = await startJobWorker(platform.log, platform.decoder);
  await typesKnown(platform.api);
});
afterAll(async () => {
  await worker.close();
  await platform.close();
});

const codeOf = ({ status, body }: ApiAnswer<BulkJson>) => [status, body.code];
const startAll = (body: object, headers: Record<string, string> = {}, client = platform.api) =>
  client.call<BulkJson>('POST', '/v1/jobs/start/bulk', { body, headers });
const list = async (query: string) =>
  (await platform.api.call<BulkJson>('GET', `/v1/jobs?limit=200&${query}`)).body.items;
const listed = (query: string, count: number) =>
  until(
    () => list(query),
    (items) => items.length === count,
  );
const jobOf = async (id: string) =>
  (await platform.api.call<Readonly<Record<string, unknown>>>('GET', `/v1/jobs/${id}`)).body;
const entriesOf = (topic: string) =>
  platform.log.partitionsOf(topic).reduce((sum, { entries }) => sum + entries.length, 0);

describe('a bulk start', () => {
  test('starts a job for each item, found by the tag of its batch', async () => {
    const items = [
      { input: { numbers: [1] } },
      { input: { numbers: [2] }, tags: ['two'] },
      { input: { numbers: [3] } },
    ];
    const { status, body, headers } = await startAll({ type: 'adding', items });
    expect([status, body.accepted, headers.get('location')]).toEqual([
      ...[202, 3, `/v1/jobs?tag=batch%3A${body.batch_id}`],
    ]);
    const jobs = await listed(`tag=batch:${body.batch_id}&status=completed`, 3);
    expect(jobs.map(({ job_id }) => job_id).sort()).toEqual([...body.job_ids].sort());
    expect((await list('tag=two')).map(({ job_id }) => job_id)).toEqual([body.job_ids[1]]);
    expect(new Set(body.job_ids).size).toBe(3);
  });

  test('of 10,000 jobs is one request', async () => {
    const before = entriesOf(topics.jobsCommands.name);
    const items = Array.from({ length: 10_000 }, () => ({ input: {}, run_at: '2030-01-01T00:00:00Z' }));
    const { status, body } = await startAll({ type: 'idle', items, lane: 'batch' });
    expect([status, body.accepted, body.job_ids.length]).toEqual([202, 10_000, 10_000]);
    expect(entriesOf(topics.jobsCommands.name) - before).toBe(10_000);
    expect(codeOf(await startAll({ type: 'idle', items: [...items, {}] }))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('that is repeated starts nothing twice, at any gateway; another one with the key is refused', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { type: 'adding', items: [{ input: { numbers: [1] } }, { input: { numbers: [2] } }] };
    const first = await startAll(body, key);
    expect((await startAll(body, key)).body).toEqual(first.body);
    await listed(`tag=batch:${first.body.batch_id}&status=completed`, 2);
    const second = await platform.another(['http']);
    const there = new ApiClient({ url: second.url, apiKey: platform.api.apiKey });
    const before = entriesOf(topics.jobsCommands.name);
    expect((await startAll(body, key, there)).body).toEqual(first.body);
    for (const client of [platform.api, there])
      expect(codeOf(await startAll({ ...body, lane: 'batch' }, key, client))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(entriesOf(topics.jobsCommands.name)).toBe(before);
    await second.close();
  });

  test('names the fields of the items that are wrong, at most 100, and starts none', async () => {
    const before = entriesOf(topics.jobsCommands.name);
    const right = { input: { numbers: [1] } };
    const refused = await startAll({ type: 'adding', items: [right, { input: { numbers: ['x'] } }, { input: {} }] });
    expect(codeOf(refused)).toEqual([422, 'JOB_INPUT_INVALID']);
    expect(refused.body.errors?.map(({ pointer }) => pointer)).toEqual([
      ...['#/items/1/input/numbers/0', '#/items/2/input/numbers'],
    ]);
    const many = await startAll({ type: 'adding', items: Array.from({ length: 500 }, () => ({ input: {} })) });
    expect([...codeOf(many), many.body.errors?.length]).toEqual([422, 'JOB_INPUT_INVALID', 100]);
    const shapes = await startAll({ type: 'adding', items: [right, { planted: 1 }, { tags: 'a' }] });
    expect(shapes.body.errors?.map(({ pointer }) => pointer)).toEqual(['#/items/1/planted', '#/items/2/tags']);
    const late = await startAll({ type: 'adding', items: [right, { ...right, run_at: '2200-01-01T00:00:00Z' }] });
    expect([...codeOf(late), late.body.errors?.[0]?.pointer]).toEqual([400, 'REQUEST_INVALID', '#/items/1/run_at']);
    expect(codeOf(await startAll({ type: 'ading', items: [right] }))).toEqual([404, 'JOB_TYPE_UNKNOWN']);
    expect(codeOf(await startAll({ type: 'adding', items: [] }))).toEqual([400, 'REQUEST_INVALID']);
    expect(entriesOf(topics.jobsCommands.name)).toBe(before);
  });

  test('takes a body of 10 MB, with inputs of any size', async () => {
    const item = (chars: number) => ({ input: { text: 'x'.repeat(chars) }, run_at: '2030-01-01T00:00:00Z' });
    const items = Array.from({ length: 150 }, () => item(65_000));
    expect((await startAll({ type: 'idle', items })).status).toBe(202);
    const large = await startAll({ type: 'idle', items: [item(1), item(700_000)] });
    const contents = await until(
      async () => (await Promise.all(large.body.job_ids.map(jobOf))).map((job) => job['input_content']),
      (found) => found.every((each) => each !== undefined),
    );
    expect(contents).toMatchObject([null, { bytes: 700_011 }]);
    const tooLarge = await startAll({ type: 'idle', items: Array.from({ length: 170 }, () => item(65_000)) });
    expect(codeOf(tooLarge)).toEqual([413, 'BODY_TOO_LARGE']);
    expect(tooLarge.body.detail).toBe('The body has more than 10240 KB');
  });

  describe('as NDJSON', () => {
    const right = { input: { numbers: [1] } };
    const send = async (body: string, query = 'type=adding', headers: Record<string, string> = {}) => {
      const answer = await fetch(`${platform.api.url}/v1/jobs/start/bulk?${query}`, {
        ...{ method: 'POST', body },
        headers: {
          ...{ authorization: `Bearer ${platform.api.apiKey}`, 'content-type': 'application/x-ndjson', ...headers },
        },
      });
      return { status: answer.status, body: (await answer.json()) as BulkJson };
    };
    const linesOf = (...items: readonly object[]) => items.map((item) => JSON.stringify(item)).join('\n');
    const faultsOf = ({ status, body }: Awaited<ReturnType<typeof send>>) => [
      ...[status, body.code],
      ...(body.errors ?? []).map((error) => [error.in, error.pointer, error.detail]),
    ];

    test('starts a job for each line; a repeat starts none', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const body = `\n${linesOf(right, { input: { numbers: [2] }, tags: ['line-two'] })}\r\n\n`;
      const query = 'type=adding&lane=batch&labels=customer-data,internal';
      const first = await send(body, query, key);
      expect([first.status, first.body.accepted]).toEqual([202, 2]);
      await listed(`tag=batch:${first.body.batch_id}&status=completed`, 2);
      expect((await list('tag=line-two')).map(({ job_id }) => job_id)).toEqual([first.body.job_ids[1]]);
      const before = entriesOf(topics.jobsCommands.name);
      expect((await send(body, query, key)).body).toEqual(first.body);
      const other = await send(linesOf(right), query, key);
      expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
      expect(entriesOf(topics.jobsCommands.name)).toBe(before);
    });

    test('names the lines that are wrong, and starts none', async () => {
      const before = entriesOf(topics.jobsCommands.name);
      const wrong = await send(`${linesOf(right)}\n\n${linesOf({ input: { numbers: ['x'] } }, { input: {} })}`);
      expect(faultsOf(wrong)).toEqual([
        ...[422, 'JOB_INPUT_INVALID'],
        ['body', '#/input/numbers/0', 'Line 3: The value must be number'],
        ['body', '#/input/numbers', expect.stringContaining('Line 4: ')],
      ]);
      expect(wrong.body.detail).toContain('#/input/numbers/0 (body): Line 3: The value must be number');
      expect(faultsOf(await send(linesOf(right, { planted: 1 }, [])))).toEqual([
        ...[400, 'REQUEST_INVALID'],
        ...[
          ['body', '#/planted', 'Line 2: Unknown field'],
          ['body', '#', expect.stringContaining('Line 3: ')],
        ],
      ]);
      const late = await send(linesOf(right, { ...right, run_at: '2200-01-01T00:00:00Z' }));
      expect(faultsOf(late)).toEqual([
        ...[400, 'REQUEST_INVALID', ['body', '#/run_at', expect.stringContaining('Line 2: ')]],
      ]);
      for (const [text, where] of [
        [`${linesOf(right)}\n{"input": x}`, 'Line 2 is not valid JSON: character 11'],
        ['{"input": ', 'Line 1 is not valid JSON: it ends too early, or has a forbidden key'],
        ['{"__proto__": 1}', 'Line 1 is not valid JSON: it ends too early, or has a forbidden key'],
      ] as const) {
        const { status, body } = await send(text);
        expect([status, body.code, body.detail]).toEqual([400, 'REQUEST_MALFORMED', where]);
      }
      expect(entriesOf(topics.jobsCommands.name)).toBe(before);
    });

    test('has the bounds of the JSON form, and its fields in the query', async () => {
      const many = Array.from({ length: 10_001 }, () => ({ input: {} }));
      for (const body of ['', linesOf(...many)])
        expect(faultsOf(await send(body, 'type=idle')).slice(0, 2)).toEqual([400, 'REQUEST_INVALID']);
      const tooLarge = await send('x'.repeat(11 * 1024 * 1024));
      expect([tooLarge.status, tooLarge.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
      expect(faultsOf(await send(linesOf(right), ''))).toEqual([
        ...[400, 'REQUEST_INVALID', ['query', '#/type', expect.stringContaining('type is required')]],
      ]);
      expect(faultsOf(await send(linesOf(right), 'type=adding&lane=fast')).slice(0, 2)).toEqual([
        ...[400, 'REQUEST_INVALID'],
      ]);
      const both = await platform.api.call<BulkJson>('POST', '/v1/jobs/start/bulk?type=adding', {
        body: { type: 'adding', items: [right] },
      });
      expect([...codeOf(both), both.body.errors?.[0]?.pointer]).toEqual([400, 'REQUEST_INVALID', '#/type']);
      const elsewhere = await fetch(`${platform.api.url}/v1/jobs/start`, {
        ...{ method: 'POST', body: '{}' },
        headers: { authorization: `Bearer ${platform.api.apiKey}`, 'content-type': 'application/x-ndjson' },
      });
      expect(elsewhere.status).toBe(415);
    }, 60_000);
  });

  test('is decided job by job: without the capability each is refused in the log', async () => {
    const weak = await platform.clientWith('demo', ['jobs:start:idle']);
    const { status, body } = await startAll({ type: 'adding', items: [{ input: { numbers: [1] } }] }, {}, weak);
    expect(status).toBe(202);
    const [jobId = ''] = body.job_ids;
    const key = { topic: topics.jobsEvents.name, key: jobId, afterVersion: 0, limit: 10 };
    const found = await until(
      () => platform.readModel.stream('demo', key),
      ({ events }) => events.length > 0,
    );
    expect(found.events.map(({ type }) => type)).toEqual([fullNames.JobRefused]);
  });
});

describe('a bulk action', () => {
  const act = (body: object, client = platform.api, headers: Record<string, string> = {}) =>
    client.call<BulkJson>('POST', '/v1/jobs/bulk', { body, headers });
  const reason = 'a test';
  /** Starts jobs that run later, with a tag of their own. */
  const tagged = async (count: number) => {
    const tag = `bulk-${randomUUID()}`;
    const item = { run_at: '2030-01-01T00:00:00Z', tags: [tag] };
    await startAll({ type: 'idle', items: Array.from({ length: count }, () => item) });
    await listed(`tag=${tag}`, count);
    return tag;
  };

  test('shows what it would do, and does it for exactly those jobs', async () => {
    const tag = await tagged(12);
    const request = { filter: { tag, type: 'idle' }, action: 'pause', reason };
    const before = entriesOf(topics.jobsControls.name);
    const dry = await act({ ...request, dry_run: true });
    expect([dry.status, dry.body.count, dry.body.sample.length]).toEqual([200, 12, 10]);
    expect(entriesOf(topics.jobsControls.name)).toBe(before);
    const done = await act({ ...request, token: dry.body.token });
    expect([done.status, done.body.accepted]).toEqual([202, 12]);
    await listed(`tag=${tag}&status=paused`, 12);
    const resume = { filter: { tag }, action: 'resume', reason };
    const { token } = (await act({ ...resume, dry_run: true })).body;
    expect((await act({ ...resume, token })).body.accepted).toBe(12);
    await listed(`tag=${tag}&status=queued`, 12);
    const cancel = { filter: { tag, status: 'queued' }, action: 'cancel', reason };
    const sure = (await act({ ...cancel, dry_run: true })).body;
    expect((await act({ ...cancel, token: sure.token })).status).toBe(202);
    await listed(`tag=${tag}&status=cancelled`, 12);
    // None of them can be cancelled, or retried, any more.
    for (const action of ['cancel', 'retry'])
      expect((await act({ filter: { tag }, action, reason, dry_run: true })).body.count).toBe(0);
  });

  test('is refused when the filter finds other jobs by then', async () => {
    const tag = await tagged(2);
    const request = { filter: { tag }, action: 'cancel', reason };
    const { token } = (await act({ ...request, dry_run: true })).body;
    await startAll({ type: 'idle', items: [{ run_at: '2030-01-01T00:00:00Z', tags: [tag] }] });
    await listed(`tag=${tag}`, 3);
    const refused = await act({ ...request, token });
    expect([...codeOf(refused), refused.body.count]).toEqual([409, 'JOB_BULK_CHANGED', 3]);
    expect(await list(`tag=${tag}&status=cancelled`)).toEqual([]);
  });

  test('is refused without the token of this caller, filter and action', async () => {
    const tag = await tagged(1);
    const request = { filter: { tag }, action: 'cancel', reason };
    const { token } = (await act({ ...request, dry_run: true })).body;
    const colleague = await platform.clientWith('demo', ['*']);
    const stranger = await platform.clientWith('acme', ['*']);
    for (const answer of [
      await act(request),
      await act({ ...request, token: 'nonsense' }),
      await act({ ...request, token: `${token.slice(0, -4)}AAAA` }),
      await act({ ...request, token, action: 'pause' }),
      await act({ ...request, token, filter: {} }),
      await act({ ...request, token }, colleague),
      await act({ ...request, token }, stranger),
    ])
      expect(codeOf(answer)).toEqual([422, 'JOB_BULK_TOKEN_INVALID']);
    const foreign = await act({ filter: {}, action: 'cancel', reason, dry_run: true }, stranger);
    expect(foreign.body.count).toBe(0);
    expect((await act({ ...request, token })).status).toBe(202);
  });

  test('that is repeated with its key has the same answer, and changes nothing', async () => {
    const tag = await tagged(3);
    const request = { filter: { tag }, action: 'cancel', reason };
    const { token } = (await act({ ...request, dry_run: true })).body;
    const key = { 'idempotency-key': randomUUID() };
    const first = await act({ ...request, token }, platform.api, key);
    await listed(`tag=${tag}&status=cancelled`, 3);
    const before = entriesOf(topics.jobsControls.name);
    expect((await act({ ...request, token }, platform.api, key)).body).toEqual(first.body);
    const second = await platform.another(['http']);
    const there = new ApiClient({ url: second.url, apiKey: platform.api.apiKey });
    expect((await act({ ...request, token }, there, key)).body).toEqual(first.body);
    await second.close();
    expect(entriesOf(topics.jobsControls.name)).toBe(before);
  });

  test('takes jobs:control', async () => {
    const weak = await platform.clientWith('demo', ['jobs:start:*']);
    const refused = await act({ filter: {}, action: 'cancel', reason, dry_run: true }, weak);
    expect(codeOf(refused)).toEqual([403, 'CAPABILITY_MISSING']);
  });

  test('on more than 10,000 jobs is refused', async () => {
    const refused = await act({ filter: { type: 'idle' }, action: 'cancel', reason, dry_run: true });
    expect(codeOf(refused)).toEqual([422, 'JOB_BULK_TOO_LARGE']);
  });
});
