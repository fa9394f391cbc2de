import Fastify from 'fastify';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { GatewayMetrics, measureRequests } from './metrics.ts';

test('the length of a stream is no latency, and the status and the whole answer of its route are', async () => {
  const metrics = new GatewayMetrics(new Registry());
  const app = Fastify();
  measureRequests(app, metrics);
  app.get('/answer/:kind', (request, reply) => {
    const { kind } = request.params as { readonly kind: string };
    if (kind !== 'stream') return reply.code(kind === 'whole' ? 200 : 429).send({ kind });
    reply.type('text/event-stream; charset=utf-8').hijack();
    reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>).end('data: x\n\n');
    return reply;
  });
  for (const kind of ['stream', 'whole', 'refused']) await app.inject(`/answer/${kind}`);
  const { values } = await metrics.requests.get();
  const counts = values.filter(({ metricName }) => metricName?.endsWith('_count'));
  expect(counts.map(({ labels: { status }, value }) => [status, value])).toEqual([
    [200, 1],
    [429, 1],
  ]);
  await app.close();
});
