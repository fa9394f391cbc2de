import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { homeFiles } from '../../local/home.ts';
import { readJson } from '../../local/process/state-file.ts';
import { createStartClock, type StartReport } from '../../local/show/start-report.ts';
import { welcome } from './welcome.ts';

let dir: string;
let shown = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-welcome-'));
  shown = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

/** Runs `welcome` for a platform that answers a start with `listener`. */
async function welcomeTo(
  listener: RequestListener,
  { turnMs = 30_000, signal }: { turnMs?: number; signal?: AbortSignal } = {},
): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const options = { json: true, turn: true, turnMs, ...(signal && { signal }) };
    await welcome(dir, { url, apiKey: 'k' }, createStartClock({}, Date.now()), options);
    return url;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const warnings = (): string[] => shown.split('\n').filter((line) => line.startsWith('!'));
const report = (): StartReport | undefined => readJson<StartReport>(homeFiles(dir).start);

test('a first turn that does not finish leaves the platform running, with one line', async () => {
  const url = await welcomeTo(
    (_, response) => response.writeHead(202).end('{"session_id":"s","status":"pending","idempotency_key":"key-1"}'),
    { turnMs: 500 },
  );
  expect(warnings()).toEqual([
    `! the first turn did not finish in 0.5 s; the platform is up: ${url}. Try: npm run demo`,
  ]);
  expect(report()).toMatchObject({ turn: null, turn_error: expect.stringMatching(/^TURN_TIMEOUT: /) });
});

test('a refused first turn leaves the platform running, and the line has the reason', async () => {
  const url = await welcomeTo((_, response) =>
    response.writeHead(403).end('{"code":"POLICY_DENIED","detail":"no\\nmore"}'),
  );
  expect(warnings()).toEqual([
    `! the first turn failed (POLICY_DENIED: the start was answered 403: no); the platform is up: ${url}. Try: npm run demo`,
  ]);
});

test('a stop during the turn is not reported as a failed turn', async () => {
  await welcomeTo((_, response) => response.writeHead(403).end('{}'), { signal: AbortSignal.abort() });
  expect(warnings()).toEqual([]);
});
