import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeEnvFiles } from '../../local/local-env.ts';
import { markOf } from '../../local/process/pids.ts';
import { writeRun } from '../../local/process/run-record.ts';
import { findPlatform } from './platform.ts';

const url = 'http://127.0.0.1:8080';
const parts = {
  KAFKA_BROKERS: 'a:1',
  SCHEMA_REGISTRY_URL: 'http://a:2',
  DATABASE_URL: 'postgres://a',
  REDIS_URL: 'redis://a',
};
const silent = (): void => undefined;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-demo-'));
  writeEnvFiles(dir, { KHIPU_URL: 'http://127.0.0.1:20001', KHIPU_API_KEY: 'old', ...parts });
  writeEnvFiles(dir, { KHIPU_URL: url, KHIPU_API_KEY: 'demo', ...parts });
  writeRun(dir, {
    supervisor: markOf(process.pid) ?? { pid: process.pid, startedAt: '' },
    ...{ startedAt: '', state: 'ready', url, provider: 'deterministic', model: 'm', providerNote: '', processes: [] },
  });
});
afterEach(() => rmSync(dir, { recursive: true }));

test.each([
  ['nothing', {}, { url, apiKey: 'demo' }],
  ['what the last start wrote', { KHIPU_URL: url, KHIPU_API_KEY: 'demo' }, { url, apiKey: 'demo' }],
  [
    'what an earlier start wrote',
    { KHIPU_URL: 'http://127.0.0.1:20001', KHIPU_API_KEY: 'old' },
    { url, apiKey: 'demo' },
  ],
  ['the key of a team', { KHIPU_URL: url, KHIPU_API_KEY: 'team' }, { url, apiKey: 'team' }],
])('a shell that has %s gets the platform of this checkout', async (_, env, platform) => {
  expect(await findPlatform({ KHIPU_HOME: dir, ...env }, silent)).toMatchObject(platform);
});

test.each(['theirs', 'demo'])('a shell that names another platform gets that one, with the key %s', async (apiKey) => {
  const other = { KHIPU_URL: 'https://khipu.example', KHIPU_API_KEY: apiKey };
  const hint = expect.stringContaining('unset KHIPU_URL KHIPU_API_KEY');
  expect(await findPlatform({ KHIPU_HOME: dir, ...other }, silent)).toEqual({ url: other.KHIPU_URL, apiKey, hint });
});
