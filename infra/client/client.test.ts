import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { createApi } from './api.ts';
import { ApiError, unanswered } from './api-error.ts';
import { settledAnswer, untilSettled } from './settle.ts';
import { collect, withGateway } from './testing.ts';
import { turnEvents } from './turn-events.ts';

const json =
  (status: number, body: object): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const health = (url: string) => createApi({ url, token: 'k' }).GET('/v1/slm/health');
const healthOf = (listener: RequestListener) => withGateway(listener, async (url) => settledAnswer(await health(url)));
const rejected = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error,
  );

test('a call sends its credentials, its path and its query', async () => {
  const seen: unknown[] = [];
  await withGateway(
    (request, response) => {
      seen.push(request.method, request.url, request.headers.authorization);
      return json(200, { items: [], next_cursor: null })(request, response);
    },
    (url) =>
      createApi({ url: `${url}/`, token: 'k' }).GET('/v1/sessions/{session_id}/events', {
        params: { path: { session_id: 'a/b' }, query: { limit: 3 } },
      }),
  );
  expect(seen).toEqual(['GET', '/v1/sessions/a%2Fb/events?limit=3', 'Bearer k']);
});

test('a problem becomes an error with its code, its detail and its status', async () => {
  const problem = { code: 'POLICY_DENIED', detail: 'no', decision: { outcome: 'deny' } };
  expect(await rejected(healthOf(json(403, problem)))).toMatchObject({
    name: 'ApiError',
    code: 'POLICY_DENIED',
    message: 'no',
    status: 403,
    problem,
    isTransient: false,
  });
});

test('an error without a problem has the code UNEXPECTED', async () => {
  const listener: RequestListener = (_, response) => response.writeHead(502).end('<html>');
  expect(await rejected(healthOf(listener))).toMatchObject({
    code: 'UNEXPECTED',
    message: 'the gateway answered 502',
    isTransient: true,
  });
});

test('a 202 is OUTCOME_PENDING', async () => {
  expect(await rejected(healthOf(json(202, { status: 'pending' })))).toMatchObject({ code: 'OUTCOME_PENDING' });
});

test('a call without an answer is transient and names the URL', async () => {
  const url = await withGateway(json(200, {}), async (there) => there);
  const error = await rejected(health(url).catch((cause) => Promise.reject(unanswered(url, cause))));
  expect(error).toMatchObject({ code: 'PLATFORM_DOWN', message: `${url} does not answer`, isTransient: true });
  expect(unanswered(url, error)).toBe(error);
});

test('a call ends after its timeout', async () => {
  const call = withGateway(
    () => undefined,
    (url) => createApi({ url, token: 'k', timeoutMs: 50 }).GET('/v1/slm/health'),
  );
  expect(await rejected(call)).toMatchObject({ name: 'TimeoutError' });
});

test('a write is repeated under the key of its 202 until it has an outcome', async () => {
  const keys: unknown[] = [];
  const answer = await withGateway(
    (request, response) => {
      keys.push(request.headers['idempotency-key']);
      const isOver = keys.length > 2;
      return json(isOver ? 201 : 202, isOver ? { token: 't' } : { status: 'pending', idempotency_key: 'key-1' })(
        request,
        response,
      );
    },
    (url) => {
      const api = createApi({ url, token: 'k' });
      const send = (headers: object) => api.POST('/v1/sessions/start', { body: { persona: 'guide' }, headers });
      return untilSettled(send, AbortSignal.timeout(5_000));
    },
  );
  expect(settledAnswer(answer).token).toBe('t');
  expect(keys).toEqual([undefined, 'key-1', 'key-1']);
});

test('the events of a turn are read to the end of their stream', async () => {
  const paths: unknown[] = [];
  const events = await withGateway(
    (request, response) => {
      paths.push(request.url, request.headers.accept);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('id: 2\nevent: turn.delta\ndata: {"text":"Hel"}\n\n: heartbeat\n\n');
    },
    (url) => collect(turnEvents(createApi({ url, token: 'k' }), { sessionId: 's', turnId: 't' })),
  );
  expect(paths).toEqual(['/v1/turn/s?turn_id=t', 'text/event-stream']);
  expect(events).toEqual([{ id: '2', event: 'turn.delta', data: { text: 'Hel' } }]);
});

test('a 204 has no events; a refused stream has a code', async () => {
  const read = (url: string) => collect(turnEvents(createApi({ url, token: 'k' }), { sessionId: 's' }));
  expect(await withGateway((_, response) => response.writeHead(204).end(), read)).toEqual([]);
  const error = await rejected(withGateway(json(404, { code: 'SESSION_UNKNOWN', detail: 'none' }), read));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: 'SESSION_UNKNOWN', status: 404 });
});
