import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { countRequests } from './request-count.ts';

it('counts requests by API', async () => {
  const register = new Registry();
  const onRequest = countRequests(register);
  for (const api of ['Fetch', 'Produce', 'Fetch']) onRequest(api);
  const text = await register.metrics();
  expect(text).toContain('khipu_kafka_requests_total{api="Fetch"} 2');
  expect(text).toContain('khipu_kafka_requests_total{api="Produce"} 1');
});
