import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shippedCapsule, shippedCapsules } from '../../../infra/capsules/shipped/shipped.ts';
import { prepareCapsule } from '../../../infra/capsules/signing.ts';
import { aManifest } from '../../../infra/capsules/testing.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { archiveOf, statementAbout } from '../../support/capsules.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { keptCheck } from './support/upgrade-checks.ts';

/** A capsule, an install, a run, an archive, a page, or a problem. */
interface CapsuleJson extends ProblemJson {
  readonly capsule: string;
  readonly digest: string;
  readonly status: string & number;
  readonly archive: string;
  readonly run_id: string;
  readonly check_id: string;
  readonly granted: readonly string[];
  readonly reviews: readonly unknown[];
  readonly price: unknown;
  readonly publisher: string;
  readonly items: readonly CapsuleJson[];
}

let platform: Harness;
let reviewer: ApiClient;
let second: ApiClient;
let acme: ApiClient;
beforeAll(async () => {
  platform = await startHarness({ KHIPU_CAPSULE_REVIEWS_REQUIRED: '2' });
  [reviewer, second, acme] = await Promise.all([
    platform.clientWith('umbra', ['capsules:read', 'capsules:review:demo', 'capsules:revoke:demo']),
    platform.clientWith('demo', ['capsules:review:*']),
    platform.clientWith('acme', ['capsules:read', 'capsules:install', 'capsules:run', 'agents:*', 'slm:invoke:*']),
  ]);
});
afterAll(() => platform.close());

const codec = createLocalCodec();
const GRANT = ['agents:start:greeter', 'slm:invoke:default'];

const call = (client: ApiClient, method: string, path: string, body?: object) =>
  client.call<CapsuleJson>(method, `/v1/marketplace${path}`, body === undefined ? {} : { body });
const archive = (changes: object = {}) => archiveOf(aManifest({ ...changes }), platform.config.keysDir);
const publish = (changes: object = {}, client = platform.api) =>
  call(client, 'POST', '/publish', { archive: archive(changes) });
const review = (digest: string, path: string, client: ApiClient, outcome = 'approve') =>
  call(client, 'POST', `/capsules/demo/${path}/reviews`, { digest, outcome });
const problemOf = ({ status, body }: ApiAnswer<CapsuleJson>) => [status, body.code];

/** Publishes a capsule and has it listed. */
async function listed(changes: {
  readonly name: string;
  readonly version?: string;
  readonly price?: object;
}): Promise<CapsuleJson> {
  const { body } = await publish(changes);
  const path = `${changes.name}/${changes.version ?? '1.0.0'}`;
  for (const client of [reviewer, second]) await review(body.digest, path, client);
  return body;
}
const install = (capsule: Pick<CapsuleJson, 'capsule' | 'digest'>, more: object = {}, client = acme) =>
  call(client, 'POST', '/installs', { capsule: capsule.capsule, digest: capsule.digest, granted: GRANT, ...more });

describe('a capsule', () => {
  test('is published, reviewed by two principals that did not publish it, and listed', async () => {
    const { status, body, headers } = await publish({ name: 'life' });
    expect([status, body.capsule, body.status, headers.get('location')]).toEqual([
      ...[201, 'demo/life@1.0.0', 'submitted', '/v1/marketplace/capsules'],
    ]);
    expect(problemOf(await publish({ name: 'life' }))).toEqual([409, 'ALREADY_EXISTS']);
    expect(problemOf(await call(acme, 'GET', '/capsules/demo/life/1.0.0'))).toEqual([404, 'CAPSULE_UNKNOWN']);
    expect((await call(reviewer, 'GET', '/capsules/demo/life/1.0.0')).body.status).toBe('submitted');
    expect(problemOf(await review(body.digest, 'life/1.0.0', acme))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await review(body.digest, 'life/1.0.0', platform.api))).toEqual([403, 'CAPSULE_REVIEW_OWN']);
    expect((await review(body.digest, 'life/1.0.0', reviewer)).body.status).toBe('submitted');
    expect(problemOf(await review(body.digest, 'life/1.0.0', reviewer))).toEqual([409, 'CAPSULE_REVIEW_REPEATED']);
    expect(problemOf(await install(body))).toEqual([404, 'CAPSULE_UNKNOWN']);
    const last = await review(body.digest, 'life/1.0.0', second);
    expect([last.body.status, last.body.reviews.length]).toEqual(['listed', 2]);
    expect((await call(acme, 'GET', '/capsules/demo/life/1.0.0')).body.digest).toBe(body.digest);
  });

  test('is found by its words in the list of every tenant, as long as it is listed', async () => {
    await listed({ name: 'kingfisher' });
    const found = (client: ApiClient, query: string) =>
      until(
        () => call(client, 'GET', `/capsules?${query}`),
        ({ body }) => body.items.length > 0,
      );
    expect((await found(acme, 'q=Kingfisher')).body.items.map(({ capsule }) => capsule)).toEqual([
      'demo/kingfisher@1.0.0',
    ]);
    expect((await call(acme, 'GET', '/capsules?q=kingfisher%20absent')).body.items).toEqual([]);
    await publish({ name: 'hidden' });
    expect((await found(platform.api, 'status=submitted&q=hidden')).body.items).toHaveLength(1);
    expect((await call(acme, 'GET', '/capsules?status=submitted&publisher=demo')).body.items).toEqual([]);
    const yanked = await call(platform.api, 'DELETE', '/capsules/demo/kingfisher/1.0.0');
    expect(yanked.body.status).toBe('yanked');
    expect(problemOf(await install(yanked.body))).toEqual([409, 'CAPSULE_STATE_INVALID']);
    await until(
      () => call(acme, 'GET', '/capsules?q=kingfisher'),
      ({ body }) => body.items.length === 0,
    );
  });

  test('is exported as it was published, with the statements that were added', async () => {
    const { body } = await publish({ name: 'copied' });
    const exported = () => call(platform.api, 'GET', '/capsules/demo/copied/1.0.0/archive');
    const same = await until(exported, ({ status }) => status === 200);
    expect(same.body.archive).toBe(archive({ name: 'copied' }));
    const bundle = statementAbout({ name: body.capsule, digest: body.digest }, platform.config.keysDir);
    const attest = (digest: string, text: string) =>
      call(reviewer, 'POST', '/capsules/demo/copied/1.0.0/attestations', { digest, bundle: text });
    expect((await attest(body.digest, bundle)).status).toBe(200);
    expect(problemOf(await attest(body.digest, '{}'))).toEqual([422, 'CAPSULE_STATEMENT_INVALID']);
    const statements = await until(
      () => call(reviewer, 'GET', '/capsules/demo/copied/1.0.0/attestations'),
      (answer) => answer.body.items.length === 4,
    );
    // The newest first; the others were in the archive.
    expect(statements.body.items[0]).toMatchObject({ bundle: JSON.parse(bundle) });
    expect((await exported()).body.archive).not.toBe(same.body.archive);
  });

  test('is refused with the code of its fault', async () => {
    const text = archive({ name: 'faulty' });
    const flipped = Buffer.from(text, 'base64');
    flipped[700] = (flipped[700] ?? 0) ^ 1;
    const send = (given: string) => call(platform.api, 'POST', '/publish', { archive: given });
    expect((await send(flipped.toString('base64'))).body.code).toMatch(/^CAPSULE_/);
    expect(problemOf(await send('AAAA'))).toEqual([422, 'CAPSULE_ARCHIVE_INVALID']);
    expect(problemOf(await publish({ name: 'faulty', publisher: 'acme' }))).toEqual([422, 'CAPSULE_INVALID']);
    const tools = { tools: [{ name: 'absent' }], capabilities: [...GRANT, 'tool:execute:absent'] };
    expect(problemOf(await publish({ name: 'faulty', ...tools }))).toEqual([409, 'CAPSULE_TOOL_MISSING']);
    const put = await call(platform.api, 'PUT', '/capsules/demo/another/1.0.0', { archive: text });
    expect(problemOf(put)).toEqual([422, 'CAPSULE_INVALID']);
    expect((await call(platform.api, 'PUT', '/capsules/demo/faulty/1.0.0', { archive: text })).status).toBe(201);
  });
});

describe('an install', () => {
  const run = (name: string, input: object = { name: 'Ana' }, client = acme) =>
    call(client, 'POST', `/installs/${name}/run`, { input });
  const ended = (runId: string) =>
    until(
      () => acme.call<CapsuleJson>('GET', `/v1/agents/runs/${runId}`),
      ({ body }) => (body.status as string) !== 'running',
    );

  test('runs the capsule with what was granted, and its record names the digest', async () => {
    const capsule = await listed({ name: 'runner' });
    const made = await install(capsule);
    expect([made.status, made.body.publisher, made.body.granted, made.headers.get('location')]).toEqual([
      ...[201, 'demo', GRANT, '/v1/marketplace/installs/runner'],
    ]);
    expect(made.body.price).toEqual({ amount: '0.000000000', currency: 'EUR', meter: 'install' });
    const started = await run('runner');
    expect(started.status).toBe(201);
    expect((await ended(started.body.run_id)).body.status).toBe('completed');
    const records = platform.log
      .partitionsOf('agents.events')
      .flatMap(({ entries }) => entries.flatMap((entry) => (entry?.value == null ? [] : [codec.decode(entry.value)])));
    const record = records.find(
      ({ type, data }) => type === 'AgentRunStarted' && 'runId' in data && data.runId === started.body.run_id,
    );
    expect(record?.data).toMatchObject({
      capsule: { installId: 'acme/runner', capsuleId: 'demo/runner@1.0.0', digest: capsule.digest },
      capabilities: ['slm:invoke:default'],
    });
    expect(problemOf(await run('runner', { name: 7 }))).toEqual([422, 'CAPSULE_INPUT_INVALID']);
    expect(problemOf(await run('runner', {}, platform.api))).toEqual([404, 'CAPSULE_INSTALL_UNKNOWN']);
    const list = await until(
      () => call(acme, 'GET', '/installs'),
      ({ body }) => body.items.length > 0,
    );
    expect(list.body.items).toMatchObject([{ install: 'runner', digest: capsule.digest }]);
    expect((await call(platform.api, 'GET', '/installs')).body.items).toEqual([]);
  });

  test('is charged when it is made, and so is each run that is paid for, once', async () => {
    const priced = (meter: string) => ({ name: `paid-by-${meter}`, price: { amount: '2.5', currency: 'EUR', meter } });
    const [byInstall, byRun] = [await listed(priced('install')), await listed(priced('run'))];
    await install(byInstall);
    await install(byRun);
    const started = await run('paid-by-run');
    await ended(started.body.run_id);
    const sold = platform.log
      .partitionsOf('billing.ledger')
      .flatMap(({ entries }) => entries.flatMap((entry) => (entry?.value == null ? [] : [codec.decode(entry.value)])))
      .flatMap(({ type, data }) =>
        type === 'LedgerPosted' && ['install', 'run'].includes(data.kind)
          ? [
              [
                data.kind,
                data.lines[0]?.resource,
                data.legs.find(({ account }) => account.startsWith('publisher'))?.amount,
              ],
            ]
          : [],
      );
    expect(sold.sort()).toEqual([
      ['install', 'demo/paid-by-install@1.0.0', '-2.000000000'],
      ['run', 'demo/paid-by-run@1.0.0', '-2.000000000'],
    ]);
  });

  test.each(shippedCapsules)('runs the capsule that ships as %s', async (name) => {
    const manifest = shippedCapsule(name, 'demo');
    const { agent, golden } = prepareCapsule(manifest).manifest;
    const sent = { archive: archiveOf(manifest, platform.config.keysDir) };
    const { body } = await call(platform.api, 'POST', '/publish', sent);
    for (const client of [reviewer, second]) await review(body.digest, `${name}/1.0.0`, client);
    const granted = [`agents:start:${agent.name}`, 'slm:invoke:default'];
    expect((await install(body, { granted })).status).toBe(201);
    for (const { input } of golden) {
      const started = await run(name, input);
      const { body: end } = await ended(started.body.run_id);
      expect([end.status, end.code, end.detail]).toEqual(['completed', null, null]);
    }
  });

  test('does not run what needs more than was granted, and is granted no more than the capsule asks for', async () => {
    const capsule = await listed({ name: 'greedy' });
    expect((await install(capsule, { granted: ['agents:start:greeter'] })).status).toBe(201);
    expect(problemOf(await run('greedy'))).toEqual([403, 'POLICY_DENIED']);
    expect(problemOf(await install(capsule, { name: 'other', granted: ['jobs:*'] }))).toEqual([
      ...[422, 'CAPSULE_GRANT_INVALID'],
    ]);
  });

  test('is upgraded, rolled back and removed', async () => {
    const first = await listed({ name: 'steps' });
    const next = await listed({ name: 'steps', version: '1.1.0' });
    await install(first);
    const more = { capabilities: [...GRANT, 'slm:embed:default'], version: '2.0.0' };
    const greedy = await listed({ name: 'steps', ...more });
    const upgrade = ({ capsule, digest }: CapsuleJson, check: object = {}) =>
      call(acme, 'POST', '/installs/steps/upgrade', { capsule, digest, ...check });
    expect(problemOf(await upgrade(greedy))).toEqual([409, 'CAPSULE_GRANT_REQUIRED']);
    expect(problemOf(await upgrade(next))).toEqual([409, 'CAPSULE_CHECK_REQUIRED']);
    const of = { install: 'steps', capsule: next.capsule, digest: next.digest, api: acme, tenant: 'acme' };
    const bad = { check_id: await keptCheck(platform, { ...of, verdict: 'inconclusive' }) };
    const refused = await upgrade(next, bad);
    expect(problemOf(refused)).toEqual([409, 'CAPSULE_REGRESSION_FAILED']);
    expect(refused.body.detail).toContain('The regression is inconclusive, 29 of 29 cases passed');
    const good = { check_id: await keptCheck(platform, of) };
    expect(problemOf(await upgrade(next, bad))).toEqual([409, 'CAPSULE_CHECK_REQUIRED']);
    expect((await upgrade(next, good)).body.digest).toBe(next.digest);
    expect(problemOf(await upgrade(first, good))).toEqual([409, 'CAPSULE_CHECK_REQUIRED']);
    expect((await call(acme, 'POST', '/installs/steps/rollback', {})).body.digest).toBe(first.digest);
    expect((await call(acme, 'GET', '/installs/steps')).body.digest).toBe(first.digest);
    expect((await call(acme, 'DELETE', '/installs/steps')).body.status).toBe('uninstalled');
    expect(problemOf(await run('steps'))).toEqual([404, 'CAPSULE_INSTALL_UNKNOWN']);
    expect((await install(first)).status).toBe(201);
  });

  test('has a check of an upgrade started, for its tenant, and refused with the code that the upgrade would have', async () => {
    const [first, next] = [await listed({ name: 'checked' }), await listed({ name: 'checked', version: '1.1.0' })];
    await install(first);
    const tester = await platform.clientWith('acme', ['capsules:*', 'jobs:*', 'agents:*', 'slm:*', 'evaluations:*']);
    const check = (body: object, client = tester) => call(client, 'POST', '/installs/checked/upgrade-checks', body);
    const asked = { capsule: next.capsule, digest: next.digest };
    const started = await check(asked);
    const { check_id: checkId } = started.body;
    expect([started.status, started.body.status, started.headers.get('location')]).toEqual([
      ...[201, 'running', `/v1/marketplace/installs/checked/upgrade-checks/${checkId}`],
    ]);
    const shown = await until(
      () => call(acme, 'GET', `/installs/checked/upgrade-checks/${checkId}`),
      ({ status }) => status === 200,
    );
    expect(shown.body).toMatchObject({ check_id: checkId, install: 'checked', status: 'running', report: null });
    expect(problemOf(await call(platform.api, 'GET', `/installs/checked/upgrade-checks/${checkId}`))).toEqual([
      ...[404, 'RESOURCE_UNKNOWN'],
    ]);
    expect(problemOf(await check(asked, acme))).toEqual([403, 'POLICY_DENIED']);
    expect(problemOf(await check({ ...asked, digest: first.digest }))).toEqual([422, 'CAPSULE_DIGEST_MISMATCH']);
    expect(problemOf(await check({ capsule: first.capsule, digest: first.digest }))).toEqual([
      ...[409, 'CAPSULE_STATE_INVALID'],
    ]);
    expect(problemOf(await check({ ...asked, granted: ['jobs:*'] }))).toEqual([422, 'CAPSULE_GRANT_INVALID']);
    expect(problemOf(await check({ ...asked, golden_set: 'absent' }))).toEqual([404, 'RESOURCE_UNKNOWN']);
  });

  test('stops at once when the capsule is revoked, at another gateway as well', async () => {
    const capsule = await listed({ name: 'revoked' });
    await install(capsule);
    expect((await run('revoked')).status).toBe(201);
    const startedMs = Date.now();
    const answer = await call(reviewer, 'POST', '/capsules/demo/revoked/1.0.0/revocation', { reason: 'it leaks' });
    expect(answer.body.status).toBe('revoked');
    expect(problemOf(await run('revoked'))).toEqual([409, 'CAPSULE_REVOKED']);
    expect(Date.now() - startedMs).toBeLessThan(1_000);
    expect(problemOf(await install(capsule, { name: 'again' }))).toEqual([503, 'KILL_SWITCH']);
  });
});
