import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withGateway } from '../../client/testing.ts';
import { writeEnvFiles } from '../../local/local-env.ts';
import { ask, settle } from './ask.ts';
import { platformDown } from './platform-down.ts';

const written = {
  KHIPU_URL: 'http://127.0.0.1:8080',
  KHIPU_API_KEY: 'k',
  KAFKA_BROKERS: '127.0.0.1:27661',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:22017',
  DATABASE_URL: 'postgres://127.0.0.1/khipu',
  REDIS_URL: 'redis://127.0.0.1:22805',
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'khipu-down-'));
  vi.stubEnv('KHIPU_HOME', home);
  writeEnvFiles(home, written);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true });
});

it('a stopped platform of this checkout has one message, whichever service was asked', () => {
  const env = { ...written, KHIPU_HOME: home };
  const messages = (['KHIPU_URL', 'KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL'] as const).map(
    (name) => platformDown(name, env).message,
  );
  expect(new Set(messages)).toEqual(new Set(['the platform of this checkout is not running']));
  expect(platformDown('KHIPU_URL', { KHIPU_HOME: home }).message).toBe(messages[0]);
});

it('another platform is named by the address that does not answer', async () => {
  const url = await withGateway(
    () => undefined,
    async (there) => there,
  );
  vi.stubEnv('KHIPU_URL', url);
  vi.stubEnv('KHIPU_API_KEY', 'k');
  await expect(ask((api) => api.GET('/v1/slm/health'))).rejects.toMatchObject({
    code: 'PLATFORM_DOWN',
    message: `${url} does not answer`,
  });
});

it('a bug of a command is not a platform that is down', async () => {
  vi.stubEnv('KHIPU_URL', 'http://127.0.0.1:1');
  vi.stubEnv('KHIPU_API_KEY', 'k');
  const bug = new TypeError('x is not a function');
  await expect(ask(() => Promise.reject(bug))).rejects.toBe(bug);
});

it('a write that stays without an outcome is pending: its gateway answers', async () => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  // The first one bounds the write; the others bound its requests, which a busy machine may need a while for.
  vi.spyOn(AbortSignal, 'timeout').mockImplementationOnce(() => timeout(300));
  const write = withGateway(
    (_, response) => response.writeHead(202).end('{"status":"pending","idempotency_key":"key-1"}'),
    (url) => {
      vi.stubEnv('KHIPU_URL', url);
      vi.stubEnv('KHIPU_API_KEY', 'k');
      return settle((api, headers) => api.POST('/v1/sessions/start', { body: { persona: 'guide' }, headers }));
    },
  );
  await expect(write).rejects.toMatchObject({ code: 'OUTCOME_PENDING' });
});
