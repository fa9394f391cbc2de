import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createApi } from './api.ts';
import { followTurn } from './follow-turn.ts';
import { withGateway } from './testing.ts';

/** What a gateway does with one connection. */
type Act = (response: ServerResponse, request: IncomingMessage) => void;

const head = { 'content-type': 'text/event-stream' };
const frame = (id: number, event: string, data: object = {}) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify({ turn_id: 't', ...data })}\n\n`;
const texts = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => frame(from + at, 'turn.delta')).join('');

const sending =
  (text: string): Act =>
  (response) =>
    response.writeHead(200, head).end(text);
const breaking =
  (text: string): Act =>
  (response) =>
    void response.writeHead(200, head).write(text, () => response.destroy());
const refusing =
  (status: number, code: string): Act =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ code }));
const over: Act = (response) => response.writeHead(204).end();

const options = { sessionId: 's', turnId: 't', retryMs: 1, attemptsMax: 3 };

/** Follows a turn at a gateway that acts so, one act for each connection. Resolves with ids, and with where each began. */
async function follow(acts: readonly Act[], extra: object = {}) {
  const asked: (string | undefined)[] = [];
  const ids: string[] = [];
  const error = await withGateway(
    (request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      (acts[asked.length - 1] ?? refusing(500, 'UNEXPECTED'))(response, request);
    },
    async (url) => {
      try {
        const events = followTurn(createApi({ url, token: 'k' }), { ...options, ...extra });
        for await (const { id } of events) ids.push(id);
        return null;
      } catch (thrown) {
        return thrown;
      }
    },
  );
  return { ids, asked, error };
}

test('a stream that breaks off is resumed after its last event, until its turn ends', async () => {
  const acts = [breaking(texts(1, 2)), breaking(texts(3, 3)), sending(texts(4, 5) + frame(6, 'turn.completed'))];
  expect(await follow(acts)).toEqual({
    ids: ['1', '2', '3', '4', '5', '6'],
    asked: [undefined, '2', '3'],
    error: null,
  });
});

test('an event that is cut in the middle is read whole from the next connection', async () => {
  const half = frame(2, 'turn.delta').slice(0, 20);
  const { ids } = await follow([breaking(texts(1, 1) + half), sending(texts(2, 2) + frame(3, 'turn.failed'))]);
  expect(ids).toEqual(['1', '2', '3']);
});

test('a stream that ends before its turn, as that of a stopping gateway, is resumed', async () => {
  const { ids, asked } = await follow([sending(texts(1, 2)), sending(frame(3, 'turn.refused'))]);
  expect([ids, asked]).toEqual([
    ['1', '2', '3'],
    [undefined, '2'],
  ]);
});

test('the end of another turn does not end the stream, and 204 does', async () => {
  const other = frame(2, 'turn.completed', { turn_id: 'other' });
  const acts = [sending(texts(1, 1) + other), over];
  expect(await follow(acts, { turnId: undefined })).toEqual({ ids: ['1', '2'], asked: [undefined, '2'], error: null });
});

test('a stream without a turn that shows nothing is over; one that follows is not', async () => {
  expect((await follow([sending('')], { turnId: undefined })).asked).toHaveLength(1);
  const { asked, error } = await follow([sending(''), sending(''), sending('')], { turnId: undefined, follow: true });
  expect([asked.length, error]).toMatchObject([3, { code: 'STREAM_INCOMPLETE' }]);
});

test('a stream begins after the event that the reader has', async () => {
  expect((await follow([sending(frame(8, 'turn.completed'))], { lastEventId: '7' })).asked).toEqual(['7']);
});

test('a gateway that is unavailable is asked again, and each event resets the count of attempts', async () => {
  const down = refusing(503, 'READ_MODEL_UNAVAILABLE');
  const acts = [
    down,
    down,
    breaking(texts(1, 1)),
    down,
    refusing(429, 'RATE_LIMITED'),
    sending(frame(2, 'turn.completed')),
  ];
  expect(await follow(acts.slice(0, 4).concat(acts.slice(5)))).toMatchObject({ ids: ['1', '2'], error: null });
  expect(await follow([down, down, down])).toMatchObject({ error: { code: 'READ_MODEL_UNAVAILABLE', status: 503 } });
  expect(await follow([acts[4] as Act, ...acts.slice(5)])).toMatchObject({ ids: ['2'], error: null });
});

test('a refusal that a repeat cannot mend ends the stream at once', async () => {
  const { asked, error } = await follow([breaking(texts(1, 1)), refusing(401, 'TOKEN_EXPIRED')]);
  expect([asked.length, error]).toMatchObject([2, { name: 'ApiError', code: 'TOKEN_EXPIRED' }]);
});

test('an aborted stream rejects with the reason, also while it waits for the next attempt', async () => {
  const abort = new AbortController();
  const reason = new Error('the reader left');
  setTimeout(() => abort.abort(reason), 50);
  const waiting = { signal: abort.signal, retryMs: 60_000 };
  expect((await follow([breaking(texts(1, 1))], waiting)).error).toBe(reason);
});

test('a reader that leaves closes the connection', async () => {
  let closed: Promise<unknown> = Promise.reject(new Error('never opened'));
  closed.catch(() => undefined);
  await withGateway(
    (_, response) => {
      closed = new Promise((resolve) => response.once('close', () => resolve('closed')));
      response.writeHead(200, head).write(texts(1, 2));
    },
    async (url) => {
      for await (const { id } of followTurn(createApi({ url, token: 'k' }), options)) if (id === '2') break;
      expect(await closed).toBe('closed');
    },
  );
});
