import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { DemoApi, type DemoBounds } from './api.ts';

let close = (): void => undefined;
afterEach(() => close());

async function apiOf(listener: RequestListener, bounds: DemoBounds = {}): Promise<DemoApi> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return new DemoApi(
    { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, apiKey: 'k', hint: 'start it' },
    { timeoutMs: 30_000, patienceMs: 2_000, ...bounds },
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
  const api = await apiOf((_, response) => response.writeHead(202).end(pending), { timeoutMs: 700 });
  await expect(api.start({ persona: 'guide' })).rejects.toMatchObject({ code: 'TURN_TIMEOUT' });
});

test('a start is repeated while the platform is starting', async () => {
  let starts = 0;
  const api = await apiOf((_, response) =>
    ++starts === 1
      ? response.writeHead(503).end('{"code":"LOG_UNAVAILABLE"}')
      : response.writeHead(201).end('{"session_id":"s","token":"t"}'),
  );
  expect(await api.start({ persona: 'guide' })).toMatchObject({ status: 201 });
});

test('a platform that stays unavailable is the outcome, and a kill switch at once', async () => {
  let starts = 0;
  const codes = ['KILL_SWITCH', 'LOG_UNAVAILABLE'];
  const api = await apiOf((_, response) => response.writeHead(503).end(`{"code":"${codes[starts++] ?? codes[1]}"}`));
  expect(await api.start({ persona: 'guide' })).toMatchObject({ refused: { code: 'KILL_SWITCH' } });
  expect(starts).toBe(1);
  expect(await api.start({ persona: 'guide' })).toMatchObject({ refused: { code: 'LOG_UNAVAILABLE' } });
  expect(starts).toBeGreaterThan(2);
});
