import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskState } from '@a2a-js/sdk';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UpgradeReport } from '../../infra/capsules/upgrade/report.ts';
import { keptSecret } from '../../infra/local/process/state-file.ts';
import { createApiKey } from '../../infra/security/api-key-file.ts';
import { agentClient, messageWith, taskOf } from '../support/a2a-client.ts';
import { ApiClient, until } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { killProcess } from '../support/kill-process.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE } from './support/turn-fixture.ts';

const TIMEOUT_MS = 240_000;

interface Json {
  readonly [field: string]: unknown;
  readonly code?: string;
  readonly status?: string;
  readonly digest: string;
  readonly run_id: string;
  readonly items: readonly Json[];
}

let platform: TestPlatform;
let dir: string;
/** Of the publisher, of the platform's reviewers, and of the tenant that installs. */
let reviewer: ApiClient;
let tenant: ApiClient;
let tenantKey: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'khipu-capsules-'));
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_CAPSULE_REVIEWS_REQUIRED: '1' },
    // The worker of tools is not needed here.
    without: ['tool-worker'],
    apart: [],
  });
  const keysDir = join(platform.dir, 'keys');
  const keyOf = (tenantId: string, capabilities: readonly string[]): string =>
    createApiKey({ keysDir, tenantId, name: tenantId, capabilities }).key;
  const { url } = platform;
  reviewer = new ApiClient({
    url,
    apiKey: keyOf('umbra', ['capsules:read', 'capsules:review:*', 'capsules:revoke:*']),
  });
  tenantKey = keyOf('acme', [
    'capsules:read',
    'capsules:install',
    'capsules:run',
    'agents:*',
    'slm:invoke:*',
    'billing:read',
    'analytics:read',
    'jobs:start:capsule.upgrade-check',
  ]);
  tenant = new ApiClient({ url, apiKey: tenantKey });
  await until(
    () => tenant.call<Json>('GET', '/v1/marketplace/capsules'),
    ({ status }) => status === 200,
    TIMEOUT_MS,
  );
}, 900_000);
afterAll(async () => {
  await platform?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Runs `khipu capsule` to its JSON. */
async function cli(args: readonly string[], apiKey = platform.apiKey): Promise<Json> {
  const env = { ...platform.env, KHIPU_URL: platform.url, KHIPU_API_KEY: apiKey };
  const { code, stdout, stderr } = await khipu(['capsule', ...args, '--json'], env);
  expect([args[0], code, stderr]).toEqual([args[0], 0, expect.any(String)]);
  return JSON.parse(stdout) as Json;
}
const call = (client: ApiClient, method: string, path: string, body?: object) =>
  client.call<Json>(method, `/v1/marketplace${path}`, body === undefined ? {} : { body });

/** Inputs of the capsules that ship, from their golden cases. */
const inputOf = (name: string): object =>
  JSON.parse(readFileSync(`infra/capsules/shipped/${name}.json`, 'utf8')).golden[0].input as object;
const grantOf = (name: string) => [`agents:start:${name}`, 'slm:invoke:default'];

/** Publishes a capsule that ships, at a price, and has it reviewed. Resolves with its digest. */
async function listed(
  name: string,
  { meter = 'install', version = '1.0.0', input }: { meter?: string; version?: string; input?: object } = {},
): Promise<string> {
  const [manifest, archive] = [join(dir, `${name}-${version}.json`), join(dir, `${name}-${version}.tar`)];
  await cli(['init', name, '--from', name, '--out', manifest]);
  const price = { amount: '2.5', currency: 'EUR', meter };
  const shipped = JSON.parse(readFileSync(manifest, 'utf8')) as object;
  writeFileSync(manifest, JSON.stringify({ ...shipped, price, version, ...(input && { input, golden: [] }) }));
  await cli(['check', manifest]);
  const { digest } = await cli([
    'pack',
    manifest,
    '--out',
    archive,
    '--key',
    join(platform.dir, 'keys/constitution.json'),
  ]);
  expect(await cli(['verify', archive, '--trusted', join(platform.dir, 'keys/constitution.json')])).toMatchObject({
    digest,
  });
  expect(await cli(['publish', archive])).toMatchObject({ status: 'submitted', digest });
  const review = await call(reviewer, 'POST', `/capsules/demo/${name}/${version}/reviews`, {
    ...{ digest, outcome: 'approve' },
  });
  expect([review.status, review.body.status]).toEqual([200, 'listed']);
  return digest;
}

/** Resolves with what the tenant was charged for a capsule, once there is something. */
async function soldOf(kind: string, name: string): Promise<readonly Json[]> {
  const { body } = await until(
    () => tenant.call<Json>('GET', '/v1/ledger/transactions?limit=100'),
    ({ body: page }) => soldIn(page, kind, name).length > 0,
    TIMEOUT_MS,
  );
  return soldIn(body, kind, name);
}
const soldIn = ({ items }: Json, kind: string, name: string): readonly Json[] =>
  items.filter((each) => each['kind'] === kind && String(each['charge_id']).startsWith(`acme/${name}`));

async function ended(runId: string): Promise<Json> {
  const { body } = await until(
    () => tenant.call<Json>('GET', `/v1/agents/runs/${runId}`),
    ({ status, body: run }) => status === 200 && run.status !== 'running',
    TIMEOUT_MS,
  );
  return body;
}

describe('a capsule', () => {
  test('is published, reviewed, installed by another tenant and run, through a kill of its processors', async () => {
    const digest = await listed('research-brief');
    const own = await call(new ApiClient(platform), 'POST', '/capsules/demo/research-brief/1.0.0/reviews', {
      ...{ digest, outcome: 'approve' },
    });
    expect(own.status).toBe(409);

    // The command is in the log while its processor is killed: its outcome is there once, afterwards.
    const granted = grantOf('research-brief');
    const install = { capsule: 'demo/research-brief@1.0.0', digest, granted };
    const [made] = await Promise.all([call(tenant, 'POST', '/installs', install), killProcess(platform, 'stream-all')]);
    expect([201, 202]).toContain(made.status);
    const found = await until(
      () => call(tenant, 'GET', '/installs'),
      ({ body }) => body.items.length > 0,
      TIMEOUT_MS,
    );
    expect(found.body.items).toMatchObject([{ install: 'research-brief', digest, publisher: 'demo', granted }]);
    expect((await call(new ApiClient(platform), 'GET', '/installs')).body.items).toEqual([]);
    expect(await soldOf('install', 'research-brief')).toHaveLength(1);

    const run = await call(tenant, 'POST', '/installs/research-brief/run', { input: inputOf('research-brief') });
    expect(run.status).toBe(201);
    const end = await ended(run.body.run_id);
    expect(end.status).toBe('completed');
    expect(String(end['output']).length).toBeGreaterThan(0);

    // The install is an agent for other agents as well: its card verifies, and a message is a run.
    const agent = { tenant: 'acme', install: 'research-brief' };
    const { client, card } = await agentClient(platform.url, { apiKey: tenantKey }, agent);
    expect(card.capabilities?.extensions[0]?.params).toMatchObject({ capsule: 'demo/research-brief@1.0.0', digest });
    const task = await taskOf(client, messageWith(inputOf('research-brief'), 'a-message'));
    expect(task.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(await ended(task.id)).toMatchObject({ output: task.artifacts[0]?.parts[0]?.content?.value });

    const copy = join(dir, 'copy.tar');
    await cli(['export', 'demo', 'research-brief', '1.0.0', '--out', copy], tenantKey);
    expect(readFileSync(copy).equals(readFileSync(join(dir, 'research-brief-1.0.0.tar')))).toBe(true);
  }, 600_000);

  test.each(['support-triage', 'data-quality-check'])(
    'that ships runs: %s',
    async (name) => {
      const digest = await listed(name, { meter: 'run' });
      const install = { capsule: `demo/${name}@1.0.0`, digest, granted: grantOf(name) };
      expect((await call(tenant, 'POST', '/installs', install)).status).toBe(201);
      const run = await cli(['run', name, '--input', JSON.stringify(inputOf(name))], tenantKey);
      expect(await ended(run.run_id)).toMatchObject({ status: 'completed' });
      expect(await soldOf('run', name)).toMatchObject([{ charge_id: `acme/${name}/runs/${run.run_id}` }]);
    },
    600_000,
  );

  test('is upgraded by a check that ran both versions and looked at the runs of the tenant', async () => {
    const of = (version: string) => ['--capsule', `demo/research-brief@${version}`];
    const digest = await listed('research-brief', { version: '1.1.0', meter: 'run' });
    const direct = { capsule: 'demo/research-brief@1.1.0', digest };
    const unchecked = await call(tenant, 'POST', '/installs/research-brief/upgrade', direct);
    expect([unchecked.status, unchecked.body.code]).toEqual([409, 'CAPSULE_CHECK_REQUIRED']);
    // The next one takes no question: each case of the version that runs, and each run of the past, is refused by it.
    const input = { type: 'object', properties: { topic: { type: 'string' } }, required: ['topic'] };
    await listed('research-brief', { version: '2.0.0', input });
    const env = { ...platform.env, KHIPU_URL: platform.url, KHIPU_API_KEY: tenantKey };
    const args = ['capsule', 'upgrade', 'research-brief', ...of('2.0.0'), '--margin', '0.5', '--json'];
    const bad = await khipu(args, env);
    const found = JSON.parse(bad.stdout) as { report: UpgradeReport; upgraded: unknown; check_id: string };
    expect([bad.code, found.upgraded, found.report.regression.verdict]).toEqual([1, null, 'regress']);
    // One was started over HTTP, one over A2A.
    expect(found.report.what_if).toMatchObject({
      ...{ runs: 2, changed: 2, reasons: [{ code: 'CAPSULE_INPUT_INVALID', runs: 2 }] },
    });
    const forced = await call(tenant, 'POST', '/installs/research-brief/upgrade', {
      ...{ capsule: found.report.to.capsule, digest: found.report.to.digest, check_id: found.check_id },
    });
    expect([forced.status, forced.body.code]).toEqual([409, 'CAPSULE_REGRESSION_FAILED']);

    const good = await cli(['upgrade', 'research-brief', ...of('1.1.0'), '--margin', '0.5'], tenantKey);
    const { regression, what_if: past } = good['report'] as UpgradeReport;
    expect([regression.verdict, regression.passed, regression.cases.length]).toEqual(['pass', 5, 5]);
    expect([past.runs, past.changed, past.before.charged, past.after.charged]).toEqual([
      ...[2, 0, '0.000000000', '5.000000000'],
    ]);
    expect(good['upgraded']).toMatchObject({ install: 'research-brief', digest });
    const back = await call(tenant, 'POST', '/installs/research-brief/rollback', {});
    expect([back.status, back.body.code]).toEqual([200, undefined]);
  }, 600_000);

  test('that is revoked stops within a second, in runs and in installs', async () => {
    const slow = { input: { question: 'What is a khipu? [[delay:8000]]' } };
    const running = await call(tenant, 'POST', '/installs/research-brief/run', slow);
    expect(running.status).toBe(201);
    const answer = await call(reviewer, 'POST', '/capsules/demo/research-brief/1.0.0/revocation', {
      reason: 'It leaks addresses',
    });
    expect(answer.body.status).toBe('revoked');
    const revokedMs = Date.now();
    const next = await call(tenant, 'POST', '/installs/research-brief/run', slow);
    expect([next.status, next.body.code]).toEqual([409, 'CAPSULE_REVOKED']);
    expect(Date.now() - revokedMs).toBeLessThan(1_000);
    // What policy decides: a command that goes around the route of the marketplace is refused as well.
    const again = await call(tenant, 'POST', '/installs', {
      ...{ capsule: 'demo/research-brief@1.0.0', name: 'again', digest: answer.body.digest, granted: [] },
    });
    expect([again.status, again.body.code]).toEqual([503, 'KILL_SWITCH']);
    // The answer that was under way is the last one of its run.
    expect(await ended(running.body.run_id)).toMatchObject({ status: 'failed', code: 'KILL_SWITCH' });
    const switches = await new ApiClient(platform).call<Json>('GET', '/v1/kill-switch');
    expect(JSON.stringify(switches.body)).toContain(`capsule:sha256.${answer.body.digest}`);
  }, 600_000);

  test('has figures that equal SQL over the raw events', async () => {
    const admin = { username: 'khipu_admin', password: keptSecret(platform.dir, 'postgres-admin-password') };
    const url = Object.assign(new URL(platform.env['DATABASE_URL'] ?? ''), admin).href;
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    const raw = async () => [
      ...(await sql`
        SELECT s.data->'capsule'->>'capsule_id' AS subject, count(*)::int AS runs,
          count(*) FILTER (WHERE e.type = 'khipu.agents.AgentRunCompleted')::int AS successes,
          sum((e.data->'tokens'->>'prompt')::int + (e.data->'tokens'->>'completion')::int)::int AS tokens,
          sum((e.data->>'cost')::numeric)::text AS cost
        FROM khipu.events s JOIN khipu.events e ON e.subject_id = s.subject_id AND e.tenant_id = s.tenant_id
          AND e.type IN ('khipu.agents.AgentRunCompleted', 'khipu.agents.AgentRunFailed', 'khipu.agents.AgentRunCancelled')
        WHERE s.tenant_id = 'acme' AND s.type = 'khipu.agents.AgentRunStarted' AND s.data->>'parent' IS NULL
          AND s.data->'capsule'->>'capsule_id' IS NOT NULL AND s.metadata->>'ce_simulation' IS NULL
        GROUP BY 1 ORDER BY 1`),
    ];
    const shown = async () =>
      (await tenant.call<Json>('GET', '/v1/analytics/capsules')).body.items.map(
        ({ subject, runs, successes, tokens, cost }) => ({ subject, runs, successes, tokens, cost }),
      );
    const pair = await until(
      async () => ({ shown: await shown(), raw: await raw() }),
      (found) => found.raw.length >= 3 && JSON.stringify(found.shown) === JSON.stringify(found.raw),
      TIMEOUT_MS,
    );
    expect(pair.shown).toEqual(pair.raw);
    await sql.end();
  }, 600_000);
});
