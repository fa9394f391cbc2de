import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenAiTestServer, startOpenAiTestServer } from '../testing/openai-server.ts';
import { probeModelServer } from './probe.ts';

let server: OpenAiTestServer;
beforeAll(async () => {
  server = await startOpenAiTestServer();
});
afterAll(() => server.close());

it.each([
  [200, true, 'reachable'],
  [404, true, 'reachable, lists no models'],
  [405, true, 'reachable, lists no models'],
  [501, true, 'reachable, lists no models'],
  [401, false, 'GET /v1/models returns 401'],
  [503, false, 'GET /v1/models returns 503'],
])('a server that answers GET /models with %i', async (status, ok, detail) => {
  server.listModelsWith(status);
  expect(await probeModelServer({ baseUrl: server.baseUrl, apiKey: 'k' })).toEqual({
    ok,
    detail: `${server.baseUrl}: ${detail}`,
  });
});

it('a server that does not listen is not reachable', async () => {
  const { ok, detail } = await probeModelServer({ baseUrl: 'http://127.0.0.1:1/v1' });
  expect(ok).toBe(false);
  expect(detail).toMatch(/^http:\/\/127\.0\.0\.1:1\/v1: \S/);
});
