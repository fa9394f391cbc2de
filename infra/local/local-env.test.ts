import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readLocalEnv, writeLocalEnv } from './local-env.ts';

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

test('what is written is read back, whatever the values hold', () => {
  writeLocalEnv(dir, env);
  expect(readLocalEnv(dir)).toEqual(env);
});

test('a shell reads the same values', () => {
  writeLocalEnv(dir, env);
  const script = `set -a; . ${dir}/local.env; printf %s "$DATABASE_URL"`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(env.DATABASE_URL);
});

test('nobody else can read it', () => {
  writeLocalEnv(dir, env);
  expect(statSync(path.join(dir, 'local.env')).mode & 0o777).toBe(0o600);
});

test('there is nothing before the first start', () => {
  expect(readLocalEnv(path.join(dir, 'none'))).toBeUndefined();
});
