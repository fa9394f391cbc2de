import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiAnswer, ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { openSse } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

interface KeyJson {
  readonly key_id: string;
  readonly version: number;
  readonly key?: string;
  readonly status: string;
  readonly former_secret_until: string | null;
}

let platform: Harness;
/** A second gateway on the same log. */
let other: ApiClient;
let closeOther: () => Promise<void>;
/** Creates a role that may use the model, and a service account with it. */
const READER = { name: 'reader', capabilities: ['slm:invoke:*'] };
const SEARCH = { service_account_id: 'search', name: 'Search', roles: ['reader'] };

beforeAll(async () => {
  platform = await startHarness();
  const another = await platform.another();
  other = new ApiClient({ url: another.url, apiKey: platform.api.apiKey });
  closeOther = another.close;
  expect((await create('/v1/roles', READER)).status).toBe(201);
  expect((await create('/v1/service-accounts', SEARCH)).status).toBe(201);
});
afterAll(async () => {
  await closeOther();
  await platform.close();
});

const create = <Body = ProblemJson>(path: string, body: object, client = platform.api) =>
  client.call<Body & ProblemJson>('POST', path, { body });
const put = (path: string, body: object, etag: string | null, client = platform.api) =>
  client.call<ProblemJson & { version: number }>('PUT', path, {
    body,
    headers: etag === null ? {} : { 'if-match': etag },
  });
const remove = (path: string, etag: string | null, client = platform.api) =>
  client.call<ProblemJson>('DELETE', path, { headers: etag === null ? {} : { 'if-match': etag } });
const read = <Body = ProblemJson>(path: string, client = platform.api) => client.call<Body & ProblemJson>('GET', path);
const etagOf = ({ headers }: ApiAnswer<unknown>): string => headers.get('etag') ?? '';
const code = ({ status, body }: ApiAnswer<ProblemJson>): readonly [number, string] => [status, body.code];

async function newKey(body: object = {}, query = ''): Promise<{ readonly id: string; readonly client: ApiClient }> {
  const { status, body: made } = await create<KeyJson>(`/v1/api-keys${query}`, {
    ...{ name: 'a key', owner: 'service_account:search' },
    ...body,
  });
  expect(status).toBe(201);
  return { id: made.key_id, client: new ApiClient({ url: platform.url, apiKey: made.key ?? '' }) };
}
const at = (url: string, { apiKey }: ApiClient): ApiClient => new ApiClient({ url, apiKey });
/** Resolves with the expected answer of a gateway within moments, else with its last answer. */
const soon = (client: ApiClient, wanted: readonly [number, string]) =>
  until(
    () => read('/v1/sessions', client),
    (answer) => JSON.stringify(code(answer)) === JSON.stringify(wanted),
    30_000,
  );

describe('a role', () => {
  test('is created, read, changed, removed and created again, each time with another ETag', async () => {
    const created = await create('/v1/roles', { name: 'writer', capabilities: ['slm:invoke:default'] });
    expect(created).toMatchObject({ status: 201, body: { name: 'writer', tenant_id: 'demo', version: 1 } });
    expect([etagOf(created), created.headers.get('location')]).toEqual(['"1"', '/v1/roles/writer']);
    expect(code(await create('/v1/roles', { name: 'writer', capabilities: [] }))).toEqual([409, 'ALREADY_EXISTS']);
    const changed = await put('/v1/roles/writer', { description: 'Writes.', capabilities: [] }, '"1"');
    expect(changed).toMatchObject({ status: 200, body: { version: 2, description: 'Writes.', capabilities: [] } });
    const found = await read('/v1/roles/writer');
    expect([found.body, etagOf(found)]).toEqual([changed.body, '"2"']);
    expect((await remove('/v1/roles/writer', '"2"')).status).toBe(204);
    expect(code(await read('/v1/roles/writer'))).toEqual([404, 'ROLE_UNKNOWN']);
    expect(code(await put('/v1/roles/writer', { capabilities: [] }, '*'))).toEqual([404, 'ROLE_UNKNOWN']);
    expect(etagOf(await create('/v1/roles', { name: 'writer', capabilities: [] }))).toBe('"4"');
  });

  test('is changed only with its current version, and a refusal has the current ETag', async () => {
    await create('/v1/roles', { name: 'guarded', capabilities: [] });
    const change = { description: 'x', capabilities: [] };
    expect(code(await put('/v1/roles/guarded', change, null))).toEqual([428, 'PRECONDITION_REQUIRED']);
    expect(code(await remove('/v1/roles/guarded', null))).toEqual([428, 'PRECONDITION_REQUIRED']);
    expect(code(await put('/v1/roles/guarded', change, 'W/"1"'))).toEqual([400, 'REQUEST_INVALID']);
    const stale = await put('/v1/roles/guarded', change, '"7"');
    expect([code(stale), etagOf(stale)]).toEqual([[412, 'PRECONDITION_FAILED'], '"1"']);
    expect(code(await remove('/v1/roles/guarded', '"7"'))).toEqual([412, 'PRECONDITION_FAILED']);
    expect((await put('/v1/roles/guarded', change, '*')).body.version).toBe(2);
  });

  test('is changed by exactly one of two writers with the same ETag, at two gateways', async () => {
    for (let round = 0; round < 10; round += 1) {
      const etag = etagOf(await create('/v1/roles', { name: `raced-${round}`, capabilities: [] }));
      const answers = await Promise.all(
        [platform.api, other].map((client, at) =>
          put(`/v1/roles/raced-${round}`, { description: `writer ${at}`, capabilities: [] }, etag, client),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      const won = answers.findIndex(({ status }) => status === 200);
      expect((await read(`/v1/roles/raced-${round}`)).body).toMatchObject({ version: 2, description: `writer ${won}` });
    }
  });

  test('has no version 0: such an ETag is not one of an answer', async () => {
    expect(code(await remove('/v1/roles/reader', '"0"'))).toEqual([400, 'REQUEST_INVALID']);
    expect(code(await put('/v1/roles/reader', { description: '', capabilities: [] }, '"0"'))).toEqual([
      ...[400, 'REQUEST_INVALID'],
    ]);
  });

  test('cannot have a capability that its creator lacks, and the refusal names it', async () => {
    const manager = await platform.clientWith('demo', ['identity:manage', 'slm:invoke:default']);
    const wide = await create('/v1/roles', { name: 'wide', capabilities: ['slm:invoke:default', 'slm:*'] }, manager);
    expect(wide).toMatchObject({
      status: 403,
      body: {
        code: 'CAPABILITY_MISSING',
        errors: [{ pointer: '#/capabilities/1', detail: expect.stringContaining('slm:*') }],
      },
    });
    await create('/v1/roles', { name: 'mighty', capabilities: ['slm:invoke:*', 'revocations:create'] });
    const user = { user_id: 'eve', name: 'Eve', roles: ['mighty'] };
    expect((await create('/v1/users', user, manager)).body).toMatchObject({
      code: 'CAPABILITY_MISSING',
      errors: [{ pointer: '#/roles/0', detail: expect.stringContaining('revocations:create') }],
    });
    // Capabilities that it already has may stay.
    const kept = await put(
      '/v1/roles/mighty',
      { description: 'kept', capabilities: ['revocations:create'] },
      '"1"',
      manager,
    );
    expect(kept.status).toBe(200);
    await create('/v1/users', { ...user, user_id: 'root' });
    const key = { name: 'root’s', owner: 'user:root' };
    expect(code(await create('/v1/api-keys', key, manager))).toEqual([403, 'CAPABILITY_MISSING']);
    const made = await create<KeyJson>('/v1/api-keys', key);
    const rotated = await manager.call<ProblemJson>('POST', `/v1/api-keys/${made.body.key_id}/rotate`, {
      ...{ body: {}, headers: { 'if-match': '"1"' } },
    });
    expect(code(rotated)).toEqual([403, 'CAPABILITY_MISSING']);
  });
});

describe('an API key', () => {
  test("is shown once, acts as its owner, and has the capabilities of the owner's roles", async () => {
    const { id, client } = await newKey();
    expect(client.apiKey).toMatch(new RegExp(`^khp_${id}_`));
    const session = await client.start({ persona: 'guide' });
    expect(session).toMatchObject({ status: 201, body: { capabilities: ['slm:invoke:*'] } });
    const { sub } = JSON.parse(Buffer.from(session.body.token.split('.')[1] ?? '', 'base64url').toString()) as {
      sub: string;
    };
    expect(sub).toBe('service_account:search');
    for (const path of [`/v1/api-keys/${id}`, '/v1/api-keys'])
      expect(JSON.stringify((await read(path)).body)).not.toMatch(/khp_|scrypt/);
    expect((await read<KeyJson>(`/v1/api-keys/${id}`)).body).toMatchObject({
      key_id: id,
      status: 'active',
      version: 1,
    });
    expect(code(await create('/v1/roles', { name: 'x', capabilities: [] }, client))).toEqual([
      403,
      'CAPABILITY_MISSING',
    ]);
  });

  test('follows its owner’s roles at once, and never exceeds them', async () => {
    await create('/v1/roles', { name: 'shifting', capabilities: ['slm:invoke:*', 'slm:embed:*'] });
    await create('/v1/users', { user_id: 'ana', name: 'Ana', roles: ['shifting'] });
    const bounded = await newKey({ owner: 'user:ana', capabilities: ['slm:invoke:default', 'slm:embed:*'] });
    const capabilities = async () => (await bounded.client.start({ persona: 'guide' })).body.capabilities;
    expect(await capabilities()).toEqual(['slm:invoke:default', 'slm:embed:*']);
    await put('/v1/roles/shifting', { capabilities: ['slm:invoke:*'] }, '"1"');
    expect(await capabilities()).toEqual(['slm:invoke:default']);
    await remove('/v1/roles/shifting', '"2"');
    expect(await capabilities()).toEqual([]);
    const wider = { name: 'wider', owner: 'user:ana', capabilities: ['slm:embed:*'] };
    expect(code(await create('/v1/api-keys', wider))).toEqual([403, 'CAPABILITY_MISSING']);
    expect((await create('/v1/api-keys', { name: 'x', owner: 'user:absent' })).body).toMatchObject({
      ...{ code: 'REQUEST_INVALID', errors: [{ pointer: '#/owner' }] },
    });
  });

  test('is created once per Idempotency-Key at any gateways; one answer has its text', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { name: 'once', owner: 'service_account:search' };
    const ask = (client: ApiClient, wanted: object = body) =>
      client.call<KeyJson & ProblemJson>('POST', '/v1/api-keys', { body: wanted, headers });
    const answers = await Promise.all([ask(platform.api), ask(other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(new Set(answers.map(({ body: { key_id } }) => key_id)).size).toBe(1);
    expect(answers.filter((answer) => answer.body.key !== undefined).map(({ status }) => status)).toEqual([201]);
    const again = await ask(platform.api);
    expect([again.status, again.body.key, again.headers.get('etag')]).toEqual([200, undefined, '"1"']);
    expect(code(await ask(platform.api, { ...body, name: 'twice' }))).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('that is rotated has two secrets until the overlap ends, and one without an overlap', async () => {
    const { id, client: former } = await newKey();
    const rotate = (seconds: number, etag: string) =>
      platform.api.call<KeyJson & ProblemJson>('POST', `/v1/api-keys/${id}/rotate`, {
        ...{ body: { overlap_seconds: seconds }, headers: { 'if-match': etag } },
      });
    const rotated = await rotate(2, '"1"');
    expect(rotated).toMatchObject({ status: 200, body: { key_id: id, version: 2 } });
    const next = new ApiClient({ url: platform.url, apiKey: rotated.body.key ?? '' });
    expect(next.apiKey).not.toBe(former.apiKey);
    expect([(await read('/v1/sessions', former)).status, (await read('/v1/sessions', next)).status]).toEqual([
      200, 200,
    ]);
    await soon(former, [401, 'TOKEN_INVALID']);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(rotated.body.former_secret_until ?? ''));
    expect((await read('/v1/sessions', next)).status).toBe(200);
    // A repeat would replace the secret that it returned.
    expect(code(await rotate(0, '"1"'))).toEqual([412, 'PRECONDITION_FAILED']);
    expect((await rotate(0, '"2"')).status).toBe(200);
    expect(code(await read('/v1/sessions', next))).toEqual([401, 'TOKEN_INVALID']);
    expect(code(await rotate(604_801, '"3"'))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('that is revoked is refused permanently at every gateway, and its streams end', async () => {
    const { id, client } = await newKey();
    const session = (await client.start({ persona: 'guide' })).body;
    const there = at(other.url, client);
    await until(
      () => read('/v1/sessions', there),
      ({ status }) => status === 200,
    );
    const streams = await Promise.all(
      [client, there].map(({ url, apiKey }) =>
        openSse(`${url}/v1/turn/${session.session_id}?follow=true`, { token: apiKey }),
      ),
    );
    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    const ended = Promise.all(
      streams.map(async (stream) => {
        for await (const _ of stream.events());
      }),
    );
    expect((await remove(`/v1/api-keys/${id}`, null)).status).toBe(204);
    expect(code(await read('/v1/sessions', client))).toEqual([401, 'TOKEN_INVALID']);
    await soon(there, [401, 'TOKEN_INVALID']);
    await ended;
    expect((await read<KeyJson>(`/v1/api-keys/${id}`)).body.status).toBe('revoked');
    expect((await remove(`/v1/api-keys/${id}`, null)).status).toBe(204);
    const rotated = await platform.api.call<ProblemJson>('POST', `/v1/api-keys/${id}/rotate`, {
      ...{ body: {}, headers: { 'if-match': '*' } },
    });
    expect(code(rotated)).toEqual([409, 'API_KEY_REVOKED']);
  });
});

describe('a user or a service account', () => {
  test('that is disabled or removed is refused with its key and its session tokens until it is active again', async () => {
    const account = { name: 'Batch', roles: ['reader'] };
    await create('/v1/service-accounts', { service_account_id: 'batch', ...account });
    const { client } = await newKey({ owner: 'service_account:batch' });
    const session = (await client.start({ persona: 'guide' })).body;
    const path = '/v1/service-accounts/batch';
    const turn = () => other.call<ProblemJson>('GET', `/v1/sessions/${session.session_id}`, { token: session.token });
    expect((await put(path, { ...account, status: 'disabled' }, '"1"')).body).toMatchObject({ status: 'disabled' });
    expect(code(await read('/v1/sessions', client))).toEqual([403, 'PRINCIPAL_DISABLED']);
    expect(code(await until(turn, ({ status }) => status === 403))).toEqual([403, 'PRINCIPAL_DISABLED']);
    await put(path, account, '"2"');
    expect((await read('/v1/sessions', client)).status).toBe(200);
    expect((await remove(path, '"3"')).status).toBe(204);
    expect(code(await read('/v1/sessions', client))).toEqual([403, 'PRINCIPAL_DISABLED']);
    expect(code(await read(path))).toEqual([404, 'PRINCIPAL_UNKNOWN']);
  });

  test('can get only existing roles, and keeps the roles that it has', async () => {
    const wrong = await create('/v1/users', { user_id: 'ben', name: 'Ben', roles: ['reader', 'nothing'] });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', errors: [{ pointer: '#/roles/1' }] } });
    const created = await create('/v1/users', { user_id: 'auth0|7', name: 'Ben', roles: ['reader'] });
    expect(created).toMatchObject({
      status: 201,
      body: { principal: 'user:auth0|7', roles: ['reader'], capabilities: ['slm:invoke:*'] },
    });
    const location = created.headers.get('location') ?? '';
    expect((await read(location)).body).toEqual(created.body);
    const powerless = await platform.clientWith('demo', ['identity:manage']);
    const renamed = await put(location, { name: 'Benjamin', roles: ['reader'] }, '"1"', powerless);
    expect(renamed.status).toBe(200);
    expect(code(await put(location, { name: 'B', roles: ['reader'] }, '*', powerless))).toEqual([
      ...[403, 'CAPABILITY_MISSING'],
    ]);
    expect((await remove(location, '"2"')).status).toBe(204);
  });

  test('is listed in pages', async () => {
    for (const id of ['p1', 'p2', 'p3']) await create('/v1/users', { user_id: id, name: id }, platform.api);
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: ApiAnswer<{ items: { user_id: string }[]; next_cursor: string | null }> = await read(
        `/v1/users?limit=2${query}`,
      );
      expect(page.status).toBe(200);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      ids.push(...page.body.items.map(({ user_id }) => user_id));
      cursor = page.body.next_cursor;
    }
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toEqual(expect.arrayContaining(['p1', 'p2', 'p3']));
    expect(code(await read('/v1/users?cursor=nonsense'))).toEqual([400, 'REQUEST_INVALID']);
  });
});

describe('a tenant', () => {
  const TENANT = { tenant_id: 'globex', name: 'Globex' };

  test('is set up by an operator with its first key, and manages itself afterwards', async () => {
    const created = await create('/v1/tenants', TENANT);
    expect(created).toMatchObject({
      status: 201,
      body: { version: 1, status: 'active', settings: { models: ['*'], budgets: [], lane: 'interactive', weight: 1 } },
    });
    const inIt = '?tenant=globex';
    const admin = { name: 'admin', capabilities: ['identity:manage', 'slm:invoke:*'] };
    expect((await create(`/v1/roles${inIt}`, admin)).status).toBe(201);
    expect((await create(`/v1/users${inIt}`, { user_id: 'gus', name: 'Gus', roles: ['admin'] })).status).toBe(201);
    const { client } = await newKey({ owner: 'user:gus' }, inIt);
    expect((await create('/v1/roles', { name: 'reader', capabilities: ['slm:invoke:default'] }, client)).status).toBe(
      201,
    );
    const roles = await read<{ items: { name: string; tenant_id: string }[] }>('/v1/roles', client);
    expect(roles.body.items.map(({ name, tenant_id }) => [name, tenant_id])).toEqual([
      ['admin', 'globex'],
      ['reader', 'globex'],
    ]);
    // Other tenants are not visible, and a tenant's own managers cannot change its settings.
    expect(code(await read('/v1/roles?tenant=demo', client))).toEqual([403, 'CAPABILITY_MISSING']);
    const [keys] = [await read<{ items: KeyJson[] }>('/v1/api-keys')];
    const theirs = keys.body.items[0]?.key_id ?? '';
    expect(code(await read(`/v1/api-keys/${theirs}`, client))).toEqual([404, 'API_KEY_UNKNOWN']);
    expect(code(await remove(`/v1/api-keys/${theirs}`, null, client))).toEqual([404, 'API_KEY_UNKNOWN']);
    expect((await read('/v1/tenants/globex', client)).status).toBe(200);
    expect((await read<{ items: object[] }>('/v1/tenants', client)).body.items).toHaveLength(1);
    expect(code(await put('/v1/tenants/globex', { name: 'Rich' }, '"1"', client))).toEqual([403, 'CAPABILITY_MISSING']);
  });

  test('has settings that are replaced as a whole, with its ETag', async () => {
    const settings = {
      ...{ models: ['small'], retention_days: 30, lane: 'batch', weight: 5 },
      budgets: [{ window: 'day', tokens_max: 100_000, cost_max: '12.5' }],
    };
    const changed = await put('/v1/tenants/globex', { name: 'Globex', settings }, '"1"');
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, settings: { ...settings, budgets: [{ window: 'day' }] } },
    });
    expect(
      Number(
        (changed.body as unknown as { settings: { budgets: { cost_max: string }[] } }).settings.budgets[0]?.cost_max,
      ),
    ).toBe(12.5);
    expect(code(await put('/v1/tenants/globex', { name: 'Globex' }, '"1"'))).toEqual([412, 'PRECONDITION_FAILED']);
    const twice = { name: 'Globex', settings: { budgets: [{ window: 'day' }, { window: 'day' }] } };
    expect(code(await put('/v1/tenants/globex', twice, '"2"'))).toEqual([400, 'REQUEST_INVALID']);
    const heavy = { name: 'Globex', settings: { weight: 101 } };
    expect(code(await put('/v1/tenants/globex', heavy, '"2"'))).toEqual([400, 'REQUEST_INVALID']);
    expect(code(await read('/v1/tenants/initech'))).toEqual([404, 'TENANT_UNKNOWN']);
  });

  test('shows its budgets to its own callers and to its operators only', async () => {
    const { client } = await newKey({ owner: 'user:gus' }, '?tenant=globex');
    const windows = [{ window: 'day', tokens_max: 100_000 }];
    expect(await read('/v1/budgets?tenant=globex')).toMatchObject({ status: 200, body: { windows } });
    expect(await read('/v1/budgets', client)).toMatchObject({ status: 200, body: { windows } });
    expect(await read('/v1/budgets')).toMatchObject({ status: 200, body: { windows: [] } });
    expect(code(await read('/v1/budgets?tenant=demo', client))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(code(await read('/v1/budgets?tenant=initech'))).toEqual([404, 'TENANT_UNKNOWN']);
    expect(code(await read('/v1/budgets?tenants=globex'))).toEqual([400, 'REQUEST_INVALID']);
  });

  test('that is suspended is refused at every gateway with keys and tokens, and its streams end, until it is active', async () => {
    const { client } = await newKey({ owner: 'user:gus' }, '?tenant=globex');
    const session = (await client.start({ persona: 'guide' })).body;
    const stream = await openSse(`${other.url}/v1/turn/${session.session_id}?follow=true`, { token: session.token });
    expect(stream.status).toBe(200);
    const ended = (async () => {
      for await (const _ of stream.events());
    })();
    const suspended = await put('/v1/tenants/globex', { name: 'Globex', status: 'suspended' }, '*');
    expect(suspended.status).toBe(200);
    expect(code(await read('/v1/sessions', client))).toEqual([403, 'TENANT_SUSPENDED']);
    await soon(at(other.url, client), [403, 'TENANT_SUSPENDED']);
    await ended;
    expect((await put('/v1/tenants/globex', { name: 'Globex' }, '*')).status).toBe(200);
    expect((await read('/v1/sessions', client)).status).toBe(200);
    await create('/v1/tenants', { tenant_id: 'demo', name: 'Demo' });
    const own = await put('/v1/tenants/demo', { name: 'Demo', status: 'suspended' }, '*');
    expect(code(own)).toEqual([409, 'TENANT_IS_OWN']);
  });
});

describe('the capabilities that govern identity', () => {
  test('are not granted to sessions', async () => {
    const asked = await platform.api.start({ persona: 'guide', capabilities: ['identity:manage'] });
    expect(asked).toMatchObject({ status: 403, body: { decision: { reasons: ['CAPABILITY_NOT_FOR_SESSIONS'] } } });
    const { body } = await platform.api.start({ persona: 'guide' });
    expect(body.capabilities.filter((capability) => capability.startsWith('identity:'))).toEqual([]);
  });
});
