import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { problemCatalogue } from '../../../gateways/shared/problems/catalogue.ts';
import { decodePositionToken, encodePositionToken } from '../../../infra/projections/position-token.ts';
import type { ProblemJson, StartedJson } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

/**
 * Sends arbitrary text as credentials, keys, tokens, cursors and ids. Every answer has the code of the catalogue: never a 500,
 * never a success. The tests beside each parser cover the texts that it accepts.
 */

let platform: Harness;
let session: StartedJson;
beforeAll(async () => {
  platform = await startHarness({ KHIPU_RATE_LIMIT_PER_MINUTE: '1000000' });
  session = (await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
});
afterAll(() => platform.close());

const RUNS = { numRuns: 300 } as const;
/** Text of a header: visible ASCII, blanks, Latin-1. */
const unit = fc
  .integer({ min: 0x20, max: 0xff })
  .filter((code) => code < 0x7f || code > 0x9f)
  .map((code) => String.fromCharCode(code));
const headerText = fc.string({ unit, maxLength: 400 });
/** Makes one to three changes at any position of a text. */
const mutated = (text: () => string, alphabet = 'AZaz09._-=+/ é') =>
  fc
    .array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        drop: fc.nat({ max: 4 }),
        put: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((changes) =>
      changes.reduce((so, { at, drop, put }) => {
        const position = Math.floor(at * so.length);
        return so.slice(0, position) + put + so.slice(position + drop);
      }, text()),
    );

/**
 * Resolves with the problem code of an answer; with its status for a success. Each request comes from its own address, because
 * wrong keys are counted per address.
 */
let address = 0;
async function codeOf(request: InjectOptions): Promise<string | number> {
  address += 1;
  const answer = await platform.gateway.app.inject({
    remoteAddress: `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`,
    ...request,
  });
  if (answer.statusCode < 400) return answer.statusCode;
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  const { code, status } = answer.json<ProblemJson>();
  expect(status).toBe(answer.statusCode);
  expect(Object.keys(problemCatalogue)).toContain(code);
  return code;
}

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
const byKey = () => bearer(platform.api.apiKey);

test('an Authorization header is a valid credential, or is rejected as missing or invalid', async () => {
  const headers = fc.oneof(
    headerText,
    headerText.map((text) => `Bearer ${text}`),
    headerText.map((text) => `Bearer khp_${text}`),
    fc
      .constantFrom('Bearer', 'bearer ', 'Basic', 'Bearer  ')
      .chain((scheme) =>
        fc.constantFrom(scheme, `${scheme}x`, `${scheme} ${platform.api.apiKey} x`, `${scheme}${platform.api.apiKey}`),
      ),
  );
  await fc.assert(
    fc.asyncProperty(headers, async (authorization) => {
      fc.pre(authorization.toLowerCase() !== `bearer ${platform.api.apiKey}`.toLowerCase());
      const code = await codeOf({ url: '/v1/sessions', headers: { authorization } });
      expect(['UNAUTHENTICATED', 'TOKEN_INVALID']).toContain(code);
    }),
    RUNS,
  );
});

test('a changed session token is invalid', async () => {
  const bytes = (token: string) => {
    const [header, payload, signature = '', ...rest] = token.split('.');
    return JSON.stringify([header, payload, Buffer.from(signature, 'base64url').toString('hex'), rest]);
  };
  await fc.assert(
    fc.asyncProperty(
      mutated(() => session.token),
      async (token) => {
        fc.pre(bytes(token) !== bytes(session.token));
        const code = await codeOf({ url: `/v1/sessions/${session.session_id}`, headers: bearer(token) });
        expect(['UNAUTHENTICATED', 'TOKEN_INVALID']).toContain(code);
      },
    ),
    RUNS,
  );
});

test('a changed API key is invalid', async () => {
  await fc.assert(
    fc.asyncProperty(
      mutated(() => platform.api.apiKey, 'abcdef0189_-AZ '),
      async (key) => {
        fc.pre(key !== platform.api.apiKey);
        const code = await codeOf({ url: '/v1/sessions', headers: bearer(key) });
        expect(['UNAUTHENTICATED', 'TOKEN_INVALID']).toContain(code);
      },
    ),
    // A text that still looks like a key costs 40 ms.
    { numRuns: 60 },
  );
});

test('a position token is valid, or is reported as invalid, in the header and in the query', async () => {
  const ours = () => encodePositionToken({ topic: 'sessions.events', partition: 1, offset: 7 });
  const isOurs = (text: string): boolean => {
    try {
      return decodePositionToken(text) !== null;
    } catch {
      return false;
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.oneof(headerText, mutated(ours)), fc.boolean(), async (text, inHeader) => {
      fc.pre(text !== '' && !isOurs(text));
      const code = inHeader
        ? await codeOf({ url: '/v1/sessions', headers: { ...byKey(), 'khipu-position': text } })
        : await codeOf({ url: '/v1/sessions', query: { position: text }, headers: byKey() });
      expect(code).toBe('REQUEST_INVALID');
    }),
    RUNS,
  );
});

test('a cursor that is too long or repeated, and an invalid limit, are reported', async () => {
  const value = fc.oneof(
    headerText.filter((text) => !/^\s*\+?\d+(?:\.0*)?\s*$/.test(text)),
    fc.constantFrom('0', '-1', '201', '1.5', 'NaN', 'Infinity', '9'.repeat(400)),
  );
  await fc.assert(
    fc.asyncProperty(value, fc.constantFrom('limit', 'cursor'), async (text, name) => {
      const wrong =
        name === 'limit' ? `limit=${encodeURIComponent(text)}` : `cursor=${encodeURIComponent(text)}&cursor=x`;
      // 0x10 and 1e1 are numbers too.
      fc.pre(name === 'cursor' || !(Number.isInteger(Number(text)) && Number(text) >= 1 && Number(text) <= 200));
      expect(await codeOf({ url: `/v1/sessions?${wrong}`, headers: byKey() })).toBe('REQUEST_INVALID');
    }),
    RUNS,
  );
  expect(await codeOf({ url: `/v1/audit?cursor=${'x'.repeat(1_001)}`, headers: byKey() })).toBe('REQUEST_INVALID');
});

test('an Idempotency-Key is 1 to 255 visible characters, or is reported as invalid', async () => {
  const text = fc.oneof(
    headerText,
    mutated(() => 'order-17'),
    mutated(() => 'x'.repeat(255)),
  );
  await fc.assert(
    fc.asyncProperty(text, async (key) => {
      const answer = await codeOf({
        method: 'POST',
        url: '/v1/sessions/start',
        headers: { ...byKey(), 'idempotency-key': key, prefer: 'respond-async' },
        payload: { persona: 'guide' },
      });
      // A repeated key is answered with the session that it started.
      expect(/^[!-~]{1,255}$/.test(key) ? [201, 202] : ['REQUEST_INVALID']).toContain(answer);
    }),
    RUNS,
  );
});

test('a Last-Event-ID is the id of an event, or is reported as invalid', async () => {
  const text = fc.oneof(
    headerText,
    mutated(() => '17', '0189+-.ex ½²'),
    mutated(() => '17-3.1.240', '0189+-.ex ½²'),
    fc.constantFrom('1'.repeat(10), '1e3', '0x1', '-1', '1.0', 'NaN', '1-', '1-2', '1-2.3', '1-2.3.4.5'),
  );
  await fc.assert(
    fc.asyncProperty(text, async (id) => {
      fc.pre(!/^\d{1,9}(-\d{1,9}\.\d{1,9}\.\d{1,9})?$/.test(id));
      const headers = { ...bearer(session.token), accept: 'text/event-stream', 'last-event-id': id };
      expect(await codeOf({ url: `/v1/turn/${session.session_id}`, headers })).toBe('REQUEST_INVALID');
    }),
    RUNS,
  );
});

/** `./<id>` and `%61…` are other spellings of a path, not other paths (RFC 3986, 6.2.2). */
function meansOurs(id: string): boolean {
  try {
    const { pathname } = new URL(`http://x/v1/sessions/${id}`);
    return decodeURIComponent(pathname).split('/').includes(session.session_id);
  } catch {
    return false;
  }
}

test('an id in a path is a UUID, or is rejected, in any encoding', async () => {
  const raw = fc.oneof(
    fc
      .string({ unit: 'binary', maxLength: 200 })
      .filter((text) => text.isWellFormed())
      .map(encodeURIComponent),
    fc.constantFrom(
      '..',
      '.',
      '%2e%2e%2f',
      '..%2f..%2fetc%2fpasswd',
      '%00',
      '%zz',
      '%',
      '%c0%af',
      '%ff',
      '..;',
      'x'.repeat(2_000),
    ),
    mutated(() => session.session_id, 'AZaz09-%./ '),
  );
  await fc.assert(
    fc.asyncProperty(raw, fc.constantFrom('', '/events'), async (id, rest) => {
      fc.pre(!/[?#\s]/.test(id) && !meansOurs(id));
      const code = await codeOf({ url: `/v1/sessions/${id}${rest}`, headers: byKey() });
      // An empty id, or a dot, makes another path: the list of sessions, or an unknown route.
      if (/^(?:\.|%2e)*$/i.test(id) && typeof code === 'number') expect(code).toBe(200);
      else expect(['REQUEST_INVALID', 'REQUEST_MALFORMED', 'SESSION_UNKNOWN', 'ROUTE_UNKNOWN']).toContain(code);
    }),
    RUNS,
  );
});
