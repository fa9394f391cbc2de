import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { probeHttp } from './probes.ts';

async function answerTo(body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(503).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await probeHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(
      (error) => error.message,
    );
  } finally {
    server.close();
  }
}

test('a role that is not ready is reported by its failing checks, whole', async () => {
  const detail = `http://localhost:8000/v1: ${'x'.repeat(300)}`;
  const parts = { kafka: { ok: true, detail: 'fine' }, provider: { ok: false, detail } };
  expect(await answerTo(JSON.stringify({ role: 'stream-slm', ok: false, parts }))).toBe(`503 provider: ${detail}`);
});

test('another body is reported by its begin', async () => {
  expect(await answerTo(`<html>${'x'.repeat(300)}`)).toBe(`503 <html>${'x'.repeat(194)}`);
});
