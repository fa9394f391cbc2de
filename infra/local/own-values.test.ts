import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownNames, rememberOwn, withoutOwn } from './own-values.mjs';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-own-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const first = { KAFKA_BROKERS: '127.0.0.1:27661', REDIS_URL: 'redis://:hidden@127.0.0.1:22805' };

test('a value that this checkout wrote is its own, in a shell that sourced it', () => {
  rememberOwn(dir, first);
  expect(ownNames(dir, { ...first, HOME: '/elsewhere' })).toEqual(['KAFKA_BROKERS', 'REDIS_URL']);
  expect(withoutOwn(dir, { ...first, HOME: '/elsewhere' })).toEqual({ HOME: '/elsewhere' });
});

test('a value of an earlier start, with another port, is its own', () => {
  rememberOwn(dir, first);
  rememberOwn(dir, { KAFKA_BROKERS: '127.0.0.1:20001' });
  expect(ownNames(dir, first)).toEqual(['KAFKA_BROKERS', 'REDIS_URL']);
});

test('another value, another variable and an empty one are not its own', () => {
  rememberOwn(dir, first);
  const env = { KAFKA_BROKERS: 'kafka-1:9092', SCHEMA_REGISTRY_URL: first.KAFKA_BROKERS, REDIS_URL: '' };
  expect(ownNames(dir, env)).toEqual([]);
  expect(withoutOwn(dir, env)).toEqual(env);
});

test('no value is its own before the first start', () => {
  expect(ownNames(path.join(dir, 'none'), first)).toEqual([]);
});

test('the list contains no secret, and is bounded', () => {
  for (let port = 20_000; port < 20_100; port++) rememberOwn(dir, { KAFKA_BROKERS: `127.0.0.1:${port}` });
  rememberOwn(dir, first);
  const file = path.join(dir, 'state', 'own-values.json');
  expect(readFileSync(file, 'utf8')).not.toContain('hidden');
  expect(statSync(file).size).toBeLessThan(8_192);
});
