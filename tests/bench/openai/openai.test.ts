import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenAiTestServer, startOpenAiTestServer } from '../../../infra/models/testing/openai-server.ts';
import { addedAim, rowsOf } from './added.ts';
import { firstTokenMs } from './first-token.ts';

let server: OpenAiTestServer;
beforeAll(async () => {
  server = await startOpenAiTestServer();
});
afterAll(() => server.close());

const asked = { model: 'm', content: 'What is a khipu?' };

it('times the first text of a stream, before its end', async () => {
  const began = performance.now();
  const first = await firstTokenMs(server.baseUrl, 'k', asked);
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThan(performance.now() - began);
});

it.each(['cut-mid-stream', { status: 503 }] as const)('counts no answer that is not whole: %j', async (behaviour) => {
  server.script(behaviour);
  await expect(firstTokenMs(server.baseUrl, 'k', asked)).rejects.toThrow();
});

it('compares the medians', () => {
  const samples = { direct: [1, 2, 30], gateway: [11, 12, 13], turn: [4, 6, 7] };
  expect(addedAim(samples)).toEqual({ addedMs: 10, boundMs: 11, isMet: true });
  expect(addedAim({ ...samples, turn: [4] }).isMet).toBe(false);
  expect(rowsOf(samples).map(({ p50 }) => p50)).toEqual([2, 12, 6]);
});
