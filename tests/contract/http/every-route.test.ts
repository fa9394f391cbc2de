import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionTokens } from '../../../gateways/shared/auth/session-tokens.ts';
import { prepareConstitution } from '../../../infra/governance/constitution-signing.ts';
import { defaultConstitution } from '../../../infra/governance/default-constitution.ts';
import { keyFiles } from '../../../infra/keys/files.ts';
import { loadKeys } from '../../../infra/keys/load.ts';
import { type ApiAnswer, ApiClient, type ProblemJson, type StartedJson } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

/**
 * Tries every route of the OpenAPI document with every credential that must not do. A new route is tried without being
 * named here, unless it is open to all or does something: then it must say below what is expected of it.
 */

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly takes: readonly ('api_key' | 'session_token')[];
  readonly statuses: readonly string[];
  readonly body: unknown;
}

/** Routes without credentials: they hold nothing of any tenant. */
const OPEN = ['jwks', 'live', 'metrics', 'ready', 'slmHealth'];

/** What each operation that does something answers to a caller without any capability, and under the global kill switch. */
const DOING: Readonly<Record<string, { readonly powerless: string | number; readonly stopped: string | number }>> = {
  startSession: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  // The log has the command; the policy refuses the turn on its stream: tokens.test.ts.
  submitTurn: { powerless: 202, stopped: 'KILL_SWITCH' },
  narrowToken: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  inferSync: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  embed: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  setKillSwitch: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  revokeTokens: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  createTenant: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  changeTenant: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  createRole: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  changeRole: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  removeRole: { powerless: 'CAPABILITY_MISSING', stopped: 204 },
  createUser: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  changeUser: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  removeUser: { powerless: 'CAPABILITY_MISSING', stopped: 204 },
  createServiceAccount: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  changeServiceAccount: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  removeServiceAccount: { powerless: 'CAPABILITY_MISSING', stopped: 204 },
  createApiKey: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  rotateApiKey: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  revokeApiKey: { powerless: 'CAPABILITY_MISSING', stopped: 204 },
  // Governing goes on while work is stopped. The version that decides is published, so it takes no more reviews.
  proposeConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  reviewConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 'CONSTITUTION_PUBLISHED_ALREADY' },
  signConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 'SIGNATURE_INVALID' },
  activateConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  shadowConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
};

/** Of the constitution that decides. */
const { digest } = prepareConstitution(defaultConstitution);

const BODIES: Readonly<Record<string, unknown>> = {
  startSession: { persona: 'guide', prompt: 'What is a khipu?' },
  submitTurn: { prompt: 'What is a khipu?' },
  narrowToken: { capabilities: ['slm:invoke:default'] },
  inferSync: { prompt: 'What is a khipu?' },
  embed: { input: 'knots' },
  setKillSwitch: { scope: 'tenant:acme', action: 'engage', reason: 'a test' },
  revokeTokens: { scope: 'session:of-nobody', reason: 'a test' },
  createTenant: { tenant_id: 'more', name: 'More' },
  changeTenant: { name: 'There' },
  createRole: { name: 'more', capabilities: [] },
  changeRole: { capabilities: [] },
  createUser: { user_id: 'more', name: 'More' },
  changeUser: { name: 'There' },
  createServiceAccount: { service_account_id: 'more', name: 'More' },
  changeServiceAccount: { name: 'There' },
  createApiKey: { name: 'more', owner: 'user:there' },
  rotateApiKey: {},
  proposeConstitution: { document: { ...defaultConstitution, version: 'next' } },
  reviewConstitution: { digest, verdict: 'approve' },
  signConstitution: { digest, keyid: 'of-nobody', sig: `${'A'.repeat(86)}==` },
  activateConstitution: { version: '1.1.0', digest },
  shadowConstitution: { version: null },
};

/** What is set up before, and what the paths name; what is removed is put aside by a name of its own. */
const THERE: Readonly<Record<string, object>> = {
  '/v1/tenants': { tenant_id: 'there', name: 'There' },
  '/v1/roles': { name: 'there', capabilities: [] },
  '/v1/users': { user_id: 'there', name: 'There' },
  '/v1/service-accounts': { service_account_id: 'there', name: 'There' },
  '/v1/api-keys': { name: 'there', owner: 'user:there' },
};
const removes = (operationId: string): boolean => /^(?:remove|revokeApiKey)/.test(operationId);

const WRONG_KEYS_MAX = 25;

let platform: Harness;
let operations: readonly Operation[];
let session: StartedJson;
let requestId: string;
/** Parts of paths by the name of their parameter; what is removed has one for itself. */
let named: Readonly<Record<string, string>>;
let removed: Readonly<Record<string, string>>;
/** May set every kill switch. */
let operator: ApiClient;
let powerless: ApiClient;
let revoked: ApiClient;

beforeAll(async () => {
  platform = await startHarness();
  operations = await operationsOf(platform.api);
  session = (await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
  const inferred = await platform.api.call<{ request_id: string }>('POST', '/v1/slm/infer_sync', {
    body: BODIES['inferSync'],
  });
  requestId = inferred.body.request_id;
  [named, removed] = [await setUp('there'), await setUp('gone')];
  [operator, powerless, revoked] = await Promise.all([
    platform.clientWith('demo', ['kill-switch:set:*', 'access:revoke', 'slm:*']),
    platform.clientWith('demo', []),
    platform.clientWith('demo', ['*']),
  ]);
});
afterAll(() => platform.close());

/** One of each that can be set up, in tenant demo; answers what paths name them by. */
async function setUp(id: string): Promise<Record<string, string>> {
  let keyId = '';
  for (const [path, body] of Object.entries(THERE)) {
    const named = JSON.parse(JSON.stringify(body).replaceAll('there', id)) as object;
    const answer = await platform.api.call<{ key_id?: string }>('POST', path, { body: named });
    expect([path, answer.status]).toEqual([path, 201]);
    keyId = answer.body.key_id ?? '';
  }
  return { tenant_id: id, role: id, user_id: id, service_account_id: id, key_id: keyId };
}

async function operationsOf(api: ApiClient): Promise<readonly Operation[]> {
  const { body } = await api.call<{ paths: Record<string, Record<string, Record<string, unknown>>> }>(
    'GET',
    '/openapi.json',
    { token: null },
  );
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const { operationId, security, responses } = described as {
        operationId: string;
        security?: Record<string, unknown>[];
        responses: Record<string, unknown>;
      };
      return {
        method: method.toUpperCase(),
        path,
        operationId,
        takes: (security ?? []).flatMap((each) => Object.keys(each)) as Operation['takes'],
        statuses: Object.keys(responses),
        body: BODIES[operationId],
      };
    }),
  );
}

const secured = () => operations.filter(({ takes }) => takes.length > 0);
const doing = () => operations.filter(({ method }) => method !== 'GET');

/** Asks, and holds the answer against what the document says of it. */
async function ask(operation: Operation, token: string | null, client = platform.api): Promise<ApiAnswer<ProblemJson>> {
  const ids: Readonly<Record<string, string>> = {
    ...(removes(operation.operationId) ? removed : named),
    ...{ session_id: session.session_id, request_id: requestId, version: '1.1.0' },
  };
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? expect.unreachable(name));
  const answer = await client.call<ProblemJson>(operation.method, path, {
    token,
    // Those that change something take the version that is meant; here it is whatever is there.
    headers: operation.path.startsWith('/v1/') && operation.method !== 'GET' ? { 'if-match': '*' } : {},
    ...(operation.body === undefined ? {} : { body: operation.body }),
  });
  const { method, statuses } = operation;
  expect(statuses, `${method} ${operation.path} answered ${answer.status}`).toContain(String(answer.status));
  return answer;
}

/** The code of the problem, or the status when it is none. */
const told = ({ status, body }: ApiAnswer<ProblemJson>): string | number => (status >= 400 ? body.code : status);

async function toldByEach(
  which: readonly Operation[],
  token: string | null,
  client = platform.api,
): Promise<Record<string, string | number>> {
  const entries: [string, string | number][] = [];
  for (const operation of which) entries.push([operation.operationId, told(await ask(operation, token, client))]);
  return Object.fromEntries(entries);
}
/** A gateway hears thirty wrong keys a minute from one address: further ones for all the routes, each with its share. */
async function gatewaysFor(which: readonly Operation[]) {
  const shares = Array.from({ length: Math.ceil(which.length / WRONG_KEYS_MAX) }, (_, at) =>
    which.slice(at * WRONG_KEYS_MAX, (at + 1) * WRONG_KEYS_MAX),
  );
  return Promise.all(
    shares.map(async (share) => {
      const { url, close } = await platform.another();
      return { client: new ApiClient({ url, apiKey: '' }), which: share, close };
    }),
  );
}
const eachOf = (which: readonly Operation[], value: string | number) =>
  Object.fromEntries(which.map(({ operationId }) => [operationId, value]));

describe('every route', () => {
  test('takes credentials, but for those that are open to all; and none that does something was forgotten here', () => {
    const open = operations.filter(({ takes }) => takes.length === 0).map(({ operationId }) => operationId);
    expect(open.sort()).toEqual(OPEN);
    expect(
      doing()
        .map(({ operationId }) => operationId)
        .sort(),
    ).toEqual(Object.keys(DOING).sort());
  });

  test('refuses who shows nothing, nonsense, or a key that does not exist', async () => {
    expect(await toldByEach(secured(), null)).toEqual(eachOf(secured(), 'UNAUTHENTICATED'));
    for (const wrong of ['nonsense', 'a.b.c'])
      expect(await toldByEach(secured(), wrong)).toEqual(eachOf(secured(), 'TOKEN_INVALID'));
    const unknown = `khp_${'0'.repeat(8)}_${'0'.repeat(43)}`;
    const gateways = await gatewaysFor(secured());
    for (const { client, which } of gateways)
      expect(await toldByEach(which, unknown, client)).toEqual(eachOf(which, 'TOKEN_INVALID'));
    for (const { close } of gateways) await close();
  });

  test('refuses an expired token, a forged one, one that is not signed, and one of another issuer', async () => {
    const keys = loadKeys(platform.config);
    const subject = {
      ...{ sessionId: session.session_id, tenantId: 'demo', principal: 'api_key:x' },
      ...{ capabilities: ['*'], persona: 'guide', model: null },
    };
    const mint = async (issuer: string, ttlS: number) =>
      (await (await SessionTokens.open(keys, { issuer, ttlS })).mint(subject)).token;
    const taking = secured().filter(({ takes }) => takes.includes('session_token'));
    const right = await mint('urn:khipu', 60);
    // So that what follows is refused for the reason that is named, and for no other.
    expect(Object.values(await toldByEach(taking, right))).not.toContain('TOKEN_INVALID');
    expect(await toldByEach(secured(), await mint('urn:khipu', -60))).toEqual(eachOf(secured(), 'TOKEN_EXPIRED'));
    expect(await toldByEach(secured(), await mint('urn:other', 60))).toEqual(eachOf(secured(), 'TOKEN_INVALID'));
    const claims = {
      ...{ tenant: 'demo', session: session.session_id, capabilities: ['*'], persona: 'guide', model: null },
      ...{ iss: 'urn:khipu', aud: 'khipu', sub: 'api_key:x', jti: randomUUID() },
      exp: Math.floor(Date.now() / 1000) + 60,
    };
    const pair = await generateKeyPair('EdDSA');
    const header = { alg: 'EdDSA', typ: 'JWT', kid: keys.signing.keyId };
    const forged = await new SignJWT(claims).setProtectedHeader(header).sign(pair.privateKey);
    const bringsItsKey = await new SignJWT(claims)
      .setProtectedHeader({ ...header, jwk: await exportJWK(pair.publicKey) })
      .sign(pair.privateKey);
    const unsigned = new UnsecuredJWT(claims).encode();
    for (const token of [forged, bringsItsKey, unsigned, `${right.slice(0, -4)}AAAA`])
      expect(await toldByEach(secured(), token)).toEqual(eachOf(secured(), 'TOKEN_INVALID'));
  });

  test('refuses the kind of credentials that it does not take', async () => {
    const keysOnly = secured().filter(({ takes }) => !takes.includes('session_token'));
    const tokensOnly = secured().filter(({ takes }) => !takes.includes('api_key'));
    expect(keysOnly.length * tokensOnly.length).toBeGreaterThan(0);
    expect(await toldByEach(keysOnly, session.token)).toEqual(eachOf(keysOnly, 'CREDENTIAL_NOT_ALLOWED'));
    expect(await toldByEach(tokensOnly, platform.api.apiKey)).toEqual(eachOf(tokensOnly, 'CREDENTIAL_NOT_ALLOWED'));
  });

  test("shows and does nothing of another tenant's", async () => {
    const theirs = (await platform.acme.start({ persona: 'guide' })).body;
    const naming = secured().filter(({ path }) => path.includes('{'));
    for (const operation of naming)
      for (const credential of [platform.acme.apiKey, theirs.token]) {
        const answer = await ask(operation, credential);
        expect([operation.operationId, told(answer)]).toEqual([
          operation.operationId,
          expect.stringMatching(/^(?:SESSION_UNKNOWN|REQUEST_UNKNOWN|CREDENTIAL_NOT_ALLOWED|CAPABILITY_MISSING)$/),
        ]);
      }
    const lists = secured().filter(({ method, path }) => method === 'GET' && !path.includes('{'));
    for (const operation of lists) {
      const answer = await ask(operation, platform.acme.apiKey);
      expect(JSON.stringify(answer.body)).not.toContain(session.session_id);
      expect(JSON.stringify(answer.body)).not.toContain('demo');
    }
  });

  test('does nothing for a caller without capabilities', async () => {
    const { body } = await platform.api.call<{ token: string }>('POST', `/v1/sessions/${session.session_id}/tokens`, {
      token: session.token,
      body: { capabilities: [] },
    });
    for (const operation of doing())
      for (const [kind, credential] of [
        ['api_key', powerless.apiKey],
        ['session_token', body.token],
      ] as const)
        if (operation.takes.includes(kind))
          expect([operation.operationId, kind, told(await ask(operation, credential))]).toEqual([
            operation.operationId,
            kind,
            DOING[operation.operationId]?.powerless,
          ]);
  });

  test('refuses a key that was revoked, within moments', async () => {
    const taking = secured().filter(({ takes }) => takes.includes('api_key'));
    const reads = taking.filter(({ operationId }) => operationId === 'listSessions');
    // At other gateways, which have known the key too.
    const gateways = await gatewaysFor(taking);
    for (const { client } of gateways)
      expect(await toldByEach(reads, revoked.apiKey, client)).toEqual(eachOf(reads, 200));
    const path = join(platform.config.keysDir, keyFiles.apiKeys);
    const kept = (JSON.parse(readFileSync(path, 'utf8')) as { prefix: string }[]).filter(
      ({ prefix }) => !revoked.apiKey.includes(prefix),
    );
    writeFileSync(path, JSON.stringify(kept));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const { client, which } of gateways)
      expect(await toldByEach(which, revoked.apiKey, client)).toEqual(eachOf(which, 'TOKEN_INVALID'));
    for (const { close } of gateways) await close();
  });

  // The last one: what it stops, it stops for everybody.
  test('lets no new work in under a kill switch, and shows what was done before', async () => {
    const engaged = await operator.call('POST', '/v1/kill-switch', {
      body: { scope: 'global', action: 'engage', reason: 'a drill' },
    });
    expect(engaged.status).toBe(200);
    const credentialOf = ({ operationId, takes }: Operation): string => {
      if (!takes.includes('api_key')) return session.token;
      return ['setKillSwitch', 'revokeTokens'].includes(operationId) ? operator.apiKey : platform.api.apiKey;
    };
    for (const operation of doing()) {
      const answer = await ask(operation, credentialOf(operation));
      const stopped = DOING[operation.operationId]?.stopped;
      expect([operation.operationId, told(answer)]).toEqual([operation.operationId, stopped]);
      if (stopped === 'KILL_SWITCH') expect(answer.headers.get('retry-after')).not.toBeNull();
    }
    const reads = secured().filter(({ method }) => method === 'GET');
    for (const operation of reads) {
      const { status } = await ask(operation, credentialOf(operation));
      expect([operation.operationId, status]).toEqual([operation.operationId, 200]);
    }
  });
});
