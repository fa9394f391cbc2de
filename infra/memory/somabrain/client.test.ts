import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeSomaBrain } from '../testing/somabrain-contract.ts';
import { type SomaBrainServer, startSomaBrainServer } from '../testing/somabrain-server.ts';
import { createSomaBrain } from './client.ts';
import type { SomaBrain } from './types.ts';

describeSomaBrain('a SomaBrain outside', async () => {
  const server = await startSomaBrainServer();
  return {
    client: createSomaBrain({ url: server.url, token: null, timeoutMs: 2_000 }),
    twoIds: async () => ['a', 'b'] as const,
    close: server.close,
  };
});

describe('the client', () => {
  let server: SomaBrainServer;
  let client: SomaBrain;
  beforeAll(async () => {
    server = await startSomaBrainServer();
  });
  beforeEach(() => {
    client = createSomaBrain({ url: server.url, token: 'sesame', timeoutMs: 150, pauseMs: 1, circuitOpenMs: 200 });
  });
  afterAll(() => server.close());
  const sent = () => server.requests.slice(-3).map(({ headers }) => headers);

  it('tries a write again under the same key, with its token and its tenant', async () => {
    server.failNext(503, 2);
    await client.remember({ text: 'x' }, { tenantId: 'acme' });
    const keys = new Set(sent().map((headers) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect(sent()[0]).toMatchObject({ authorization: 'Bearer sesame', 'x-tenant-id': 'acme' });
  });

  it('does not try again what is refused', async () => {
    server.failNext(422, 1);
    const before = server.requests.length;
    await expect(client.remember({ text: 'x' })).rejects.toMatchObject({ code: 'SOMABRAIN_REFUSED', status: 422 });
    expect(server.requests.length).toBe(before + 1);
  });

  it('gives up on a service that does not answer in time', async () => {
    server.failNext(0, 3);
    await expect(client.recall({ query: 'x' })).rejects.toMatchObject({ code: 'SOMABRAIN_TIMEOUT', canRetry: true });
  });

  it('sends nothing while its circuit is open, and tries again after a moment', async () => {
    server.failNext(500, 6);
    for (const _ of [1, 2]) await client.recall({ query: 'x' }).catch(() => undefined);
    const before = server.requests.length;
    await expect(client.recall({ query: 'x' })).rejects.toMatchObject({ code: 'SOMABRAIN_CIRCUIT_OPEN' });
    expect([server.requests.length, (await client.health()).ok]).toEqual([before, false]);
    server.failNext(200, 0);
    await new Promise((resolve) => setTimeout(resolve, 250));
    await client.recall({ query: 'x' }).catch(() => undefined);
    expect(server.requests.length).toBeGreaterThan(before);
  });

  it('does not follow a redirect', async () => {
    server.failNext(302, 1);
    await expect(client.recall({ query: 'x' })).rejects.toMatchObject({ code: 'SOMABRAIN_REFUSED', status: 302 });
  });
});
