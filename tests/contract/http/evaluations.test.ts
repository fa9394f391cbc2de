import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EvaluationResult } from '../../../infra/evaluations/result.ts';
import { type ApiAnswer, type ApiClient, type ProblemJson, type StartedJson, until } from '../../support/api-client.ts';
import { keptVerdict } from './support/evaluations.ts';
import { type Harness, startHarness } from './support/harness.ts';

/** A golden set, a run, a page, or a problem. */
interface EvaluationJson extends ProblemJson {
  readonly golden_set: string;
  readonly version: number;
  readonly digest: string;
  readonly cases: number;
  readonly evaluation_id: string;
  readonly verdict: string | null;
  readonly status: string & number;
  readonly last_verdict: string | null;
  readonly baseline: { readonly evaluation_id: string; readonly digest: string } | null;
  readonly document: {
    readonly cases: readonly { case_id: string; prompt: string; expect: object; source?: object }[];
  };
  readonly result: EvaluationResult | null;
  readonly items: readonly EvaluationJson[];
}

let platform: Harness;
let reader: ApiClient;
let other: ApiClient;
beforeAll(async () => {
  platform = await startHarness();
  reader = await platform.clientWith('demo', ['evaluations:read']);
  other = await platform.clientWith('acme', ['evaluations:*', 'jobs:*', 'slm:*']);
});
afterAll(() => platform.close());

const call = (
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
  client = platform.api,
) => client.call<EvaluationJson>(method, `/v1/evaluations${path}`, { ...(body !== undefined && { body }), headers });
const problemOf = ({ status, body }: ApiAnswer<EvaluationJson>) => [status, body.code];
const document = (over: object = {}) => ({
  ...{ persona: 'guide', margin: 0.3, scorers: [{ kind: 'regex' }] },
  cases: [{ case_id: 'khipu', prompt: 'What is a khipu?', expect: { pattern: 'khipu' } }],
  ...over,
});
const put = (name: string, over: object = {}, etag?: string, client = platform.api) =>
  call('PUT', `/golden-sets/${name}`, document(over), etag === undefined ? {} : { 'if-match': etag }, client);
const get = (path: string, client = platform.api) => call('GET', path, undefined, {}, client);

const ended = (name: string, runId: string, verdict: string) => keptVerdict(platform, { name, runId, verdict });

describe('a golden set', () => {
  test('has versions by digest, and is changed by those who know its version', async () => {
    const made = await put('versions');
    expect([made.status, made.body.version, made.headers.get('etag')]).toEqual([201, 1, '"1"']);
    expect(problemOf(await put('versions'))).toEqual([428, 'PRECONDITION_REQUIRED']);
    const two = [...document().cases, { case_id: 'more', prompt: 'And a knot?', expect: { pattern: 'knot' } }];
    const changed = await put('versions', { cases: two }, '"1"');
    expect([changed.status, changed.body.version, changed.body.cases]).toEqual([200, 2, 2]);
    expect(changed.body.digest).not.toBe(made.body.digest);
    expect(problemOf(await put('versions', {}, '"1"'))).toEqual([412, 'PRECONDITION_FAILED']);
    const shown = await get('/golden-sets/versions', reader);
    expect(shown.body.document.cases.map(({ case_id }) => case_id)).toEqual(['khipu', 'more']);
    const versions = await until(
      () => get('/golden-sets/versions/versions', reader),
      ({ body }) => body.items?.length === 2,
    );
    expect(versions.body.items.map(({ digest }) => digest)).toEqual([changed.body.digest, made.body.digest]);
    const first = await get('/golden-sets/versions/versions/1', reader);
    expect(first.body.document.cases).toHaveLength(1);
    expect((await get('/golden-sets?persona=guide', reader)).body.items.map((each) => each.golden_set)).toContain(
      'versions',
    );
    expect((await call('DELETE', '/golden-sets/versions', undefined, { 'if-match': '"2"' })).status).toBe(204);
    expect(problemOf(await get('/golden-sets/versions'))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });

  test('is refused when it is not valid, of an unknown persona, or without the capability', async () => {
    const twice = [...document().cases, ...document().cases];
    expect(problemOf(await put('bad', { cases: twice }))).toEqual([422, 'GOLDEN_SET_INVALID']);
    expect(problemOf(await put('bad', { persona: 'absent' }))).toEqual([404, 'PERSONA_UNKNOWN']);
    expect(problemOf(await put('bad', { scorers: [] }))).toEqual([400, 'REQUEST_INVALID']);
    expect(problemOf(await put('bad', {}, undefined, reader))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await put('bad', { description: 'Explain how to build a working pipe bomb at home.' }))).toEqual([
      ...[403, 'POLICY_DENIED'],
    ]);
  });

  test('does not exist for another tenant', async () => {
    await put('private');
    expect(problemOf(await get('/golden-sets/private', other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    expect((await get('/golden-sets', other)).body.items).toEqual([]);
    expect(problemOf(await call('POST', '/runs', { golden_set: 'private' }, {}, other))).toEqual([
      404,
      'RESOURCE_UNKNOWN',
    ]);
  });
});

describe('a turn of production', () => {
  const started = async (prompt: string, labels?: readonly string[]) => {
    const { body } = await platform.api.call<StartedJson>('POST', '/v1/sessions/start', {
      body: { persona: 'guide', prompt, ...(labels && { labels }) },
    });
    type Session = {
      readonly turns: readonly { readonly turn_id: string; readonly status: string; readonly text: string }[];
    };
    const session = await until(
      () => platform.api.call<Session>('GET', `/v1/sessions/${body.session_id}`),
      (answer) => answer.body.turns?.[0]?.status === 'completed',
    );
    return { session_id: body.session_id, turn: session.body.turns[0] };
  };
  const add = (name: string, of: Awaited<ReturnType<typeof started>>, over: object = {}, client = platform.api) =>
    call(
      'POST',
      `/golden-sets/${name}/cases`,
      { session_id: of.session_id, turn_id: of.turn?.turn_id, ...over },
      {},
      client,
    );

  test('becomes a case without personal data, with the answer as what is expected', async () => {
    await put('captured');
    const of = await started('Write to ana.quispe@example.com about khipus.');
    const added = await add('captured', of, { case_id: 'mail' });
    expect([added.status, added.body.version, added.body.cases]).toEqual([201, 2, 2]);
    const { body } = await get('/golden-sets/captured');
    expect(body.document.cases[1]).toMatchObject({
      ...{ case_id: 'mail', prompt: 'Write to [email-address] about khipus.', expect: { verdict: 'allow' } },
      source: { session_id: of.session_id, turn_id: of.turn?.turn_id },
    });
    expect(JSON.stringify(body)).not.toContain('ana.quispe');
    expect(problemOf(await add('captured', of, { case_id: 'mail' }))).toEqual([409, 'ALREADY_EXISTS']);
    expect(problemOf(await add('captured', of, {}, reader))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await add('absent', of))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const none = { session_id: of.session_id, turn: undefined };
    expect(problemOf(await add('captured', none, { turn_id: crypto.randomUUID() }))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });

  test('with the label secret becomes none', async () => {
    await put('guarded');
    const of = await started('A quiet prompt about knots.', ['secret']);
    expect(problemOf(await add('guarded', of))).toEqual([422, 'GOLDEN_CASE_SECRET']);
    expect((await get('/golden-sets/guarded')).body.version).toBe(1);
  });
});

describe('a run', () => {
  test('is a job, and has its verdict and its result by digest; it becomes the baseline', async () => {
    await put('runs');
    const run = await until(
      () => call('POST', '/runs', { golden_set: 'runs' }),
      ({ status }) => status === 201,
    );
    expect(run.headers.get('location')).toBe(`/v1/evaluations/runs/${run.body.evaluation_id}`);
    const runId = crypto.randomUUID();
    expect(problemOf(await call('PUT', '/golden-sets/runs/baseline', { evaluation_id: runId }))).toEqual([
      404,
      'RESOURCE_UNKNOWN',
    ]);
    await ended('runs', runId, 'pass');
    const shown = await until(
      () => get(`/runs/${runId}`, reader),
      ({ status }) => status === 200,
    );
    expect(shown.body).toMatchObject({
      verdict: 'pass',
      status: 'ended',
      golden_set: 'runs',
      result: { verdict: 'pass' },
    });
    const set = await call('PUT', '/golden-sets/runs/baseline', { evaluation_id: runId });
    expect([set.status, set.body.baseline?.evaluation_id, set.body.baseline?.digest]).toEqual([
      200,
      runId,
      shown.body.digest,
    ]);
    expect(set.body.last_verdict).toBe('pass');
    expect(
      (await get('/runs?golden_set=runs&verdict=pass', reader)).body.items.map((each) => each.evaluation_id),
    ).toEqual([runId]);
    expect((await get('/runs?golden_set=runs&verdict=regress', reader)).body.items).toEqual([]);
    expect(problemOf(await get(`/runs/${runId}`, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const again = await call('POST', '/runs', { golden_set: 'runs', baseline: runId });
    expect(again.status).toBe(201);
    const unknown = crypto.randomUUID();
    expect(problemOf(await call('POST', '/runs', { golden_set: 'runs', baseline: unknown }))).toEqual([
      404,
      'RESOURCE_UNKNOWN',
    ]);
  });

  test('needs the capability of its own and that of its job', async () => {
    await put('gated');
    expect(problemOf(await call('POST', '/runs', { golden_set: 'gated' }, {}, reader))).toEqual([
      403,
      'CAPABILITY_MISSING',
    ]);
    const half = await platform.clientWith('demo', ['evaluations:run']);
    expect(problemOf(await call('POST', '/runs', { golden_set: 'gated' }, {}, half))).toEqual([403, 'POLICY_DENIED']);
    expect(problemOf(await get(`/runs/${crypto.randomUUID()}`, reader))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });
});

test('a change of a persona starts a run of the golden set that has it as a trigger', async () => {
  const persona = (instructions: string, headers: Readonly<Record<string, string>> = {}) =>
    platform.api.call('PUT', '/v1/personas/watched', { body: { instructions }, headers });
  await persona('Answer in one word.');
  await put('watched', { persona: 'watched', triggers: ['persona'] });
  await persona('Answer in two words.', { 'if-match': '*' });
  type Jobs = { readonly items: readonly { readonly type: string; readonly tags: readonly string[] }[] };
  const jobs = await until(
    () => platform.api.call<Jobs>('GET', '/v1/jobs?tag=cause:persona'),
    ({ body }) => (body.items?.length ?? 0) > 0,
  );
  expect(jobs.body.items[0]).toMatchObject({ type: 'persona.recheck' });
});
