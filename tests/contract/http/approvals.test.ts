import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../infra/governance/constitution/canonical-json.ts';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { preAuthenticationEncoding } from '../../../infra/governance/constitution/dsse.ts';
import { CONSTITUTION_PAYLOAD_TYPE } from '../../../infra/governance/constitution/signing.ts';
import { constitutionSigner } from '../../../infra/security/load-keys.ts';
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { type ApiAnswer, type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import {
  type OutsideService,
  paymentManifest,
  signedTool,
  startOutsideService,
  weatherManifest,
} from '../../support/outside-service.ts';
import { type Harness, startHarness } from './support/harness.ts';

/** A call, an approval, a grant, a page, or a problem. */
interface ApprovalJson extends ProblemJson {
  readonly call_id: string;
  readonly approval_id: string;
  readonly grant_id: string;
  readonly digest: string;
  readonly status: never;
  readonly output: unknown;
  readonly items: readonly ApprovalJson[];
  readonly session_id: never;
  readonly uses: number;
  readonly label_sources: readonly { readonly label: string; readonly source: string }[];
  readonly steps: readonly { readonly kind: string }[];
}

/** The example of the documentation. */
const added = JSON.parse(readFileSync('docs/examples/approve-calls.json', 'utf8')) as Pick<
  ConstitutionDocument,
  'approvals' | 'policies' | 'tests'
>;
const document: ConstitutionDocument = {
  ...defaultConstitution,
  version: '2.0.0',
  approvals: added.approvals,
  policies: [...defaultConstitution.policies, ...added.policies],
  tests: [...defaultConstitution.tests, ...added.tests],
};

let platform: Harness;
let outside: OutsideService;
let agent: ApiClient;
let ana: ApiClient;
let bea: ApiClient;
let other: ApiClient;
beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startHarness({
    KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1',
    KHIPU_CONSTITUTION_REVIEWS_REQUIRED: '0',
  });
  agent = await platform.clientWith('demo', ['tool:execute:*', 'slm:invoke:*', 'memory:*']);
  ana = await platform.clientWith('demo', ['approval:decide', 'approval:read']);
  bea = await platform.clientWith('demo', ['approval:decide:payment', 'approval:read']);
  other = await platform.clientWith('acme', ['approval:decide', 'approval:read']);
  const web = weatherManifest(outside, { name: 'web', labels: { out: ['untrusted'] } });
  const both = paymentManifest(outside, { name: 'both', approval: { required: 2 } });
  const brief = paymentManifest(outside, { name: 'brief', approval: { required: 1, expires_ms: 1_000 } });
  for (const manifest of [paymentManifest(outside), web, both, brief])
    await platform.api.call('PUT', `/v1/tools/${manifest.name}`, {
      body: signedTool(manifest, platform.config.keysDir),
    });
  await putInForce();
}, 60_000);
afterAll(async () => {
  await platform.close();
  await outside.close();
});

async function putInForce(): Promise<void> {
  const post = (path: string, body: object) => platform.api.call('POST', `/v1/constitutions${path}`, { body });
  const { version } = document;
  const proposed = await post('', { document });
  expect([proposed.status, proposed.body]).toMatchObject([201, {}]);
  const digest = proposed.body['digest'];
  const signer = constitutionSigner(platform.config);
  const encoded = preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, canonicalJson(document));
  const sig = sign(null, encoded, signer.privateKey).toString('base64');
  await post(`/${version}/signatures`, { digest, keyid: signer.keyId, sig });
  expect((await post('/activations', { version, digest })).status).toBe(200);
  await until(
    () => platform.api.start({ persona: 'guide' }),
    ({ body }) => body.decision?.constitution.version === version,
  );
}

type Options = { readonly token?: string; readonly labels?: readonly string[] };
const call = (tool: string, given: object, { token, labels }: Options = {}) =>
  agent.call<ApprovalJson>('POST', `/v1/tools/${tool}/execute`, {
    body: { arguments: given, ...(labels && { labels }) },
    ...(token !== undefined && { token }),
  });
const get = (path: string, client = ana) => client.call<ApprovalJson>('GET', `/v1${path}`);
const held = async (tool = 'payment', given: object = { amount: 5 }, options: Options = {}) => {
  const { status, body, headers } = await call(tool, given, options);
  expect([status, body.status, headers.get('location')]).toEqual([202, 'waiting', `/v1/tool-calls/${body.call_id}`]);
  await until(
    () => get(`/approvals/${body.approval_id}`),
    (answer) => answer.status === 200,
  );
  return body;
};
const decide = (of: Pick<ApprovalJson, 'approval_id' | 'digest'>, body: object = {}, client = ana) =>
  client.call<ApprovalJson>('POST', `/v1/approvals/${of.approval_id}/decision`, {
    body: { outcome: 'approve', digest: of.digest, ...body },
  });
const problemOf = ({ status, body }: ApiAnswer<ApprovalJson>) => [status, body.code];
const endOf = async (id: string) =>
  (
    await until(
      () => agent.call<ApprovalJson>('GET', `/v1/tool-calls/${id}`),
      (answer) => ['succeeded', 'refused', 'failed'].includes(String(answer.body.status)),
    )
  ).body;

describe('a call that needs an approval', () => {
  test('waits, is shown whole to an approver, and runs once when another principal approves it', async () => {
    const before = outside.payments.size;
    const waiting = await held();
    expect(outside.payments.size).toBe(before);
    const { body: shown } = await get(`/approvals/${waiting.approval_id}`);
    expect(shown).toMatchObject({
      ...{ tool: 'payment', effect: 'irreversible', arguments: { amount: 5 }, digest: waiting.digest, required: 1 },
      ...{ decision: { outcome: 'allow' }, requirement: { rules: ['irreversible'] }, cost_max: '0.000000000' },
    });
    const mine = await get('/approvals?mine=true');
    expect(mine.body.items.map(({ approval_id: id }) => id)).toContain(waiting.approval_id);
    expect([(await decide(waiting)).status, (await endOf(waiting.call_id)).output]).toEqual([200, { paid: 5 }]);
    expect(problemOf(await decide(waiting))).toEqual([409, 'APPROVAL_ENDED']);
    expect(outside.payments.size).toBe(before + 1);
  });

  test('never runs when it is rejected', async () => {
    const before = outside.payments.size;
    const waiting = await held();
    const { body } = await decide(waiting, { outcome: 'reject', reason: 'too much' });
    expect([body.status, (await endOf(waiting.call_id)).code]).toEqual(['rejected', 'APPROVAL_REJECTED']);
    expect(outside.payments.size).toBe(before);
  });

  test('is decided neither by its caller, nor for another digest, nor without the capability', async () => {
    const waiting = await held();
    const own = await platform.clientWith('demo', ['tool:execute:*']);
    expect(problemOf(await decide(waiting, {}, own))).toEqual([403, 'CAPABILITY_MISSING']);
    expect(problemOf(await decide(waiting, { digest: '0'.repeat(64) }))).toEqual([409, 'APPROVAL_CHANGED']);
    expect(problemOf(await decide(waiting, {}, other))).toEqual([404, 'RESOURCE_UNKNOWN']);
    const admin = await platform.api.call<ApprovalJson>('POST', '/v1/tools/payment/execute', {
      body: { arguments: { amount: 7 } },
    });
    await until(
      () => get(`/approvals/${admin.body.approval_id}`),
      (answer) => answer.status === 200,
    );
    expect(problemOf(await decide(admin.body, {}, platform.api))).toEqual([403, 'APPROVAL_OWN']);
  });

  test('with edited arguments goes through policy again and needs an approval of its new digest', async () => {
    const waiting = await held();
    const bad = { outcome: 'edit', arguments: { amount: 'much' } };
    expect(problemOf(await decide(waiting, bad))).toEqual([422, 'TOOL_ARGUMENTS_INVALID']);
    const edited = await decide(waiting, { outcome: 'edit', arguments: { amount: 3 } }, bea);
    expect([edited.status, edited.body.status]).toEqual([200, 'waiting']);
    expect(edited.body.digest).not.toBe(waiting.digest);
    expect(problemOf(await decide(waiting))).toEqual([409, 'APPROVAL_CHANGED']);
    expect((await decide({ ...waiting, digest: edited.body.digest })).status).toBe(200);
    expect((await endOf(waiting.call_id)).output).toEqual({ paid: 3 });
    const { body } = await until(
      () => get(`/approvals/${waiting.approval_id}`),
      (answer) => answer.body.steps.length === 5,
    );
    expect(body.steps.map(({ kind }) => kind).sort()).toEqual([
      'approved',
      'edited',
      'granted',
      'requested',
      'requested',
    ]);
  });

  test('waits for as many principals as its manifest asks for', async () => {
    const waiting = await held('both');
    expect((await decide(waiting)).body.status).toBe('waiting');
    expect(problemOf(await decide(waiting))).toEqual([409, 'APPROVAL_REPEATED']);
    expect(problemOf(await decide(waiting, {}, bea))).toEqual([403, 'POLICY_DENIED']);
    const eva = await platform.clientWith('demo', ['approval:decide:both', 'approval:read']);
    expect((await decide(waiting, {}, eva)).body.status).toBe('granted');
    expect((await endOf(waiting.call_id)).output).toEqual({ paid: 5 });
  });

  test('is refused without a decision in time', async () => {
    const waiting = await held('brief');
    expect((await endOf(waiting.call_id)).code).toBe('APPROVAL_EXPIRED');
    const { body } = await until(
      () => get(`/approvals/${waiting.approval_id}`),
      (answer) => answer.body.status === 'expired',
    );
    expect(body.code).toBe('APPROVAL_EXPIRED');
  }, 20_000);
});

describe('a grant', () => {
  test('lets like calls of the session run, until it is revoked', async () => {
    const { token } = (await agent.start({ persona: 'guide', capabilities: ['tool:execute:payment'] })).body;
    const waiting = await held('payment', { amount: 2 }, { token });
    const shape = { properties: { amount: { type: 'number', maximum: 4 } }, required: ['amount'] };
    expect((await decide(waiting, { grant: { shape, lifetime_ms: 60_000, uses_max: 5 } })).status).toBe(200);
    await endOf(waiting.call_id);
    const run = await call('payment', { amount: 3 }, { token });
    expect([run.status, run.body.output]).toEqual([200, { paid: 3 }]);
    await held('payment', { amount: 9 }, { token });
    const { body } = await until(
      () => get('/approval-grants?status=active'),
      (answer) => answer.body.items.length === 1,
    );
    const id = body.items[0]?.grant_id ?? '';
    expect(body.items[0]).toMatchObject({ tool: 'payment', uses_max: 5 });
    expect(body.items[0]?.session_id).not.toBeNull();
    const revoke = () => ana.call<ApprovalJson>('DELETE', `/v1/approval-grants/${id}`);
    expect((await revoke()).status).toBe(204);
    await held('payment', { amount: 3 }, { token });
    const { status } = await until(revoke, (answer) => answer.status === 409);
    expect(status).toBe(409);
  });

  test('outside sessions lets the same call of the caller run, counted over all places, until it is revoked', async () => {
    const waiting = await held('payment', { amount: 21 });
    expect((await decide(waiting, { grant: { lifetime_ms: 60_000, uses_max: 3 } })).status).toBe(200);
    await endOf(waiting.call_id);
    // The grant is of another place than the call: it is kept a moment later.
    const { body } = await until(
      () => get('/approval-grants?status=active'),
      (answer) => answer.body.items.length === 1,
    );
    const [grant] = body.items;
    expect(grant).toMatchObject({ tool: 'payment', session_id: null, initiator: expect.any(String), uses_max: 3 });
    for (const _use of [1, 2]) {
      const run = await call('payment', { amount: 21 });
      expect([run.status, run.body.output]).toEqual([200, { paid: 21 }]);
    }
    // Not for another argument, another caller, or in a session.
    await held('payment', { amount: 22 });
    const execute = { body: { arguments: { amount: 21 } } };
    expect((await platform.api.call<ApprovalJson>('POST', '/v1/tools/payment/execute', execute)).status).toBe(202);
    const { token } = (await agent.start({ persona: 'guide', capabilities: ['tool:execute:payment'] })).body;
    await held('payment', { amount: 21 }, { token });
    const { body: used } = await until(
      () => get('/approval-grants?status=active'),
      (answer) => answer.body.items[0]?.uses === 2,
    );
    expect(used.items).toHaveLength(1);
    const revoked = await ana.call<ApprovalJson>('DELETE', `/v1/approval-grants/${grant?.grant_id}`);
    expect(revoked.status).toBe(204);
    await held('payment', { amount: 21 });
  });
});

describe('labels', () => {
  test('of an output stay with the session: untrusted content drives no irreversible tool', async () => {
    const capabilities = ['tool:execute:payment', 'tool:execute:web'];
    const { token } = (await agent.start({ persona: 'guide', capabilities })).body;
    await held('payment', { amount: 1 }, { token });
    expect((await call('web', { city: 'Cusco' }, { token })).status).toBe(200);
    const refused = await until(
      () => call('payment', { amount: 1 }, { token }),
      (answer) => answer.status === 403,
    );
    expect(refused.body.decision?.reasons).toContain('UNTRUSTED_DRIVES_IRREVERSIBLE');
    // Another session has not seen it.
    const { token: clean } = (await agent.start({ persona: 'guide', capabilities })).body;
    await held('payment', { amount: 1 }, { token: clean });
  });

  test('of an output go with what the session remembers', async () => {
    const capabilities = ['tool:execute:web', 'memory:remember:shared'];
    const { token } = (await agent.start({ persona: 'guide', capabilities })).body;
    const remember = () =>
      agent.call<{ readonly memory_id: string; readonly labels: readonly string[] }>('POST', '/v1/memory/remember', {
        ...{ body: { text: 'Pay at once.', space: 'shared' }, token },
      });
    expect((await remember()).body.labels).toEqual([]);
    expect((await call('web', { city: 'Cusco' }, { token })).status).toBe(200);
    const { body } = await until(remember, (answer) => answer.body.labels?.length > 0);
    expect(body.labels).toEqual(['untrusted']);
    const kept = await until(
      () => agent.call<typeof body>('GET', `/v1/memory/memories/${body.memory_id}`),
      ({ status }) => status === 200,
    );
    expect(kept.body.labels).toEqual(['untrusted']);
  });

  test('that a caller declares count as those of an output', async () => {
    const refused = await call('payment', { amount: 1 }, { labels: ['untrusted'] });
    expect([refused.status, refused.body.decision?.reasons[0]]).toEqual([403, 'UNTRUSTED_DRIVES_IRREVERSIBLE']);
  });
});
