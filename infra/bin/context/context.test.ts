import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeEnvFiles } from '../../local/local-env.ts';
import { contextOf, contextsFile, readContexts, writeContexts } from './contexts.ts';
import { takeContext } from './flag.ts';
import { expectLocal, usePlatform } from './use.ts';

const local = {
  KHIPU_URL: 'http://127.0.0.1:8080',
  KHIPU_API_KEY: 'local-key',
  KAFKA_BROKERS: '127.0.0.1:27661',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:22017',
  DATABASE_URL: 'postgres://127.0.0.1/khipu',
  REDIS_URL: 'redis://127.0.0.1:22805',
};

let dir: string;
let base: NodeJS.ProcessEnv;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-context-'));
  base = { KHIPU_HOME: path.join(dir, 'home'), XDG_CONFIG_HOME: path.join(dir, 'config') };
  writeEnvFiles(path.join(dir, 'home'), local);
  writeFileSync(path.join(dir, 'key'), 'prod-key\n', { mode: 0o600 });
  writeFileSync(path.join(dir, 'env'), 'KAFKA_BROKERS=kafka.prod:9092\n');
  const prod = { url: 'https://prod', keyFile: path.join(dir, 'key'), envFile: path.join(dir, 'env') };
  writeContexts(base, { current: null, contexts: { prod } });
});
afterEach(() => rmSync(dir, { recursive: true }));

const chosen = (env: NodeJS.ProcessEnv, named?: string): NodeJS.ProcessEnv => {
  const used = { ...base, ...env };
  usePlatform(used, named);
  return used;
};

describe('the platform of a command', () => {
  it('is that of this checkout by default', () => {
    expect(chosen({})).toMatchObject({ KHIPU_URL: local.KHIPU_URL, KAFKA_BROKERS: local.KAFKA_BROKERS });
  });

  it('is the named context, with none of the values of another platform', () => {
    const used = chosen({ ...local, DATABASE_URL: 'postgres://elsewhere/khipu' }, 'prod');
    expect(used).toMatchObject({ KHIPU_URL: 'https://prod', KHIPU_API_KEY: 'prod-key' });
    expect(used['KAFKA_BROKERS']).toBe('kafka.prod:9092');
    expect(used['DATABASE_URL']).toBeUndefined();
    expect(chosen({ KHIPU_CONTEXT: 'prod' })['KHIPU_URL']).toBe('https://prod');
  });

  it('is the current context, unless the environment names another one', () => {
    writeContexts(base, { ...readContexts(base), current: 'prod' });
    expect(chosen({})['KHIPU_URL']).toBe('https://prod');
    expect(chosen({ ...local })['KHIPU_URL']).toBe('https://prod');
    expect(chosen({ KHIPU_URL: 'https://other', KHIPU_API_KEY: 'k' })['KHIPU_URL']).toBe('https://other');
    expect(chosen({ KHIPU_URL: 'https://other', KHIPU_API_KEY: 'k' }, 'local')['KHIPU_URL']).toBe(local.KHIPU_URL);
  });

  it('is expected on this machine by commands that look at its processes', () => {
    expect(() => expectLocal('logs', chosen({}))).not.toThrow();
    expect(() => expectLocal('logs', chosen({}, 'local'))).not.toThrow();
    expect(() => expectLocal('logs', chosen({ KHIPU_CONTEXT: 'prod' }, 'local'))).not.toThrow();
    expect(() => expectLocal('logs', chosen({}, 'prod'))).toThrow(/context prod is elsewhere: add --context local/);
  });

  it('is refused when it is unknown, or its key cannot be used', () => {
    const code = (value: string) => expect.objectContaining({ code: value });
    expect(() => chosen({}, 'staging')).toThrow(code('CONTEXT_UNKNOWN'));
    chmodSync(path.join(dir, 'key'), 0o644);
    expect(() => chosen({}, 'prod')).toThrow(code('KEY_FILE_OPEN'));
    rmSync(path.join(dir, 'key'));
    expect(() => chosen({}, 'prod')).toThrow(code('KEY_FILE_UNREADABLE'));
    rmSync(path.join(dir, 'env'));
    expect(() => chosen({}, 'prod')).toThrow(code('ENV_FILE_UNREADABLE'));
  });
});

it('a context that does not exist is CONTEXT_UNKNOWN, with the names of the others', () => {
  expect(contextOf(readContexts(base), 'prod')).toMatchObject({ url: 'https://prod' });
  const unknown = (message: string) => expect.objectContaining({ code: 'CONTEXT_UNKNOWN', message });
  expect(() => contextOf(readContexts(base), 'x')).toThrow(unknown('no context is named x; there are local, prod'));
  expect(() => contextOf(readContexts(base), 'local')).toThrow(unknown('no context is named local; there are prod'));
});

it('contexts are stored for their user alone', () => {
  const file = contextsFile(base);
  expect(file).toBe(path.join(dir, 'config', 'khipu', 'contexts.json'));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
});

it('--context is taken out of the arguments wherever it is', () => {
  expect(takeContext(['--context', 'prod', 'lag', '--json'])).toEqual({ context: 'prod', args: ['lag', '--json'] });
  expect(takeContext(['lag', '--context=prod'])).toEqual({ context: 'prod', args: ['lag'] });
  expect(takeContext(['ask', '--', '--context', 'x'])).toEqual({
    context: undefined,
    args: ['ask', '--', '--context', 'x'],
  });
  expect(() => takeContext(['lag', '--context'])).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(() => takeContext(['--context', '--json'])).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
