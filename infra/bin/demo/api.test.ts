import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { DemoApi } from './api.ts';

let close = (): void => undefined;
afterEach(() => close());

async function apiOf(listener: RequestListener): Promise<DemoApi> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return new DemoApi(
    { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'k', hint: 'start it' },
    700,
  );
}

const pending = '{"session_id":"s","status":"pending","idempotency_key":"key-1"}';

test('a pending start is sent again with its idempotency key', async () => {
  const keys: unknown[] = [];
  const api = await apiOf((request, response) => {
    keys.push(request.headers['idempotency-key']);
    if (keys.length === 1) response.writeHead(202).end(pending);
    else response.writeHead(201).end('{"session_id":"s","token":"t","turn_url":"/v1/turn/s"}');
  });
  expect(await api.start({ persona: 'guide' })).toMatchObject({ status: 201, started: { session_id: 's' } });
  expect(keys).toEqual([undefined, 'key-1']);
});

test('a later refusal is the outcome', async () => {
  let starts = 0;
  const api = await apiOf((_, response) =>
    ++starts === 1 ? response.writeHead(202).end(pending) : response.writeHead(403).end('{"code":"POLICY_DENIED"}'),
  );
  expect(await api.start({ persona: 'guide' })).toMatchObject({ status: 403, refused: { code: 'POLICY_DENIED' } });
});

test('a start that stays pending rejects with a code', async () => {
  const api = await apiOf((_, response) => response.writeHead(202).end(pending));
  await expect(api.start({ persona: 'guide' })).rejects.toMatchObject({ code: 'TURN_TIMEOUT' });
});
