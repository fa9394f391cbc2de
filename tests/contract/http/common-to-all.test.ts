import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gatewayNames, routesOf } from '../../../gateways/app.ts';
import { commandRoute } from '../../../gateways/shared/command/command.ts';
import { type Route, topicsOf } from '../../../gateways/shared/route/route.ts';
import { type RecordName, revokeTokens } from '../../../schemas/generated/records.ts';
import { allTopics, topicOf } from '../../../schemas/topics.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { runWithVerdict } from './support/evaluations.ts';
import { type Harness, startHarness } from './support/harness.ts';
import { type Operation, operationsOf, tried } from './support/operations.ts';
import { ALWAYS_PENDING, brokenPromises, brokenWhile, type World } from './support/promises.ts';
import { keptCheck } from './support/upgrade-checks.ts';
import { WriteRequests } from './support/write-requests.ts';

/** Tries every promise of docs/reference/http-api.md, "Common to all", on every write of the OpenAPI document. */

let platform: Harness;
let world: World;
let operations: readonly Operation[];
beforeAll(async () => {
  platform = await startHarness({ KHIPU_RATE_LIMIT_PER_MINUTE: '1000000' });
  operations = await operationsOf(platform.api);
  expect(tried(operations)).not.toEqual([]);
  const requests = await WriteRequests.begin(platform.api, operations, {
    keysDir: platform.config.keysDir,
    runOf: (goldenSet) => runWithVerdict(platform, goldenSet),
    checkOf: (install, to) => keptCheck(platform, { install, ...to }),
  });
  world = {
    ...{ log: platform.log, here: platform.api, requests, patienceMs: 5_000 },
    another: () => platform.another(['http']),
  };
});
afterAll(() => platform.close());

/** Writes of this API: those of the OpenAI API follow its own protocol (tests/contract/openai). */
const writes = () => operations.filter(({ appends, isForeign }) => appends.length > 0 && !isForeign);
const governed = new Set(allTopics.flatMap(({ governed: is, records }) => (is ? Object.keys(records) : [])));
const isGoverned = ({ appends }: Operation): boolean => appends.some((record) => governed.has(record));

test('every operation that appends is a write; only tokens, tickets, previews and recalls are made without a command', () => {
  const silent = operations.filter(({ method, appends }) => method !== 'GET' && appends.length === 0);
  expect(silent.map(({ operationId }) => operationId)).toEqual([
    ...['narrowToken', 'createStreamTicket', 'previewSchedule', 'recall', 'retrieveMemories', 'whatIfBilling'],
  ]);
  expect(writes().length).toBeGreaterThanOrEqual(25);
  for (const record of writes().flatMap(({ appends }) => appends)) {
    const { writers, readBack } = topicOf(record as RecordName);
    // What members of a topology write as well, they read from the log; a watcher asks for runs as a caller does.
    const others = writers.filter((writer) => writer !== 'evaluation-watcher');
    expect([record, readBack ? others.slice(0, 1) : others]).toEqual([record, ['gateway']]);
  }
});

describe('every write', () => {
  test('keeps each promise', async () => {
    const broken: Record<string, readonly string[]> = {};
    for (const operation of tried(writes())) {
      const found = await brokenPromises(operation, world);
      if (found.length > 0) broken[operation.operationId] = found;
    }
    expect(broken).toEqual({});
  }, 300_000);

  test('is answered in time by a gateway that serves only this route: it reads the topics of its outcomes', async () => {
    const routes = routesOf(['http']);
    expect(topicsOf(routes).map(({ name }) => name)).toEqual(
      expect.arrayContaining(routes.flatMap(({ outcomes }) => outcomes.map((record) => topicOf(record).name))),
    );
    const { url, close } = await platform.another(['http']);
    for (const operation of tried(writes()).filter(({ operationId }) => !ALWAYS_PENDING.includes(operationId))) {
      const { method, path, token, headers, body } = await world.requests.next(operation);
      const { status } = await new ApiClient({ url, apiKey: token }).call(method, path, { headers, body });
      expect([operation.operationId, status]).not.toEqual([operation.operationId, 202]);
    }
    await close();
  });

  test('is refused while the log is unavailable, with Retry-After', async () => {
    const asked = [];
    for (const operation of tried(writes())) asked.push({ operation, request: await world.requests.next(operation) });
    platform.log.away = true;
    const broken: Record<string, readonly string[]> = {};
    for (const { operation, request } of asked) {
      const found = await brokenWhile('away', operation, request, platform.api, true);
      if (found.length > 0) broken[operation.operationId] = found;
    }
    platform.log.away = false;
    await until(
      () => platform.api.start({ persona: 'guide' }),
      ({ status }) => status === 201,
    );
    expect(broken).toEqual({});
  });

  test('is stopped by a kill switch only when it is governed', async () => {
    const asked = [];
    for (const operation of tried(writes())) asked.push({ operation, request: await world.requests.next(operation) });
    const set = (action: 'engage' | 'release') =>
      platform.api.call('POST', '/v1/kill-switch', { body: { scope: 'tenant:demo', action, reason: 'a test' } });
    expect((await set('engage')).status).toBe(200);
    const broken: Record<string, readonly string[]> = {};
    for (const { operation, request } of asked) {
      const found = await brokenWhile('stopped', operation, request, platform.api, isGoverned(operation));
      if (found.length > 0) broken[operation.operationId] = found;
    }
    expect((await set('release')).status).toBe(200);
    expect(writes().filter(isGoverned)).not.toEqual([]);
    expect(broken).toEqual({});
  });
});

/** Valid bodies of routes that append nothing. */
const silentBodies: Readonly<Record<string, object>> = {
  previewSchedule: { interval_ms: 1_000 },
  whatIfBilling: { currency: 'USD', prices: [] },
  recall: { query: 'khipu' },
  retrieveMemories: { query: 'khipu' },
};

describe('every route that appends nothing', () => {
  test('rejects an unknown field of the query, and names it', async () => {
    const texts: Readonly<Record<string, string>> = { golden_version: '1', template: 'tests.there' };
    const { session } = world.requests;
    for (const { operationId, method, path, takes, uuids } of tried(
      operations.filter(({ appends, isForeign }) => appends.length === 0 && !isForeign),
    )) {
      const named = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        uuids.includes(name) ? session.session_id : (texts[name] ?? 'a'.repeat(name.endsWith('_digest') ? 64 : 8)),
      );
      const { status, body } = await platform.api.call(method, `${named}?planted=1`, {
        ...(method === 'POST' && {
          body: silentBodies[operationId] ?? { capabilities: [] },
        }),
        token: takes.includes('api_key') ? platform.api.apiKey : takes.length === 0 ? null : session.token,
        headers: { accept: '*/*' },
      });
      expect([operationId, status, body['errors']]).toEqual([
        operationId,
        400,
        [{ in: 'query', pointer: '#/planted', detail: 'Unknown field' }],
      ]);
    }
  });
});

describe('a planted route', () => {
  const schema = z.strictObject({ scope: z.string(), reason: z.string() });
  /** A route that declares a write, but appends nothing and keeps no promise. */
  const careless: Route = {
    outcomes: [],
    follows: [],
    register(app) {
      app.route({
        method: 'POST',
        url: '/v1/planted',
        config: { auth: 'api_key', appends: ['RevokeTokens'] },
        schema: {
          operationId: 'revokeTokens',
          summary: 'Planted',
          body: z.looseObject({}),
          response: { 200: z.object({}) },
        },
        handler: async () => ({}),
      });
    },
  };
  /** A declared command route whose Location does not exist. */
  const astray = commandRoute({
    operationId: 'revokeTokens',
    tag: 'operations',
    summary: 'Planted',
    method: 'POST',
    url: '/v1/planted',
    body: schema,
    appends: ['RevokeTokens'],
    command: ({ caller, body }) =>
      revokeTokens({
        ...(body as z.output<typeof schema>),
        ...{ principal: caller.principal, capabilities: caller.capabilities },
      }),
    location: () => '/v1/absent',
    outcomes: { RevocationRefused: { kind: 'accepted' }, TokensRevoked: { kind: 'accepted' } },
  } as Parameters<typeof commandRoute>[0]) as Route;

  async function brokenBy(route: Route): Promise<readonly string[]> {
    const routes = [...routesOf(gatewayNames), route];
    const gateway = await platform.serving(routes);
    const here = new ApiClient({ url: gateway.url, apiKey: platform.api.apiKey });
    const planted = (await operationsOf(here)).find(({ path }) => path === '/v1/planted');
    if (planted === undefined) throw new Error('the planted route is not documented');
    const found = await brokenPromises(planted, {
      ...world,
      here,
      patienceMs: 300,
      another: () => platform.serving(routes),
    });
    await gateway.close();
    return found;
  }

  test('that keeps no promise is reported, promise by promise', async () => {
    const broken = (await brokenBy(careless)).join('\n');
    for (const promise of [
      'the document names idempotency-key',
      'the document names location of a 202',
      'another request with the key is refused',
      'one command is appended for all repeats',
      'respond-async is answered 202',
      'a 202 has a Location',
      'an outcome has a Khipu-Position',
      'an unknown field of the body is rejected',
    ])
      expect(broken).toContain(promise);
  });

  test('whose Location does not exist is reported', async () => {
    expect((await brokenBy(astray)).join('\n')).toContain('the result is found at Location');
  });

  test('has the security and the problems of its credentials, and cannot declare others', async () => {
    const routes = (auth: 'api_key' | 'session' | 'any' | 'none', more: object = {}): readonly Route[] => [
      {
        outcomes: [],
        follows: [],
        register(app) {
          app.route({
            method: 'POST',
            url: '/v1/planted',
            config: { auth },
            schema: {
              operationId: 'planted',
              summary: 'Planted',
              body: z.strictObject({}),
              response: { 200: z.object({}) },
              ...more,
            },
            handler: async () => ({}),
          });
        },
      },
    ];
    for (const [auth, takes, wrong] of [
      ['api_key', ['api_key'], world.requests.session.token],
      ['session', ['session_token'], platform.api.apiKey],
      ['any', ['api_key', 'session_token'], null],
      ['none', [], null],
    ] as const) {
      const gateway = await platform.serving(routes(auth));
      const client = new ApiClient({ url: gateway.url, apiKey: platform.api.apiKey });
      const [planted] = (await operationsOf(client)).filter(({ path }) => path === '/v1/planted');
      expect(planted?.takes).toEqual(takes);
      const open = await client.call('POST', '/v1/planted', { token: null, body: {} });
      expect(open.status).toBe(auth === 'none' ? 200 : 401);
      expect(planted?.statuses.includes('401')).toBe(auth !== 'none');
      expect(planted?.responses['403']?.description.includes('CREDENTIAL_NOT_ALLOWED') ?? false).toBe(wrong !== null);
      if (wrong !== null)
        expect((await client.call('POST', '/v1/planted', { token: wrong, body: {} })).status).toBe(403);
      expect(planted?.statuses).toEqual(expect.arrayContaining(['400', '413', '415']));
      await gateway.close();
    }
    await expect(platform.serving(routes('api_key', { security: [] }))).rejects.toThrow(
      'security follows from config.auth',
    );
  });
});
