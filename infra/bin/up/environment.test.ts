import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeEnvFiles } from '../../local/local-env.ts';
import { startEnvironment } from './environment.ts';

const written = {
  KHIPU_URL: 'http://127.0.0.1:8080',
  KHIPU_API_KEY: 'demo',
  KAFKA_BROKERS: '127.0.0.1:27661',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:22017/apis/ccompat/v7',
  DATABASE_URL: 'postgres://khipu:pw@db.internal/khipu',
  REDIS_URL: 'redis://:pw@127.0.0.1:22805',
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-start-env-'));
  writeEnvFiles(dir, written, ['DATABASE_URL']);
});
afterEach(() => rmSync(dir, { recursive: true }));

test('a shell that sourced local.env starts the local parts again, and keeps an external service', () => {
  const { env, note } = startEnvironment(dir, { ...written, LANG: 'C' });
  expect(env).toEqual({ DATABASE_URL: written.DATABASE_URL, LANG: 'C' });
  expect(note).toBe(
    'KAFKA_BROKERS, SCHEMA_REGISTRY_URL, and REDIS_URL of this shell come from an earlier start of this checkout: the local parts are started',
  );
});

test('a shell that sourced client.env does not affect a start, and gets no note', () => {
  const { KHIPU_URL, KHIPU_API_KEY } = written;
  expect(startEnvironment(dir, { KHIPU_URL, KHIPU_API_KEY }).note).toBe('');
});
