import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withGateway } from '../../client/testing.ts';
import { markOf } from '../../local/process/pids.ts';
import { writeRun } from '../../local/process/run-record.ts';
import { targets } from '../open/targets.ts';
import { styleOf } from '../show/style.ts';
import { isHealthy, readStatus, statusJson, statusText } from './read-status.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'khipu-status-'));
  vi.stubEnv('KHIPU_HOME', home);
  vi.stubEnv('KHIPU_API_KEY', 'k');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const plain = styleOf(process.stdout, {});

/** Returns the status of a gateway elsewhere that answers its readiness so. */
const statusOf = (status: number, parts: object) =>
  withGateway(
    (_, response) => response.writeHead(status).end(JSON.stringify({ ok: status === 200, parts })),
    async (url) => {
      vi.stubEnv('KHIPU_URL', url);
      return { found: await readStatus(), url };
    },
  );

describe('the status of a platform elsewhere', () => {
  it('is the readiness of its gateway, with each dependency', async () => {
    const { found, url } = await statusOf(200, { kafka: { ok: true, detail: 'answers' } });
    expect(isHealthy(found)).toBe(true);
    expect(statusJson(found)).toEqual({ url, ready: true, parts: { kafka: { ok: true, detail: 'answers' } } });
    expect(statusText(found, plain)).toMatch(/^Khipu ready at .*\n {2}part +health +detail\n {2}kafka +ok +answers$/);
  });

  it('is read below the path of its URL', async () => {
    let asked: string | undefined;
    await withGateway(
      (request, response) => {
        asked = request.url;
        response.writeHead(200).end('{}');
      },
      async (url) => {
        vi.stubEnv('KHIPU_URL', `${url}/khipu`);
        await readStatus();
      },
    );
    expect(asked).toBe('/khipu/health/ready');
  });

  it('is not healthy while the gateway is not ready', async () => {
    const { found } = await statusOf(503, { kafka: { ok: false, detail: 'no answer' } });
    expect(isHealthy(found)).toBe(false);
    expect(statusText(found, plain)).toMatch(/^Khipu NOT READY at .*\n.*\n {2}kafka +NOT OK +no answer$/);
  });

  it('is PLATFORM_DOWN without an answer', async () => {
    const { url } = await statusOf(200, {});
    vi.stubEnv('KHIPU_URL', url);
    await expect(readStatus()).rejects.toMatchObject({ code: 'PLATFORM_DOWN' });
  });
});

it('the status of the platform of this checkout is its board', async () => {
  const supervisor = markOf(process.pid);
  if (supervisor === undefined) throw new Error('this process has no mark');
  vi.stubEnv('KHIPU_URL', 'http://127.0.0.1:8080');
  writeRun(home, {
    ...{ supervisor, startedAt: '2026-11-29T00:00:00.000Z', state: 'ready', url: 'http://127.0.0.1:8080' },
    ...{ provider: 'deterministic', model: 'm', providerNote: '', processes: [] },
  });
  const found = await readStatus();
  expect(found).toMatchObject({ kind: 'local', board: { url: 'http://127.0.0.1:8080', state: 'ready' } });
  expect(isHealthy(found)).toBe(true);
  expect(statusText(found, plain)).toContain('Khipu ready at http://127.0.0.1:8080');
});

it.each(['', '/khipu'])('the API reference is a page of the platform, also below the path %j', (prefix) => {
  vi.stubEnv('KHIPU_URL', `https://khipu.example.com${prefix}`);
  expect(targets['api']?.()).toBe(`https://khipu.example.com${prefix}/docs`);
});
