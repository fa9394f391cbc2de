import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLocalEnv, writeEnvFiles } from './local-env.ts';
import { ownNames } from './own-values.mjs';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-env-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const env = {
  KHIPU_URL: 'http://127.0.0.1:8080',
  KHIPU_API_KEY: 'kp_demo_abc',
  KAFKA_BROKERS: 'a:9092,b:9092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1/apis/ccompat/v7',
  DATABASE_URL: "postgres://u:it's&more@127.0.0.1:5432/khipu?a=b&c=$HOME",
  REDIS_URL: 'redis://:pw@127.0.0.1:6379',
};

test('written values are read back unchanged', () => {
  writeEnvFiles(dir, env);
  expect(readLocalEnv(dir)).toEqual(env);
});

test('a shell reads the same values', () => {
  writeEnvFiles(dir, env);
  const script = `set -a; . ${dir}/local.env; printf %s "$DATABASE_URL"`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(env.DATABASE_URL);
});

test('only the owner can read the files', () => {
  writeEnvFiles(dir, env);
  for (const file of ['local.env', 'client.env']) expect(statSync(path.join(dir, file)).mode & 0o777).toBe(0o600);
});

test('the client file has the URL and the key, and no variable that changes a start', () => {
  writeEnvFiles(dir, env);
  expect(readFileSync(path.join(dir, 'client.env'), 'utf8')).toBe(
    'KHIPU_URL=http://127.0.0.1:8080\nKHIPU_API_KEY=kp_demo_abc\n',
  );
});

test('written values belong to this checkout, except named services', () => {
  writeEnvFiles(dir, env, ['KAFKA_BROKERS', 'REDIS_URL']);
  expect(ownNames(dir, { ...env })).toEqual(['KHIPU_URL', 'KHIPU_API_KEY', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL']);
});

test('it is undefined before the first start', () => {
  expect(readLocalEnv(path.join(dir, 'none'))).toBeUndefined();
});
