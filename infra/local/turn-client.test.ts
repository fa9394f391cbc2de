import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { readSse, runFirstTurn, runTurn, type TurnError } from './turn-client.ts';

async function* bytes(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield new TextEncoder().encode(chunk);
}

const collect = async (...chunks: string[]) => {
  const events = [];
  for await (const event of readSse(bytes(...chunks))) events.push(event);
  return events;
};

test('events are read wherever the bytes are cut', async () => {
  const text = ': heartbeat\n\nid: 1\nevent: turn.delta\ndata: {"a":\ndata: 1}\n\nretry: 5\r\n\r\ndata:x\r\n\r\n';
  const whole = [
    { id: '1', event: 'turn.delta', data: '{"a":\n1}' },
    { id: '', event: 'message', data: 'x' },
  ];
  expect(await collect(text)).toEqual(whole);
  expect(await collect(...text)).toEqual(whole);
});

async function withGateway<T>(listener: RequestListener, body: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

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
  'event: turn.completed\ndata: {}\n\n';

test('a turn gives the deltas as they come and the whole answer', async () => {
  const deltas: string[] = [];
  const turn = { apiKey: 'k', prompt: 'p', onDelta: (text: string) => deltas.push(text) };
  const result = await withGateway(gateway(happy), (url) => runTurn({ ...turn, url }));
  expect(deltas).toEqual(['Hel', 'lo']);
  expect(result).toMatchObject({ answer: 'Hello', sessionId: 's', turnId: 't' });
});

test('a refused turn is thrown with its code', async () => {
  const refused = 'event: turn.refused\ndata: {"code":"POLICY_DENIED","detail":"no"}\n\n';
  const error = await withGateway(gateway(refused), (url) => runTurn({ url, apiKey: 'k', prompt: 'p' })).catch(
    (cause: TurnError) => cause,
  );
  expect(error).toMatchObject({ code: 'POLICY_DENIED', isTransient: false });
});

test('the first turn is asked again while the platform is coming up', async () => {
  const result = await withGateway(gateway(happy, 1), (url) => runFirstTurn({ url, apiKey: 'k', prompt: 'p' }));
  expect(result.answer).toBe('Hello');
});
