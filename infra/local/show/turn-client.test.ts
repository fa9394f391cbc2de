import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { withGateway } from '../../client/testing.ts';
import { runFirstTurn, runTurn, type TurnError } from './turn-client.ts';

const started = {
  session_id: 's',
  turn_id: 't',
  token: 'jwt',
  turn_url: '/v1/turn/s?turn_id=t',
  decision: { outcome: 'allow', reasons: [] },
};

const gateway =
  (events: string, refusals = 0): RequestListener =>
  (request, response) => {
    if (request.method === 'POST' && refusals-- > 0) return response.writeHead(503).end('{"code":"LOG_AWAY"}');
    if (request.method === 'POST') return response.writeHead(201).end(JSON.stringify(started));
    expect(request.headers.authorization).toBe('Bearer jwt');
    return response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events);
  };

const happy =
  'event: turn.started\ndata: {}\n\nevent: turn.delta\ndata: {"text":"Hel"}\n\nevent: turn.delta\ndata: {"text":"lo"}\n\n' +
  'event: turn.completed\ndata: {"text":"Hello"}\n\n';

test('a turn reports the deltas as they arrive and returns the whole answer', async () => {
  const deltas: string[] = [];
  const turn = { apiKey: 'k', prompt: 'p', onDelta: (text: string) => deltas.push(text) };
  const result = await withGateway(gateway(happy), (url) => runTurn({ ...turn, url }));
  expect(deltas).toEqual(['Hel', 'lo']);
  expect(result).toMatchObject({ answer: 'Hello', sessionId: 's', turnId: 't' });
});

test('a refused turn rejects with its code', async () => {
  const refused = 'event: turn.refused\ndata: {"code":"POLICY_DENIED","detail":"no"}\n\n';
  const error = await withGateway(gateway(refused), (url) => runTurn({ url, apiKey: 'k', prompt: 'p' })).catch(
    (cause: TurnError) => cause,
  );
  expect(error).toMatchObject({ code: 'POLICY_DENIED', isTransient: false });
});

test('the first turn is retried while the platform starts', async () => {
  const result = await withGateway(gateway(happy, 1), (url) => runFirstTurn({ url, apiKey: 'k', prompt: 'p' }));
  expect(result.answer).toBe('Hello');
});

/** Answers the first `pending` starts with 202, like a slow platform; only the returned key leads to the outcome. */
const slowGateway = (events: string, pending: number): RequestListener => {
  const inTime = gateway(events);
  let starts = 0;
  return (request, response) => {
    if (request.method !== 'POST') return inTime(request, response);
    starts += 1;
    const isRepeat = request.headers['idempotency-key'] === 'key-1';
    if (isRepeat !== starts > 1) return response.writeHead(409).end('{"code":"KEY_WRONG"}');
    if (starts > pending) return inTime(request, response);
    return response.writeHead(202).end('{"session_id":"s","status":"pending","idempotency_key":"key-1"}');
  };
};

test('a pending start is sent again with its idempotency key until it has an outcome', async () => {
  const result = await withGateway(slowGateway(happy, 2), (url) => runTurn({ url, apiKey: 'k', prompt: 'p' }));
  expect(result).toMatchObject({ answer: 'Hello', sessionId: 's' });
});

test('a start that stays pending rejects at the bound of the turn', async () => {
  const turn = { apiKey: 'k', prompt: 'p', timeoutMs: 900 };
  const error = await withGateway(slowGateway(happy, 1_000), (url) => runFirstTurn({ ...turn, url })).catch(
    (cause: TurnError) => cause,
  );
  expect(error).toMatchObject({ code: 'TURN_TIMEOUT', isTransient: false });
});
