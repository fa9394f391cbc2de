import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionTokens } from '../../../gateways/shared/auth/session-tokens.ts';
import { keyFiles } from '../../../infra/security/key-paths.ts';
import { loadKeys } from '../../../infra/security/load-keys.ts';
import { allTopics } from '../../../schemas/topics.ts';
import { placeOf } from '../../../streams/kernel/place.ts';
import { type ApiAnswer, ApiClient, type ProblemJson, type StartedJson, until } from '../../support/api-client.ts';
import {
  archiveManifest,
  type OutsideService,
  signedTool,
  startOutsideService,
} from '../../support/outside-service.ts';
import { ConsoleClient } from './support/console-client.ts';
import { endedTurn, runWithVerdict } from './support/evaluations.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { givenGrant, type HeldCall, heldCall } from './support/held-calls.ts';
import { type Operation, operationsOf, tried } from './support/operations.ts';
import { startedCheck } from './support/upgrade-checks.ts';
import {
  bodyFor,
  burstOfDenials,
  completedJob,
  createdBy,
  creatorsOf,
  endedProgram,
  jobFor,
  largeInput,
  shelfNext,
  stockShelf,
  transactionOf,
} from './support/write-requests.ts';

/**
 * Tries every route of the OpenAPI document with every credential that must be refused. A new route is tried without being
 * named here, unless it requires no credentials, or its answers differ from the rule below.
 */

/** Routes without credentials: they show no data of any tenant. */
const OPEN = ['jwks', 'live', 'metrics', 'ready', 'slmHealth'];

/** Routes whose path names something of the whole platform: the models and the months. */
const SHARED = ['getModel', 'getInvoice', 'getInvoiceCsv', 'getInvoicePdf'];

interface Refusals {
  readonly powerless: string | number;
  readonly stopped: string | number;
}

/**
 * Answers of operations with an effect: to a caller without capabilities, and under the global kill switch. An operation that
 * is not listed follows the rule of `refusalsOf`.
 */
const DOING: Readonly<Record<string, Refusals>> = {
  startSession: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  // The command is in the log; the policy refuses the turn on its stream: tokens.test.ts.
  submitTurn: { powerless: 202, stopped: 'KILL_SWITCH' },
  // Reading requires no capability, and continues while work is stopped.
  createStreamTicket: { powerless: 201, stopped: 201 },
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
  // The route refuses only an input that is too large for a record.
  startJob: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  startJobAlias: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  startWorkflowRun: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  forkJob: { powerless: 'POLICY_DENIED', stopped: 'KILL_SWITCH' },
  // Who asks has started the run.
  decideWorkflowReview: { powerless: 'CAPABILITY_MISSING', stopped: 'WORKFLOW_REVIEW_OWN' },
  // The starts are in the log; the policy refuses each of them: jobs-bulk.test.ts.
  startJobs: { powerless: 202, stopped: 'KILL_SWITCH' },
  // A dry run.
  actOnJobs: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  // A session without a turn runs no work.
  createConversation: { powerless: 200, stopped: 'KILL_SWITCH' },
  // Holding and ending jobs continues while work is stopped. The job is cancelled before it is paused.
  pauseJob: { powerless: 'CAPABILITY_MISSING', stopped: 'JOB_ENDED' },
  // The run has its result already.
  cancelAgentRun: { powerless: 'CAPABILITY_MISSING', stopped: 'AGENT_RUN_ENDED' },
  // Policy does not allow the signal to the batch then: it is cancelled at once instead.
  cancelBatch: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  // A preview records nothing.
  previewSchedule: { powerless: 200, stopped: 200 },
  // Governance continues while work is stopped. The active version is published, so it accepts no more reviews.
  proposeConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 201 },
  reviewConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 'CONSTITUTION_PUBLISHED_ALREADY' },
  signConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 'SIGNATURE_INVALID' },
  activateConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
  shadowConstitution: { powerless: 'CAPABILITY_MISSING', stopped: 200 },
};

const governed = new Set(allTopics.flatMap(({ governed: is, records }) => (is ? Object.keys(records) : [])));

/** Returns the expected answers: a missing capability is refused by the route or by policy; a kill switch stops governed commands. */
function refusalsOf({ operationId, appends, statuses, responses }: Operation): Refusals {
  const isGoverned = appends.some((record) => governed.has(record));
  const isTaken = responses['403']?.description.includes('CAPABILITY_MISSING') === true;
  const success = Number(statuses.find((status) => /^20[0134]$/.test(status)));
  const powerless = isTaken ? 'CAPABILITY_MISSING' : isGoverned ? 'POLICY_DENIED' : 'a capability is required';
  return DOING[operationId] ?? { powerless, stopped: isGoverned ? 'KILL_SWITCH' : success };
}

/** Returns the body of an operation for an item of this name; `ids` has the path parameters of what is there. */
function bodyOf(operation: Operation, id: string, ids: Readonly<Record<string, string>> = {}): object | undefined {
  if (operation.operationId === 'narrowToken') return { capabilities: ['slm:invoke:default'] };
  if (operation.operationId === 'linkMemories') return { from_key: ids['memory_id'], to_key: ids['memory_id'] };
  if (operation.operationId === 'correctCharge') return { charge_id: requestId, cost: '0.1', reason: 'a test' };
  if (operation.operationId === 'startEvaluation') return { golden_set: ids['golden_set'] };
  if (operation.operationId === 'addGoldenCase') return { ...turn, case_id: id };
  if (operation.operationId === 'setEvaluationBaseline') return { evaluation_id: evaluationId };
  if (operation.operationId === 'createBatch') return { ...operation.example, input_file_id: ids['file_id'] };
  if (operation.operationId === 'forkAgentRun') return { call: 1, answer: { celsius: 14 } };
  if (operation.operationId === 'decideApproval')
    return { outcome: 'reject', digest: waiting.digest, reason: 'a test' };
  // The manifest names the tool, or the capsule, of the path.
  const owners: Readonly<Record<string, string>> = { putTool: 'tool', putCapsule: 'capsule' };
  const owner = owners[operation.operationId];
  const name = (owner === undefined ? undefined : ids[owner]) ?? id;
  return bodyFor(operation, name, 1, platform.config.keysDir);
}

const removes = (operationId: string): boolean => /^(?:remove|delete|revokeApiKey)/.test(operationId);

const WRONG_KEYS_MAX = 25;
/** Verifying a key is slow on purpose, and each route verifies one. */
const BUSY_MS = 240_000;

let platform: Harness;
let operations: readonly Operation[];
let session: StartedJson;
let requestId: string;
/** The charge of the request. */
let transactionId: string;
let anomalyId: string;
/** A job that has completed: its stream ends. */
let jobId: string;
/** A content of a job. */
let large: Awaited<ReturnType<typeof largeInput>>;
/** A call of the tool that is there. */
let callId: string;
/** A call with an output. */
let outputCallId: string;
let outside: OutsideService;
/** A turn that has ended, and a run of the golden set that has its verdict. */
let turn: Awaited<ReturnType<typeof endedTurn>>;
let evaluationId: string;
/** A check of an upgrade, which is a job. */
let checkId: string;
/** A run of a program with a call. */
let programId: string;
/** A call that waits for an approval, and a grant. */
let waiting: HeldCall;
let grantId: string;
let workflowRunId: string;
/** Path parameters by name; each removal has an item of its own. */
let named: Readonly<Record<string, string>>;
let removed: Readonly<Record<string, string>>;
/** A client that may set every kill switch. */
let operator: ApiClient;
let powerless: ApiClient;
let revoked: ApiClient;

beforeAll(async () => {
  outside = await startOutsideService();
  platform = await startHarness({ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' });
  operations = await operationsOf(platform.api);
  expect(tried(operations)).not.toEqual([]);
  session = (await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
  const inferred = await platform.api.call<{ request_id: string }>('POST', '/v1/slm/infer_sync', {
    body: bodyOf(operations.find(({ operationId }) => operationId === 'inferSync') as Operation, 'khipu'),
  });
  requestId = inferred.body.request_id;
  transactionId = await transactionOf(platform.api, requestId);
  anomalyId = await burstOfDenials(platform.api);
  jobId = await completedJob(platform.api);
  large = await largeInput(platform.api);
  await platform.api.call('POST', '/v1/users', { body: { user_id: 'owner', name: 'Owner' } });
  await stockShelf(platform.api, platform.config.keysDir);
  [named, removed] = [await setUp('there'), await setUp('gone')];
  const run = await until(
    () => platform.api.call<{ run_id: string }>('POST', '/v1/templates/tests.there/runs', { body: {} }),
    ({ status }) => status === 201,
  );
  workflowRunId = run.body.run_id;
  const called = await platform.api.call<{ call_id: string }>('POST', '/v1/tools/there/execute', {
    body: { arguments: { city: 'Cusco' } },
  });
  callId = called.body.call_id;
  outputCallId = await answeredCall();
  programId = await endedProgram(platform.api, 'there');
  turn = await endedTurn(platform.api);
  evaluationId = await runWithVerdict(platform, 'there');
  checkId = await startedCheck(platform.api, 'there', shelfNext);
  grantId = await givenGrant(platform.api, platform.config.keysDir);
  waiting = await heldCall(platform.api, platform.config.keysDir);
  [operator, powerless, revoked] = await Promise.all([
    platform.clientWith('demo', ['kill-switch:set:*', 'revocations:create', 'slm:*']),
    platform.clientWith('demo', []),
    platform.clientWith('demo', ['*']),
  ]);
});
afterAll(async () => {
  await platform.close();
  await outside.close();
});

/** Calls a tool that answers. Resolves with the id of the call. */
async function answeredCall(): Promise<string> {
  const body = signedTool(archiveManifest(outside, { name: 'answers' }), platform.config.keysDir);
  await platform.api.call('PUT', '/v1/tools/answers', { body });
  const { body: called } = await platform.api.call<{ call_id: string }>('POST', '/v1/tools/answers/execute', {
    body: { arguments: { lines: 2_000 } },
  });
  return called.call_id;
}

/** Creates one item of each kind in tenant demo. Resolves with their path parameters. */
async function setUp(id: string): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const [parameter, creator] of Object.entries(creatorsOf(operations))) {
    const { path } = creator;
    // The version that decides is there already.
    if (parameter === 'version' || parameter === 'capsule_version') continue;
    const answer = await createdBy(platform.api, creator, id, bodyOf(creator, id, ids));
    // The OpenAI API answers 200, with the name `id`.
    expect([path, answer.status]).toEqual([path, creator.isForeign ? 200 : 201]);
    ids[parameter] = String(answer.body[creator.isForeign ? 'id' : parameter] ?? id);
  }
  ids['item_id'] = `item-${id}`;
  const items = [{ id: ids['item_id'], role: 'user', content: 'A khipu has cords.' }];
  await platform.api.call('POST', `/v1/conversations/${ids['conversation_id']}/items`, { body: { items } });
  return ids;
}

const secured = () => operations.filter(({ takes }) => takes.length > 0);
/** Operations that the console can reach: those below /v1. */
const ofConsole = () => secured().filter(({ path }) => path.startsWith('/v1/'));
const doing = () => operations.filter(({ method }) => method !== 'GET');

/** Returns the path and the body of a request to an operation. */
function requestTo(operation: Operation): { readonly path: string; readonly body: object | undefined } {
  const ids: Readonly<Record<string, string>> = {
    ...(removes(operation.operationId) ? removed : named),
    ...{ session_id: session.session_id, request_id: requestId, version: '1.3.0', model: 'small' },
    ...{ golden_version: '1', evaluation_id: evaluationId, check_id: checkId },
    ...{ publisher: 'demo', capsule: 'shelf', capsule_version: '1.3.0', tenant: 'demo' },
    ...{ job_id: jobId, signal: 'approved', call_id: callId, approval_id: waiting.approval_id, grant_id: grantId },
    ...{ workflow_run_id: workflowRunId, review_id: '0'.repeat(32) },
    ...{ transaction_id: transactionId, anomaly_id: anomalyId, account: 'platform:revenue', period: '2026-11' },
    ...(operation.operationId === 'getJobContent' && large),
    ...(operation.operationId === 'getToolCallOutput' && { call_id: outputCallId }),
    ...(operation.operationId === 'forkAgentRun' && { run_id: programId }),
  };
  const body = bodyOf(operation, 'more', ids);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? expect.unreachable(name));
  // A stream of a whole tenant has no end of its own.
  return { path: operation.operationId === 'streamTurns' ? `${path}?seconds=1` : path, body };
}

/** Headers of a request: changes require a version; here any version. */
const versionFor = ({ path, method }: Operation): Readonly<Record<string, string>> =>
  path.startsWith('/v1/') && method !== 'GET' ? { 'if-match': '*' } : {};

/** Sends a request and checks the answer against the OpenAPI document. */
async function ask(operation: Operation, token: string | null, client = platform.api): Promise<ApiAnswer<ProblemJson>> {
  const { path, body } = requestTo(operation);
  const answer = await client.call<ProblemJson>(operation.method, path, {
    token,
    headers: versionFor(operation),
    ...(body === undefined ? {} : { body }),
  });
  const { method, statuses } = operation;
  expect(statuses, `${method} ${operation.path} answered ${answer.status}`).toContain(String(answer.status));
  return answer;
}

/** Returns the problem code of an answer; its status for a success. */
const codeOf = ({ status, body }: ApiAnswer<ProblemJson>): string | number => {
  const { code } = (body as { readonly error?: { readonly code: string } }).error ?? body;
  return status >= 400 ? code : status;
};

async function codesOf(
  which: readonly Operation[],
  token: string | null,
  client = platform.api,
): Promise<Record<string, string | number>> {
  const entries: [string, string | number][] = [];
  for (const operation of tried(which))
    entries.push([operation.operationId, codeOf(await ask(operation, token, client))]);
  return Object.fromEntries(entries);
}
/** A gateway accepts thirty wrong keys a minute from one address, so further gateways share the routes. */
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
/** Sends a request as the console does: below `/console/api`, or at `prefix`, with its cookie. */
async function codeByCookie(
  operation: Operation,
  client: ConsoleClient,
  {
    prefix = '/console/api',
    headers = {},
  }: { prefix?: string; headers?: Readonly<Record<string, string | null>> } = {},
): Promise<string | number> {
  const { path, body } = requestTo(operation);
  return codeOf(
    await client.call<ProblemJson>(operation.method, prefix + path, {
      headers: { ...versionFor(operation), ...headers },
      ...(body === undefined ? {} : { body }),
    }),
  );
}
async function signedIn(apiKey: string): Promise<ConsoleClient> {
  const client = new ConsoleClient(platform.url);
  expect((await client.signIn(apiKey)).status).toBe(200);
  return client;
}
const eachOf = (which: readonly Operation[], value: string | number) =>
  Object.fromEntries(tried(which).map(({ operationId }) => [operationId, value]));

describe('every route', () => {
  test('requires credentials, except for the open ones, and each listed route with an effect exists', () => {
    const open = operations.filter(({ takes }) => takes.length === 0).map(({ operationId }) => operationId);
    expect(open.sort()).toEqual(OPEN);
    expect(doing().map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(Object.keys(DOING)));
  });

  test('refuses a request without credentials, with nonsense, or with an unknown key', {
    timeout: BUSY_MS,
  }, async () => {
    expect(await codesOf(secured(), null)).toEqual(eachOf(secured(), 'UNAUTHENTICATED'));
    for (const wrong of ['nonsense', 'a.b.c'])
      expect(await codesOf(secured(), wrong)).toEqual(eachOf(secured(), 'TOKEN_INVALID'));
    const unknown = `khp_${'0'.repeat(8)}_${'0'.repeat(43)}`;
    const gateways = await gatewaysFor(tried(secured()));
    for (const { client, which } of gateways)
      expect(await codesOf(which, unknown, client)).toEqual(eachOf(which, 'TOKEN_INVALID'));
    for (const { close } of gateways) await close();
  });

  test('refuses expired, forged and unsigned tokens, and those of another issuer', async () => {
    const keys = loadKeys(platform.config);
    const subject = {
      ...{ sessionId: session.session_id, tenantId: 'demo', principal: 'api_key:x' },
      place: placeOf('demo', session.session_id, 16),
      ...{ capabilities: ['*'], persona: 'guide', model: null },
    };
    const mint = async (issuer: string, ttlS: number) =>
      (await (await SessionTokens.open(keys, { issuer, ttlS })).mint(subject)).token;
    const taking = secured().filter(({ takes }) => takes.includes('session_token'));
    const right = await mint('urn:khipu', 60);
    // The valid token shows that the following ones are refused only for the named reason.
    expect(Object.values(await codesOf(taking, right))).not.toContain('TOKEN_INVALID');
    expect(await codesOf(secured(), await mint('urn:khipu', -60))).toEqual(eachOf(secured(), 'TOKEN_EXPIRED'));
    expect(await codesOf(secured(), await mint('urn:other', 60))).toEqual(eachOf(secured(), 'TOKEN_INVALID'));
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
      expect(await codesOf(secured(), token)).toEqual(eachOf(secured(), 'TOKEN_INVALID'));
  });

  test('refuses the kind of credentials that it does not accept', async () => {
    const keysOnly = secured().filter(({ takes }) => !takes.includes('session_token'));
    const tokensOnly = secured().filter(({ takes }) => !takes.includes('api_key'));
    expect(keysOnly.length * tokensOnly.length).toBeGreaterThan(0);
    expect(await codesOf(keysOnly, session.token)).toEqual(eachOf(keysOnly, 'CREDENTIAL_NOT_ALLOWED'));
    expect(await codesOf(tokensOnly, platform.api.apiKey)).toEqual(eachOf(tokensOnly, 'CREDENTIAL_NOT_ALLOWED'));
  });

  test('refuses a stream ticket, except for the stream of its session, once', async () => {
    const ticketed = secured().filter(({ takes }) => takes.includes('stream_ticket'));
    expect(ticketed.map(({ operationId }) => operationId)).toEqual(['streamTurn']);
    const { body } = await platform.api.call('POST', `/v1/sessions/${session.session_id}/stream-tickets`);
    const sent = `?ticket=${body['ticket']}`;
    const others = secured().filter((operation) => !ticketed.includes(operation));
    for (const { operationId, method, path } of tried(others)) {
      const answer = await platform.api.call<ProblemJson>(method, `${path}${sent}`, { token: null });
      expect([operationId, codeOf(answer)]).toEqual([operationId, 'UNAUTHENTICATED']);
    }
    const open = () => platform.api.call<ProblemJson>('GET', `/v1/turn/${session.session_id}${sent}`, { token: null });
    expect([codeOf(await open()), codeOf(await open())]).toEqual([200, 'TICKET_INVALID']);
  });

  test("refuses the console's cookie outside of the console", async () => {
    const client = await signedIn(platform.api.apiKey);
    for (const operation of tried(secured()))
      expect([operation.operationId, await codeByCookie(operation, client, { prefix: '' })]).toEqual([
        operation.operationId,
        'UNAUTHENTICATED',
      ]);
  });

  test("takes the console's cookie below /console/api where it takes an API key, and no other credential there", async () => {
    const client = await signedIn(platform.api.apiKey);
    const stranger = new ConsoleClient(platform.url);
    for (const operation of tried(ofConsole())) {
      const { operationId, method, takes } = operation;
      for (const token of [platform.api.apiKey, session.token]) {
        const headers = { authorization: `Bearer ${token}` };
        expect([operationId, await codeByCookie(operation, stranger, { headers })]).toEqual([
          operationId,
          'UNAUTHENTICATED',
        ]);
      }
      const code = method === 'GET' || !takes.includes('api_key') ? await codeByCookie(operation, client) : null;
      if (!takes.includes('api_key')) expect([operationId, code]).toEqual([operationId, 'CREDENTIAL_NOT_ALLOWED']);
      else if (method === 'GET') expect([operationId, code]).toEqual([operationId, 200]);
    }
  });

  test('changes nothing for the cookie without its CSRF token, or from another origin', async () => {
    const client = await signedIn(platform.api.apiKey);
    for (const operation of tried(ofConsole()))
      for (const [headers, code] of [
        [{ 'x-khipu-csrf': null }, 'CSRF_TOKEN_INVALID'],
        [{ 'x-khipu-csrf': 'x'.repeat(43) }, 'CSRF_TOKEN_INVALID'],
        [{ origin: null }, 'ORIGIN_NOT_ALLOWED'],
        [{ origin: 'https://evil.example' }, 'ORIGIN_NOT_ALLOWED'],
      ] as const) {
        if (operation.method === 'GET') continue;
        expect([operation.operationId, await codeByCookie(operation, client, { headers })]).toEqual([
          operation.operationId,
          code,
        ]);
      }
  });

  test('refuses the cookie of a session that was signed out or has expired', async () => {
    const [out, expired] = [await signedIn(platform.api.apiKey), await signedIn(platform.api.apiKey)];
    const { cookie } = out;
    expect((await out.call('POST', '/console/api/sign-out')).status).toBe(204);
    out.cookie = cookie;
    platform.consoleStore.expireAll();
    for (const client of [out, expired])
      for (const operation of tried(ofConsole()))
        expect([operation.operationId, await codeByCookie(operation, client)]).toEqual([
          operation.operationId,
          'CONSOLE_SESSION_ENDED',
        ]);
  });

  test('neither shows nor changes data of another tenant', async () => {
    const theirs = (await platform.acme.start({ persona: 'guide' })).body;
    const naming = secured().filter(({ path, operationId }) => path.includes('{') && !SHARED.includes(operationId));
    for (const operation of tried(naming))
      for (const credential of [platform.acme.apiKey, theirs.token]) {
        const answer = await ask(operation, credential);
        expect([operation.operationId, codeOf(answer)]).toEqual([
          operation.operationId,
          expect.stringMatching(
            /^(?:(?:SESSION|REQUEST|RESOURCE|PERSONA|TEMPLATE)_UNKNOWN|(?:RESPONSE|CONVERSATION)_NOT_FOUND|CREDENTIAL_NOT_ALLOWED|CAPABILITY_MISSING)$/,
          ),
        ]);
      }
    const acme = await signedIn(platform.acme.apiKey);
    for (const operation of tried(naming.filter((each) => ofConsole().includes(each))))
      expect([operation.operationId, await codeByCookie(operation, acme)]).toEqual([
        operation.operationId,
        expect.stringMatching(
          /^(?:(?:SESSION|REQUEST|RESOURCE|PERSONA|TEMPLATE)_UNKNOWN|(?:RESPONSE|CONVERSATION)_NOT_FOUND|CREDENTIAL_NOT_ALLOWED|CAPABILITY_MISSING)$/,
        ),
      ]);
    const lists = secured().filter(({ method, path }) => method === 'GET' && !path.includes('{'));
    for (const operation of tried(lists)) {
      const answer = await ask(operation, platform.acme.apiKey);
      expect(JSON.stringify(answer.body)).not.toContain(session.session_id);
      expect(JSON.stringify(answer.body)).not.toContain('demo');
    }
  });

  test('has no effect for a caller without capabilities', async () => {
    const { body } = await platform.api.call<{ token: string }>('POST', `/v1/sessions/${session.session_id}/tokens`, {
      token: session.token,
      body: { capabilities: [] },
    });
    for (const operation of tried(doing()))
      for (const [kind, credential] of [
        ['api_key', powerless.apiKey],
        ['session_token', body.token],
      ] as const)
        if (operation.takes.includes(kind))
          expect([operation.operationId, kind, codeOf(await ask(operation, credential))]).toEqual([
            operation.operationId,
            kind,
            refusalsOf(operation).powerless,
          ]);
  });

  test('refuses a revoked key within moments', { timeout: BUSY_MS }, async () => {
    const taking = secured().filter(({ takes }) => takes.includes('api_key'));
    const reads = taking.filter(({ operationId }) => operationId === 'listSessions');
    // At other gateways, which have verified the key before.
    const gateways = await gatewaysFor(tried(taking));
    for (const { client } of gateways) expect(await codesOf(reads, revoked.apiKey, client)).toEqual(eachOf(reads, 200));
    const path = join(platform.config.keysDir, keyFiles.apiKeys);
    const kept = (JSON.parse(readFileSync(path, 'utf8')) as { prefix: string }[]).filter(
      ({ prefix }) => !revoked.apiKey.includes(prefix),
    );
    writeFileSync(path, JSON.stringify(kept));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    for (const { client, which } of gateways)
      expect(await codesOf(which, revoked.apiKey, client)).toEqual(eachOf(which, 'TOKEN_INVALID'));
    for (const { close } of gateways) await close();
  });

  // Runs last, because the switch stops the work of all tests.
  test('admits no new work under a kill switch, and shows earlier work', async () => {
    const completed = jobId;
    jobId = await jobFor(platform.api, 'cancelJob');
    const engaged = await operator.call('POST', '/v1/kill-switch', {
      body: { scope: 'global', action: 'engage', reason: 'a drill' },
    });
    expect(engaged.status).toBe(200);
    const credentialOf = ({ operationId, takes }: Operation): string => {
      if (!takes.includes('api_key')) return session.token;
      return ['setKillSwitch', 'revokeTokens'].includes(operationId) ? operator.apiKey : platform.api.apiKey;
    };
    for (const operation of tried(doing())) {
      const answer = await ask(operation, credentialOf(operation));
      const { stopped } = refusalsOf(operation);
      expect([operation.operationId, codeOf(answer)]).toEqual([operation.operationId, stopped]);
      if (stopped === 'KILL_SWITCH') expect(answer.headers.get('retry-after')).not.toBeNull();
    }
    jobId = completed;
    const reads = secured().filter(({ method }) => method === 'GET');
    for (const operation of tried(reads)) {
      const { status } = await ask(operation, credentialOf(operation));
      expect([operation.operationId, status]).toEqual([operation.operationId, 200]);
    }
  });
});
