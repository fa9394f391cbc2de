import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemJson, StartedJson } from '../../support/api-client.ts';
import { openSse } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

const APP = 'https://app.example';
const OTHERS = [
  'https://evil.example',
  'http://app.example',
  'https://app.example:8443',
  'https://sub.app.example',
  'https://app.example.evil.example',
  'null',
];

let platform: Harness;
let closed: Harness;
let session: StartedJson;
/** A token as a server would give it to its page. */
let narrowed: string;
beforeAll(async () => {
  [platform, closed] = await Promise.all([
    startHarness({
      KHIPU_CORS_ORIGINS: `${APP},http://localhost:5173`,
      KHIPU_PUBLIC_URL: 'https://khipu.example/',
      KHIPU_RATE_LIMIT_PER_MINUTE: '1000',
    }),
    startHarness(),
  ]);
  session = (await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
  const { body } = await platform.api.call<{ token: string }>('POST', `/v1/sessions/${session.session_id}/tokens`, {
    token: session.token,
    body: { capabilities: ['slm:invoke:default'] },
  });
  narrowed = body.token;
});
afterAll(() => Promise.all([platform.close(), closed.close()]));

const ask = (request: InjectOptions, at = platform) => at.gateway.app.inject(request);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const allowing = (headers: object): string[] =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'));
const preflight = (origin: string, url = '/v1/sessions/start'): InjectOptions => ({
  method: 'OPTIONS',
  url,
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  },
});

describe('a page of a configured origin', () => {
  test('gets an answer to its preflight: the methods and headers of the API, and no credentials of the browser', async () => {
    for (const origin of [APP, 'http://localhost:5173']) {
      const answer = await ask(preflight(origin));
      expect(answer.statusCode).toBe(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': expect.stringContaining('authorization'),
        'access-control-max-age': '600',
        'x-content-type-options': 'nosniff',
      });
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      expect(String(answer.headers.vary)).toMatch(/\borigin\b/i);
    }
  });

  test('may send every request header of the document, and read every response header', async () => {
    const { headers } = await ask(preflight(APP));
    const sendable = String(headers['access-control-allow-headers']).split(', ');
    const readable = String(headers['access-control-expose-headers']).split(', ');
    const { paths } = platform.gateway.app.swagger() as unknown as {
      readonly paths: Readonly<
        Record<
          string,
          Readonly<
            Record<
              string,
              {
                readonly parameters?: readonly { readonly in: string; readonly name: string }[];
                readonly responses: Readonly<Record<string, { readonly headers?: object }>>;
              }
            >
          >
        >
      >;
    };
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
    const taken = operations.flatMap(({ parameters = [] }) =>
      parameters.flatMap(({ in: place, name }) => (place === 'header' ? [name] : [])),
    );
    const given = operations.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ headers: named = {} }) => Object.keys(named)),
    );
    expect(taken.length * given.length).toBeGreaterThan(0);
    expect(sendable).toEqual(expect.arrayContaining([...new Set(taken)]));
    expect(readable).toEqual(expect.arrayContaining([...new Set(given)]));
  });

  test('reads and writes with a narrowed token of a session', async () => {
    const headers = { ...bearer(narrowed), origin: APP };
    const own = `/v1/sessions/${session.session_id}`;
    const turn = await ask({ method: 'POST', url: `${own}/turns`, headers, payload: { prompt: 'And who read them?' } });
    expect([turn.statusCode, turn.headers['access-control-allow-origin']]).toEqual([202, APP]);
    const read = await ask({ url: own, headers });
    expect([read.statusCode, read.headers['access-control-allow-origin']]).toEqual([200, APP]);
  });

  test('reads a stream', async () => {
    const url = `${platform.url}/v1/turn/${session.session_id}`;
    const stream = await openSse(url, { token: narrowed, headers: { origin: APP } });
    expect([stream.status, stream.headers.get('access-control-allow-origin')]).toEqual([200, APP]);
    stream.cut();
  });

  test('can read problems: of the router, of authentication and of the route', async () => {
    for (const [request, code] of [
      [{ url: '/v1/nothing' }, 'ROUTE_UNKNOWN'],
      [{ url: '/v1/sessions', headers: { accept: 'text/html' } }, 'NOT_ACCEPTABLE'],
      [{ url: '/v1/sessions' }, 'UNAUTHENTICATED'],
      [{ url: '/v1/sessions', headers: bearer(platform.api.apiKey) }, 'API_KEY_CROSS_ORIGIN'],
      [{ url: '/v1/sessions', headers: bearer(narrowed) }, 'CREDENTIAL_NOT_ALLOWED'],
      [{ url: `/v1/turn/${session.session_id}?ticket=kst_old` }, 'TICKET_INVALID'],
    ] as const) {
      const answer = await ask({ ...request, headers: { ...('headers' in request && request.headers), origin: APP } });
      expect(answer.json<ProblemJson>().code).toBe(code);
      expect([code, answer.headers['access-control-allow-origin']]).toEqual([code, APP]);
    }
  });
});

describe('a page of another origin', () => {
  test.each(OTHERS)('%s gets no answer to a preflight, and no header that lets it read', async (origin) => {
    const answer = await ask(preflight(origin));
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const read = await ask({ url: '/v1/slm/health', headers: { origin } });
    for (const { headers } of [answer, read]) expect(allowing(headers)).toEqual([]);
  });

  test('gets no answer where no origin is configured', async () => {
    const answer = await ask(preflight(APP), closed);
    expect(answer.statusCode).toBe(405);
    expect(allowing(answer.headers)).toEqual([]);
    expect((await ask({ url: '/v1/slm/health', headers: { origin: APP } }, closed)).headers.vary).toBeUndefined();
  });
});

describe('an API key', () => {
  const codeFor = async (headers: Record<string, string>, at = platform) =>
    (await ask({ url: '/v1/sessions', headers: { ...bearer(at.api.apiKey), ...headers } }, at)).json<ProblemJson>()
      .code;

  test.each([APP, ...OTHERS])('is refused from a page of %s, before it is verified', async (origin) => {
    expect(await codeFor({ origin })).toBe('API_KEY_CROSS_ORIGIN');
    const headers = { ...bearer('khp_none'), origin };
    expect((await ask({ url: '/v1/sessions', headers })).json<ProblemJson>()).toMatchObject({
      status: 403,
      code: 'API_KEY_CROSS_ORIGIN',
    });
  });

  test('is refused from another origin where none is configured', async () => {
    expect(await codeFor({ origin: APP }, closed)).toBe('API_KEY_CROSS_ORIGIN');
  });

  test('is accepted without an origin, and from the own one: that of the request and the public one', async () => {
    for (const headers of [
      {},
      { host: 'khipu.internal:8080', origin: 'http://khipu.internal:8080' },
      { host: 'khipu.internal:8080', origin: 'https://khipu.example' },
    ])
      expect(await codeFor(headers as Record<string, string>)).toBeUndefined();
  });
});
