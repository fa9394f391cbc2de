import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiAnswer, ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

/** A memory, a recall, a page, or a problem. */
interface MemoryJson extends ProblemJson {
  readonly memory_id: string;
  readonly text: string;
  readonly digest: string;
  readonly space: string;
  readonly labels: readonly string[];
  readonly namespace: string;
  readonly remembered_at: string;
  readonly context: string;
  readonly model: string;
  readonly memory: readonly { readonly score: number; readonly payload: MemoryJson }[];
  readonly items: readonly MemoryJson[];
  readonly links: readonly { readonly from_key: string; readonly to_key: string; readonly type: string }[];
}

let platform: Harness;
/** A client of the same tenant that may recall in one space alone. */
let reader: ApiClient;
let other: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  reader = await platform.clientWith('demo', ['memory:recall:team']);
  other = await platform.clientWith('acme', ['memory:*']);
});
afterAll(() => platform.close());

const post = (path: string, body: object, client = platform.api, headers: Record<string, string> = {}) =>
  client.call<MemoryJson>('POST', `/v1/memory/${path}`, { body, headers });
const remember = (text: string, more: object = {}, client = platform.api) =>
  post('remember', { text, ...more }, client);
const recall = (query: string, more: object = {}, client = platform.api) => post('recall', { query, ...more }, client);
const get = (id: string, client = platform.api) => client.call<MemoryJson>('GET', `/v1/memory/memories/${id}`);
const forget = (id: string, client = platform.api) => post(`memories/${id}/forget`, { reason: 'a test' }, client);
const textsOf = ({ body }: ApiAnswer<MemoryJson>) => body.memory.map(({ payload }) => payload.text);
const problemOf = ({ status, body }: ApiAnswer<MemoryJson>) => [status, body.code];

const OFFICE = 'The office in Cusco closes at six.';

describe('a memory', () => {
  test('is kept, recalled by the words that it shares with a question, and shown', async () => {
    const space = 'kept';
    const { status, body, headers } = await remember(OFFICE, { space, tags: ['office'], metadata: { city: 'Cusco' } });
    expect([status, headers.get('location')]).toEqual([201, `/v1/memory/memories/${body.memory_id}`]);
    expect(body).toMatchObject({ ok: true, success: true, namespace: space, text: OFFICE, status: 'kept' });
    await remember('Llamas eat grass.', { space });
    const found = await recall('When does the office close?', { space, k: 1 });
    expect(textsOf(found)).toEqual([OFFICE]);
    expect(found.body).toMatchObject({ namespace: space, compared: 2, model: 'feature-hashing-384', wm: [] });
    expect(found.body.memory[0]?.payload).toMatchObject({ memory_id: body.memory_id, digest: body.digest });
    expect(found.body.memory[0]?.score).toBeGreaterThan(0.2);
    expect((await get(body.memory_id)).body).toMatchObject({ text: OFFICE, links: [] });
    for (const [filter, count] of [
      [{ tags: ['office'] }, 1],
      [{ metadata: { city: 'Lima' } }, 0],
      [{ labels: ['secret'] }, 0],
      [{ threshold: 0.99 }, 0],
    ] as const)
      expect([filter, textsOf(await recall('office', { space, ...filter })).length]).toEqual([filter, count]);
  });

  test('answers to the names of SomaBrain as well', async () => {
    await remember(OFFICE, { universe: 'soma' });
    expect(textsOf(await recall('office', { universe: 'soma', top_k: 5 }))).toEqual([OFFICE]);
    const { body } = await post('rag/retrieve', { query: 'office', universe: 'soma', limit: 5, trace_id: 't-1' });
    expect(body).toMatchObject({
      context: `[1] ${OFFICE}\n`,
      trace_id: 't-1',
      candidates: [{ payload: { text: OFFICE } }],
    });
    expect(problemOf(await recall('x', { universe: 'one', space: 'two' }))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('carries its labels, and recalls can leave them out', async () => {
    const space = 'labels';
    const { body } = await remember('Ana lives in Pisac.', { space, labels: ['customer-data'] });
    expect(body.labels).toEqual(['customer-data']);
    expect(textsOf(await recall('Pisac', { space, without_labels: ['customer-data'] }))).toEqual([]);
    expect(textsOf(await recall('Pisac', { space, labels: ['customer-data'] }))).toHaveLength(1);
  });

  test('is recalled as of a time and as of a position', async () => {
    const space = 'times';
    const first = await remember('The price is ten.', { space });
    const at = first.body.remembered_at;
    await new Promise((resolve) => setTimeout(resolve, 5));
    const later = { space, supersedes: [first.body.memory_id] };
    expect((await remember('The price is twelve.', later)).status).toBe(201);
    expect(textsOf(await recall('price', { space }))).toEqual(['The price is twelve.']);
    expect(textsOf(await recall('price', { space, as_of: at }))).toEqual(['The price is ten.']);
    const position = first.headers.get('khipu-position');
    expect(textsOf(await recall('price', { space, as_of: position }))).toEqual(['The price is ten.']);
    expect(textsOf(await recall('price', { space, as_of: '2020-01-01T00:00:00Z' }))).toEqual([]);
    expect(problemOf(await recall('price', { space, as_of: 'yesterday' }))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('is recalled for the times for which it is true', async () => {
    const space = 'valid';
    await remember('The shop is closed.', {
      space,
      valid_from: '2030-01-01T00:00:00Z',
      valid_to: '2030-02-01T00:00:00Z',
    });
    expect(textsOf(await recall('shop', { space }))).toEqual([]);
    expect(textsOf(await recall('shop', { space, valid_at: '2030-01-15T00:00:00Z' }))).toHaveLength(1);
    const turned = { space, valid_from: '2030-02-01T00:00:00Z', valid_to: '2030-01-01T00:00:00Z' };
    expect(problemOf(await remember('x', turned))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('is forgotten: no recall finds it, also as of an earlier time', async () => {
    const space = 'gone';
    const { body } = await remember('A secret of the house.', { space });
    expect((await forget(body.memory_id)).body).toMatchObject({ memory_id: body.memory_id, status: 'forgotten' });
    for (const asOf of [{}, { as_of: body.remembered_at }])
      expect(textsOf(await recall('secret', { space, ...asOf }))).toEqual([]);
    expect((await get(body.memory_id)).body).toMatchObject({ status: 'forgotten', text: '', digest: body.digest });
    expect(problemOf(await forget(body.memory_id))).toEqual([404, 'MEMORY_UNKNOWN']);
  });

  test('is linked to another one of its space', async () => {
    const [one, two] = [await remember('One.', { space: 'links' }), await remember('Two.', { space: 'links' })];
    const ends = { from_key: one.body.memory_id, to_key: two.body.memory_id };
    expect((await post('link', { ...ends, type: 'supports' })).body).toMatchObject({ ok: true, ...ends });
    for (const id of Object.values(ends))
      expect((await get(id)).body.links).toMatchObject([{ ...ends, type: 'supports' }]);
    const stranger = await remember('Elsewhere.', { space: 'more-links' });
    const across = await post('link', { from_key: one.body.memory_id, to_key: stranger.body.memory_id });
    expect(problemOf(across)).toEqual([404, 'MEMORY_UNKNOWN']);
    expect(problemOf(await remember('x', { space: 'links', supersedes: [stranger.body.memory_id] }))).toEqual([
      ...[404, 'MEMORY_UNKNOWN'],
    ]);
  });

  test('is kept once for one Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'memory-1' };
    const body = { text: 'Once.', space: 'once' };
    const [one, two] = [
      await post('remember', body, platform.api, headers),
      await post('remember', body, platform.api, headers),
    ];
    expect([one.status, two.body.memory_id]).toEqual([201, one.body.memory_id]);
    expect(textsOf(await recall('once', { space: 'once' }))).toEqual(['Once.']);
  });
});

describe('governance', () => {
  test('refuses a text that policy denies, and a space that a kill switch stops', async () => {
    expect(problemOf(await remember('Explain how to build a working pipe bomb at home.'))).toEqual([
      403,
      'POLICY_DENIED',
    ]);
    const set = (action: string) =>
      platform.api.call('POST', '/v1/kill-switch', { body: { scope: 'memory:stopped', action, reason: 'a test' } });
    await set('engage');
    expect(problemOf(await remember('x', { space: 'stopped' }))).toEqual([503, 'KILL_SWITCH']);
    await set('release');
    expect((await remember('x', { space: 'stopped' })).status).toBe(201);
  });

  test('asks for the capability of the space', async () => {
    const { body } = await remember('For the team.', { space: 'team' });
    expect(textsOf(await recall('team', { space: 'team' }, reader))).toEqual(['For the team.']);
    expect((await get(body.memory_id, reader)).status).toBe(200);
    expect(problemOf(await recall('x', { space: 'kept' }, reader))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await remember('x', { space: 'team' }, reader))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await forget(body.memory_id, reader))).toEqual([403, 'CAPABILITY_MISSING']);
  });

  test('keeps tenants apart', async () => {
    const { body } = await remember('Ours alone.', { space: 'ours' });
    expect(textsOf(await recall('Ours alone.', { space: 'ours' }, other))).toEqual([]);
    expect(problemOf(await get(body.memory_id, other))).toEqual([404, 'MEMORY_UNKNOWN']);
    expect(problemOf(await forget(body.memory_id, other))).toEqual([404, 'MEMORY_UNKNOWN']);
    const list = await other.call<MemoryJson>('GET', '/v1/memory/memories?space=ours');
    expect(list.body.items).toEqual([]);
  });

  test('lets a session remember and recall in a space of its own', async () => {
    const capabilities = ['memory:*', 'slm:invoke:*'];
    const { body: session } = await platform.api.start({ persona: 'guide', prompt: 'Hello.', capabilities });
    const client = new ApiClient({ url: platform.url, apiKey: session.token });
    expect((await remember('Noted.', {}, client)).body.space).toBe(`session.${session.session_id}`);
    expect(textsOf(await recall('noted', {}, client))).toEqual(['Noted.']);
    expect(textsOf(await recall('noted'))).toEqual([]);
  });
});

test('a persona is shown as SomaBrain shows one', async () => {
  const { body } = await until(
    () => platform.api.call<Record<string, unknown>>('GET', '/v1/memory/persona/guide'),
    ({ status }) => status === 200,
  );
  expect(body).toMatchObject({ id: 'guide', fact: 'persona', properties: { version: expect.any(Number) } });
  expect((await platform.api.call('GET', '/v1/memory/persona/not-there')).status).toBe(404);
});

test('memories are listed in pages, the newest first', async () => {
  for (const text of ['one', 'two', 'three']) await remember(text, { space: 'pages' });
  const { body } = await platform.api.call<MemoryJson>('GET', '/v1/memory/memories?space=pages&limit=2');
  expect(body.items.map(({ text }) => text)).toEqual(['three', 'two']);
});

describe('a turn with memories', () => {
  const start = (body: object, client = platform.api) =>
    client.call<MemoryJson>('POST', '/v1/sessions/start', {
      body: { persona: 'guide', prompt: 'When does the office close?', ...body },
    });

  test('takes the capability of each space', async () => {
    const answer = await start({ recall: { spaces: ['team'] }, capabilities: ['slm:invoke:*'] });
    expect(problemOf(answer)).toEqual([403, 'POLICY_DENIED']);
  });

  test('has a prompt, and bounds', async () => {
    expect(problemOf(await start({ prompt: undefined, recall: {} }))).toEqual([400, 'REQUEST_INVALID']);
    for (const recall of [{ k: 11 }, { spaces: [] }, { as_of: 'yesterday' }, { spaces: ['No space'] }])
      expect(problemOf(await start({ recall }))).toEqual([400, 'REQUEST_INVALID']);
  });
});
