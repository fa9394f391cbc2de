import { hash } from 'node:crypto';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../../infra/client/testing.ts';
import { ApiClient, type ProblemJson, type StartedJson, until } from '../../support/api-client.ts';
import { openSse } from '../../support/sse-client.ts';
import { essenceOf } from '../../support/turn-text.ts';
import { type Harness, startLoggedHarness } from './support/harness.ts';

interface TicketJson extends ProblemJson {
  readonly ticket: string;
  readonly expires_at: string;
}

let platform: Harness;
let session: StartedJson;
let lines: string[];
beforeAll(async () => {
  ({ platform, lines } = await startLoggedHarness());
  session = (await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
  await platform.api.stream(session, session.turn_url);
});
afterAll(() => platform.close());

const create = (token: string, { session_id }: Pick<StartedJson, 'session_id'> = session, client = platform.api) =>
  client.call<TicketJson>('POST', `/v1/sessions/${session_id}/stream-tickets`, { token });
const ticketBy = async (token: string, of = session): Promise<string> => (await create(token, of)).body.ticket;

/** Opens the stream as `EventSource` does: with nothing but its URL. */
const open = (ticket: string, { session_id } = session, query = '', url = platform.url) =>
  openSse(`${url}/v1/turn/${session_id}?ticket=${ticket}${query}`, { token: null });
const codeOf = async (opened: ReturnType<typeof open>): Promise<unknown> => {
  const stream = await opened;
  stream.cut();
  return stream.problem?.['code'] ?? stream.status;
};

describe('a stream ticket', () => {
  test('is created with a session token or an API key, for 30 seconds, and is not cached', async () => {
    for (const token of [session.token, platform.api.apiKey]) {
      const { status, body, headers } = await create(token);
      expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
      expect(body).toEqual({ ticket: expect.stringMatching(/^kst_[\w-]{43}$/), expires_at: expect.any(String) });
      const leftMs = Date.parse(body.expires_at) - Date.now();
      expect(leftMs).toBeGreaterThan(25_000);
      expect(leftMs).toBeLessThanOrEqual(30_000);
    }
  });

  test('opens the stream of its session, with the same events as Authorization', async () => {
    const whole = await platform.api.stream(session, session.turn_url);
    const stream = await open(await ticketBy(session.token));
    const events = await collect(stream.events());
    expect(essenceOf(events)).toEqual(essenceOf(whole));
  });

  test('resumes after `last_event_id`, without a gap or a repeat; Last-Event-ID counts before it', async () => {
    const whole = await platform.api.stream(session, session.turn_url);
    const [first, second] = whole.map(({ id }) => id);
    const rest = await open(await ticketBy(session.token), session, `&last_event_id=${first}`);
    expect(essenceOf(await collect(rest.events()))).toEqual(essenceOf(whole.slice(1)));
    const ticket = await ticketBy(session.token);
    const url = `${platform.url}/v1/turn/${session.session_id}?ticket=${ticket}&last_event_id=${first}`;
    const later = await openSse(url, { token: null, lastEventId: second ?? '' });
    expect(essenceOf(await collect(later.events()))).toEqual(essenceOf(whole.slice(2)));
  });

  test('works once, over all gateways, also when many try at the same time', async () => {
    const other = await platform.another();
    const ticket = await ticketBy(session.token);
    const urls = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? platform.url : other.url));
    const codes = await Promise.all(urls.map((url) => codeOf(open(ticket, session, '', url))));
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(codes.filter((code) => code === 'TICKET_INVALID')).toHaveLength(19);
    const elsewhere = await create(session.token, session, new ApiClient({ url: other.url, apiKey: '' }));
    expect(await codeOf(open(elsewhere.body.ticket))).toBe(200);
    await other.close();
  });

  test('does not open another session, of the same caller or of another tenant, and is used up by the attempt', async () => {
    const second = (await platform.api.start({ persona: 'guide' })).body;
    const theirs = (await platform.acme.start({ persona: 'guide' })).body;
    for (const [token, of] of [
      [second.token, second],
      [platform.api.apiKey, second],
      [theirs.token, theirs],
      [platform.acme.apiKey, theirs],
    ] as const) {
      const { body } = await create(token, of);
      expect(await codeOf(open(body.ticket))).toBe('TICKET_INVALID');
      expect(await codeOf(open(body.ticket, of))).toBe('TICKET_INVALID');
    }
  });

  test('is not created for the session of another tenant, or of another token', async () => {
    const second = (await platform.api.start({ persona: 'guide' })).body;
    for (const token of [platform.acme.apiKey, second.token])
      expect((await create(token)).body).toMatchObject({ status: 404, code: 'SESSION_UNKNOWN' });
  });

  test('is refused with its challenge when it is unknown or malformed', async () => {
    for (const ticket of [`kst_${'A'.repeat(43)}`, 'kst_short', session.token, platform.api.apiKey, '']) {
      const stream = await open(ticket);
      expect([stream.status, stream.problem?.['code']]).toEqual([401, 'TICKET_INVALID']);
      expect(stream.headers.get('www-authenticate')).toContain('invalid_token');
    }
  });

  test('is refused beside Authorization, and stays valid', async () => {
    const ticket = await ticketBy(session.token);
    const url = `${platform.url}/v1/turn/${session.session_id}?ticket=${ticket}`;
    for (const token of [session.token, platform.api.apiKey]) {
      const both = await openSse(url, { token });
      expect([both.status, both.problem]).toMatchObject([400, { errors: [{ in: 'query', pointer: '#/ticket' }] }]);
    }
    expect(await codeOf(open(ticket))).toBe(200);
  });

  test('ends with the credentials of its caller', async () => {
    const own = `/v1/sessions/${session.session_id}/tokens`;
    const { body } = await platform.api.call<{ token: string }>('POST', own, {
      token: session.token,
      body: { capabilities: [], ttl_seconds: 2 },
    });
    const { body: created } = await create(body.token);
    expect(Date.parse(created.expires_at) - Date.now()).toBeLessThanOrEqual(2_000);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await codeOf(open(created.ticket))).toBe('TICKET_INVALID');
  });

  test('is refused when its session was revoked after it was created, and its open stream ends', async () => {
    const second = (await platform.api.start({ persona: 'guide' })).body;
    const [used, kept] = [await ticketBy(second.token, second), await ticketBy(second.token, second)];
    const stream = await open(used, second, '&follow=true');
    expect(stream.status).toBe(200);
    const ended = collect(stream.events()).catch(() => []);
    const scope = `session:${second.session_id}`;
    await platform.api.call('POST', '/v1/revocations', { body: { scope, reason: 'a test' } });
    await ended;
    expect(await codeOf(open(kept, second))).toBe('TOKEN_REVOKED');
  });

  test('has a coded error while Redis does not answer, and credentials in a header still work', async () => {
    const ticket = await ticketBy(session.token);
    platform.singleUse.away = true;
    const created = await create(session.token);
    const opened = await open(ticket);
    const withToken = await openSse(`${platform.url}/v1/turn/${session.session_id}`, { token: session.token });
    platform.singleUse.away = false;
    expect(created.body).toMatchObject({ status: 503, code: 'TICKETS_UNAVAILABLE' });
    expect(created.headers.get('retry-after')).toBe('1');
    expect([opened.status, opened.problem]).toMatchObject([503, { code: 'TICKETS_UNAVAILABLE' }]);
    expect(withToken.status).toBe(200);
    withToken.cut();
    expect(await codeOf(open(ticket))).toBe(200);
  });

  test('is neither in the store nor in the log nor in a problem', async () => {
    lines.length = 0;
    const tickets = await Promise.all([ticketBy(session.token), ticketBy(session.token)]);
    const [one = '', two = ''] = tickets;
    const { content } = platform.singleUse;
    await codeOf(open(one));
    const refused = await open(one);
    await codeOf(openSse(`${platform.url}/v1/turn/${session.session_id}?%74icket=${two}`, { token: null }));
    await until(
      async () => lines.join(''),
      (text) => text.split('ticket=redacted').length === 4,
    );
    for (const ticket of tickets) {
      expect(content).not.toContain(ticket);
      expect(lines.join('')).not.toContain(ticket);
      expect(JSON.stringify(refused.problem)).not.toContain(ticket);
    }
  });

  test('cannot be made by writing to the store: neither unsigned, nor with the entry of another ticket', async () => {
    const ticket = await ticketBy(session.token);
    const keyOf = (text: string) => hash('sha256', text, 'hex');
    const entries = JSON.parse(platform.singleUse.content) as [string, { readonly value: string }][];
    const entry = entries.find(([key]) => key === keyOf(ticket))?.[1].value ?? expect.unreachable();
    const planted = `kst_${'B'.repeat(43)}`;
    for (const value of [entry, '{}', new UnsecuredJWT(decodeJwt(entry)).encode(), session.token]) {
      await platform.singleUse.put(keyOf(planted), value, 10_000);
      expect(await codeOf(open(planted))).toBe('TICKET_INVALID');
    }
    expect(await codeOf(open(ticket))).toBe(200);
  });
});
