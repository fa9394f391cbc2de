import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { downloadDir, isFetched } from '../../infra/local/fetch/catalogue.mjs';
import { keptSecret } from '../../infra/local/process/state-file.ts';
import { postgres } from '../../infra/stores/postgres/driver.ts';
import { shippedManifest } from '../../infra/tools/shipped/shipped.ts';
import { type ApiClient, until } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { killProcess } from '../support/kill-process.ts';
import { signedTool } from '../support/outside-service.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

const TIMEOUT_MS = 180_000;

interface Json {
  readonly memory_id: string;
  readonly call_id: string;
  readonly status: string | number;
  readonly code: string | null;
  readonly text: string;
  readonly digest: string;
  readonly remembered_at: string;
  readonly labels: readonly string[];
  readonly model: string;
  readonly memory: readonly { readonly score: number; readonly payload: Json }[];
  readonly items: readonly Json[];
  readonly output: {
    readonly memory_id: string;
    readonly memories: readonly { readonly memory_id: string; readonly digest: string; readonly text: string }[];
    readonly rows: readonly (readonly unknown[])[];
    readonly truncated: boolean;
  } | null;
  readonly detail: string;
}

let platform: TestPlatform;
let api: ApiClient;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khipu-sql-'));
  platform = await startTestPlatform({
    env: {
      ...BUSY_MACHINE,
      ...(isFetched('vectors') && { KHIPU_MEMORY_MODEL_PATH: downloadDir('vectors') }),
      ...{ KHIPU_SQL_SALES_URL_FILE: join(folder, 'sales'), KHIPU_SQL_OWN_URL_FILE: join(folder, 'own') },
      KHIPU_SQL_ADMIN_URL_FILE: join(folder, 'admin'),
    },
    // The worker of jobs is not needed here.
    without: ['job-runner'],
    apart: ['tool-worker'],
  });
  api = clientOf(platform);
  await install('khipu.memory', { config: { spaces: ['agents'] } });
  await install('files', { config: { quota_bytes: 64, files_max: 2 } });
}, 900_000);
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  api.call<Json>('POST', `/v1/memory/${path}`, { body, headers });
const remember = (text: string, more: object = {}) => post('remember', { text, ...more });
const recall = async (query: string, more: object = {}) => (await post('recall', { query, ...more })).body.memory;
const install = async (name: string, changes: Parameters<typeof shippedManifest>[1] = {}) => {
  const manifest = shippedManifest(name, changes) as { readonly name: string };
  const body = signedTool(manifest, `${platform.dir}/keys`);
  const { status } = await api.call('PUT', `/v1/tools/${manifest.name}`, { body });
  expect([manifest.name, status]).toEqual([manifest.name, 201]);
};
const call = (tool: string, given: object, headers: Record<string, string> = { prefer: 'wait=30' }) =>
  api.call<Json>('POST', `/v1/tools/${tool}/execute`, { body: { arguments: given }, headers });
const ended = (id: string) =>
  until(
    () => api.call<Json>('GET', `/v1/tool-calls/${id}`),
    ({ body }) => ['succeeded', 'failed', 'unknown'].includes(String(body.status)),
    TIMEOUT_MS,
  );

test('a text is remembered, recalled, recalled as of a time and forgotten; a rebuild ranks alike', {
  timeout: TIMEOUT_MS,
}, async () => {
  const space = 'days';
  const texts = ['The office closes at six.', 'Llamas eat grass.', 'Ana prefers tea.', 'The train to Puno is late.'];
  const kept = [];
  for (const text of texts) kept.push((await remember(text, { space })).body);
  const before = await recall('When does the office shut?', { space });
  expect([before.length, before[0]?.payload.text]).toEqual([texts.length, texts[0]]);
  const first = kept[0] as Json;
  await remember('The office closes at five.', { space, supersedes: [first.memory_id] });
  expect((await recall('office', { space }))[0]?.payload.text).toBe('The office closes at five.');
  expect((await recall('office', { space, as_of: kept.at(-1)?.remembered_at }))[0]?.payload.text).toBe(texts[0]);

  const gone = kept[2] as Json;
  expect((await post(`memories/${gone.memory_id}/forget`, { reason: 'a test' })).status).toBe(200);
  const shown = await recall('tea', { space });
  expect(shown.map(({ payload }) => payload.memory_id)).not.toContain(gone.memory_id);
  const { code, stdout, stderr } = await khipu(['projections', 'rebuild', 'memory', '--compare', '--json'], {
    ...platform.env,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject([{ swapped: true, refused: 0 }]);
  expect(await recall('tea', { space })).toEqual(shown);
});

test('a turn is answered with memories, and its events and its decision have them', {
  timeout: TIMEOUT_MS,
}, async () => {
  const space = 'turns';
  const { body: office } = await remember('The office closes at six.', { space, labels: ['customer-data'] });
  await remember('Llamas eat grass.', { space });
  await until(
    () => recall('When does the office close?', { space }),
    (found) => found.length === 2,
    TIMEOUT_MS,
  );
  const body = { persona: 'guide', prompt: 'When does the office close?', recall: { spaces: [space], k: 1 } };
  const started = await api.call<{ session_id: string }>('POST', '/v1/sessions/start', { body });
  expect(started.status).toBe(201);
  interface Event {
    readonly type: string;
    readonly data: { readonly recalled?: unknown; readonly prompt?: string };
  }
  const { body: page } = await until(
    () =>
      api.call<{ readonly items?: readonly Event[] }>(
        'GET',
        `/v1/sessions/${started.body.session_id}/events?limit=100`,
      ),
    (answer) => (answer.body.items ?? []).some(({ type }) => type.endsWith('TurnCompleted')),
    TIMEOUT_MS,
  );
  const memories = [{ memory_id: office.memory_id, digest: office.digest }];
  for (const name of ['TurnStarted', 'TurnCompleted'])
    expect(page.items?.find(({ type }) => type.endsWith(name))?.data.recalled).toMatchObject({
      ...{ memories, labels: ['customer-data'] },
    });
  interface Shown {
    readonly turns: readonly { readonly recalled: unknown }[];
  }
  const shown = async (id: string) =>
    (
      await until(
        () => api.call<Shown>('GET', `/v1/sessions/${id}`),
        (answer) => (answer.body.turns?.[0]?.recalled ?? null) !== null,
        TIMEOUT_MS,
      )
    ).body.turns[0];
  const recalled = { memories, labels: ['customer-data'] };
  expect(await shown(started.body.session_id)).toMatchObject({ recalled });

  const { prompt: content, recall: asked } = body;
  const chat = { model: 'default', messages: [{ role: 'user', content }], recall: asked };
  const answered = await api.call<{ readonly id: string }>('POST', '/v1/chat/completions', { body: chat });
  expect(answered.status).toBe(200);
  expect(await shown(answered.body.id.slice('chatcmpl-'.length))).toMatchObject({ recalled });
});

test('what is remembered is kept once through kill -9 of the processors', { timeout: TIMEOUT_MS }, async () => {
  const space = 'killed';
  const texts = Array.from({ length: 20 }, (_, nth) => `note ${nth}`);
  const sent = texts.map((text, nth) =>
    post('remember', { text, space }, { 'idempotency-key': `kill-${nth}`, prefer: 'respond-async' }),
  );
  await killProcess(platform, 'stream-all');
  await Promise.all(sent);
  for (const [nth, text] of texts.entries()) {
    const again = () => post('remember', { text, space }, { 'idempotency-key': `kill-${nth}` });
    await until(again, ({ status }) => status === 201, TIMEOUT_MS);
  }
  const list = () => api.call<Json>('GET', `/v1/memory/memories?space=${space}&limit=100`);
  const { body } = await until(list, (answer) => answer.body.items.length >= texts.length, TIMEOUT_MS);
  expect(body.items.map(({ text }) => text).sort()).toEqual([...texts].sort());
});

describe('the tool khipu.memory', () => {
  test('keeps each text once through kill -9 of its worker, and names what it recalls', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const texts = Array.from({ length: 10 }, (_, nth) => `fact ${nth} of the tool`);
    const calls = await Promise.all(
      texts.map((text) => call('khipu.memory', { action: 'remember', text }, { prefer: 'respond-async' })),
    );
    await killProcess(platform, 'worker-tool-worker');
    for (const { body } of calls) expect((await ended(body.call_id)).body.status).toBe('succeeded');
    const list = () => api.call<Json>('GET', '/v1/memory/memories?space=agents&limit=100');
    const { body } = await until(list, (answer) => answer.body.items.length >= texts.length, TIMEOUT_MS);
    expect(body.items.map(({ text }) => text).sort()).toEqual([...texts].sort());

    const found = await call('khipu.memory', { action: 'recall', query: 'fact 7 of the tool', k: 1 });
    const [item] = body.items.filter(({ text }) => text === texts[7]);
    expect(found.body.output?.memories).toMatchObject([
      { memory_id: item?.memory_id, digest: item?.digest, text: texts[7] },
    ]);
    expect((await ended(found.body.call_id)).body.output).toEqual(found.body.output);
  });

  test('forgets in its spaces alone, and carries labels', { timeout: TIMEOUT_MS }, async () => {
    const secret = await remember('A labelled fact.', { space: 'agents', labels: ['customer-data'] });
    const found = await call('khipu.memory', { action: 'recall', query: 'A labelled fact.', k: 1 });
    expect(found.body.labels).toEqual(['customer-data']);
    const elsewhere = await remember('Elsewhere.', { space: 'days' });
    const refused = await call('khipu.memory', { action: 'forget', memory_id: elsewhere.body.memory_id });
    expect(refused.body.code).toBe('TOOL_NOT_FOUND');
    expect((await call('khipu.memory', { action: 'recall', query: 'x', space: 'days' })).body.code).toBe(
      'TOOL_REQUEST_REFUSED',
    );
    const dropped = await call('khipu.memory', { action: 'forget', memory_id: secret.body.memory_id });
    expect(dropped.body.status).toBe('succeeded');
    await until(
      () => api.call<Json>('GET', `/v1/memory/memories/${secret.body.memory_id}`),
      ({ body }) => body.status === 'forgotten' && body.text === '',
      TIMEOUT_MS,
    );
  });
});

describe('the tool sql.query', () => {
  beforeAll(async () => {
    const url = platform.env['DATABASE_URL'] ?? '';
    const asAdmin = ['khipu_admin', keptSecret(platform.dir, 'postgres-admin-password')] as const;
    const at = (name: string, [username, password] = asAdmin as readonly [string, string]) =>
      Object.assign(new URL(url), { pathname: `/${name}`, username, password }).href;
    const asReader = ['sales_reader', 'sales'] as const;
    const admin = postgres(at('postgres'), { max: 1, onnotice: () => undefined });
    await admin.unsafe(`CREATE ROLE sales_reader LOGIN PASSWORD 'sales'`);
    await admin.unsafe('CREATE DATABASE sales');
    await admin.end();
    const sales = postgres(at('sales'), { max: 1, onnotice: () => undefined });
    await sales.unsafe(`
      CREATE TABLE orders (id int PRIMARY KEY, city text, at timestamptz);
      INSERT INTO orders SELECT n, CASE WHEN n % 2 = 0 THEN 'Cusco' ELSE 'Lima' END, '2026-01-01' FROM generate_series(1, 50) n;
      GRANT SELECT, INSERT ON orders TO sales_reader;
      CREATE FUNCTION sneak() RETURNS int LANGUAGE sql AS 'INSERT INTO orders VALUES (999) RETURNING id';`);
    await sales.end();
    const own = new URL(url).pathname.slice(1);
    writeFileSync(join(folder, 'sales'), at('sales', asReader));
    writeFileSync(join(folder, 'own'), at(own, asReader).replace('127.0.0.1', 'localhost'));
    writeFileSync(join(folder, 'admin'), at('sales'));
    for (const database of ['sales', 'own', 'admin'])
      await install('sql.query', { as: `sql-${database}`, config: { database, max_rows: 20 } });
  }, TIMEOUT_MS);

  const query = async (sql: string, parameters: readonly unknown[] = [], database = 'sales') =>
    (await call(`sql-${database}`, { sql, parameters })).body;

  test('reads rows with parameters, up to its bounds', { timeout: TIMEOUT_MS }, async () => {
    const answer = await query('SELECT id, at FROM orders WHERE city = $1 ORDER BY id LIMIT 2 -- two', ['Cusco']);
    expect([answer.status, answer.output]).toEqual([
      'succeeded',
      {
        ...{ columns: ['id', 'at'], row_count: 2, truncated: false },
        rows: [
          [2, '2026-01-01T00:00:00.000Z'],
          [4, '2026-01-01T00:00:00.000Z'],
        ],
      },
    ]);
    expect((await query('SELECT id FROM orders')).output).toMatchObject({ row_count: 20, truncated: true });
  });

  test.each([
    'INSERT INTO orders VALUES (100)',
    'SELECT 1; DELETE FROM orders',
    'SELECT 1) AS q; DELETE FROM orders; SELECT * FROM (SELECT 1',
    'WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone',
    'COPY orders TO STDOUT',
    'SELECT sneak()',
    `SELECT set_config('transaction_read_only', 'off', false), sneak()`,
    'SET ROLE postgres',
    `SELECT pg_read_file('/etc/passwd')`,
  ])('refuses %s, and nothing changes', { timeout: TIMEOUT_MS }, async (sql) => {
    const { status, code } = await query(sql);
    expect([status, code]).toEqual(['failed', 'TOOL_REQUEST_REFUSED']);
    expect((await query('SELECT count(*)::int FROM orders')).output?.rows).toEqual([[50]]);
  });

  test('refuses the database of the platform by its identity, a superuser, and a name that no setting has', {
    timeout: TIMEOUT_MS,
  }, async () => {
    for (const database of ['own', 'admin'])
      expect([database, (await query('SELECT 1', [], database)).code]).toEqual([database, 'TOOL_DATABASE_REFUSED']);
    await install('sql.query', { as: 'sql-none', config: { database: 'none' } });
    expect((await query('SELECT 1', [], 'none')).code).toBe('TOOL_DATABASE_REFUSED');
  });
});

describe('the tool files', () => {
  const file = async (action: string, given: object = {}) => (await call('files', { action, ...given })).body;

  test('writes, lists, reads and deletes texts, within a quota, and no path of a machine', {
    timeout: TIMEOUT_MS,
  }, async () => {
    expect(await file('write', { path: 'notes/a.md', content: 'one' })).toMatchObject({ status: 'succeeded' });
    expect(await file('write', { path: 'notes/a.md', content: 'two' })).toMatchObject({ status: 'succeeded' });
    expect((await file('read', { path: 'notes/a.md' })).output).toMatchObject({ content: 'two', bytes: 3 });
    expect((await file('write', { path: 'b', content: 'x'.repeat(62) })).code).toBe('TOOL_QUOTA_EXCEEDED');
    await file('write', { path: 'empty', content: '' });
    expect((await file('write', { path: 'c', content: 'x' })).code).toBe('TOOL_QUOTA_EXCEEDED');
    expect((await file('list')).output).toMatchObject({ files: [{ path: 'empty' }, { path: 'notes/a.md', bytes: 3 }] });
    expect((await file('delete', { path: 'notes/a.md' })).status).toBe('succeeded');
    expect((await file('read', { path: 'notes/a.md' })).code).toBe('TOOL_NOT_FOUND');
    for (const path of ['../a', '/etc/passwd', 'a/../../b'])
      expect([path, (await file('read', { path })).code]).toEqual([path, 'TOOL_ARGUMENTS_INVALID']);
  });

  test('shows a session its own workspace alone', { timeout: TIMEOUT_MS }, async () => {
    await file('write', { path: 'mine', content: 'of the key' });
    const { body: session } = await api.start({ persona: 'guide', capabilities: ['tool:*'] });
    const given = { body: { arguments: { action: 'read', path: 'mine' } }, headers: { prefer: 'wait=30' } };
    const options = { ...given, token: session.token };
    const read = await api.call<Json>('POST', '/v1/tools/files/execute', options);
    expect([read.status, read.body.code]).toEqual([200, 'TOOL_NOT_FOUND']);
  });
});
