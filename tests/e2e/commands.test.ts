import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiKeyFile } from '../../infra/security/api-key-file.ts';
import { ensureDevelopmentKeys } from '../../infra/security/development-keys.ts';
import { khipu } from '../support/khipu.ts';

/** Returns the names of the commands that a help text lists, without `help` itself. */
function commandsOf(help: string): string[] {
  const [, list = ''] = help.split('\nCommands:\n');
  const names = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

/** Runs a command that must fail with only `error CODE: message` on standard error. */
async function failureOf(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await khipu(args, env);
  const [, error, message = ''] = /^error ([A-Z_]+): ([\s\S]*)$/.exec(stderr) ?? [];
  return { code, stdout, error, message: message || stderr };
}

describe('khipu explains itself', () => {
  test('and each command, down to the last', async () => {
    const explain = async (path: readonly string[]): Promise<string[]> => {
      const { code, stdout, stderr } = await khipu([...path, '--help']);
      expect({ path, code, stderr }).toEqual({ path, code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^Usage: ${['khipu', ...path].join(' ')}\\b`));
      const further: string[] = [];
      for (const name of commandsOf(stdout)) further.push(...(await explain([...path, name])));
      return [path.join(' '), ...further];
    };
    const explained = await explain([]);
    for (const wanted of ['up', 'down', 'reset', 'demo', 'setup', 'run stream', 'run worker', 'topics'])
      expect(explained).toContain(wanted);
    for (const wanted of [
      'dlq list',
      'dlq show',
      'dlq redrive',
      'projections rebuild',
      'projections compare',
      'keys create',
      'keys bootstrap',
    ])
      expect(explained).toContain(wanted);
    // One process per command, about a hundred in turn.
  }, 300_000);

  test('when it is called without arguments', async () => {
    const { code, stdout } = await khipu([]);
    expect({ code, help: stdout.startsWith('Usage: khipu') }).toEqual({ code: 0, help: true });
  });
});

describe('an unknown argument of khipu', () => {
  test.each([
    ['a command', ['weave'], 'USAGE', /weave/],
    ['an option', ['topics', '--sideways'], 'USAGE', /--sideways/],
    ['no gateway at all', ['run', 'gateway'], 'USAGE', /name/],
    ['a gateway', ['run', 'gateway', 'http', 'smtp'], 'GATEWAY_UNKNOWN', /smtp.*http, turns/],
    ['a processor', ['run', 'stream', 'policy', 'astrology'], 'PROCESSOR_UNKNOWN', /astrology/],
    ['a view', ['run', 'projection', 'sideways'], 'VIEW_UNKNOWN', /sideways.*events/],
  ])('%s is refused with a stable code', async (_, args, error, message) => {
    expect(await failureOf(args)).toMatchObject({
      code: 1,
      stdout: '',
      error,
      message: expect.stringMatching(message),
    });
  });
});

describe('a configuration that cannot work', () => {
  const parts = {
    KAFKA_BROKERS: '127.0.0.1:1',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1',
    DATABASE_URL: 'postgres://khipu:hidden@127.0.0.1:1/khipu',
    REDIS_URL: 'redis://127.0.0.1:1',
  };
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'khipu-commands-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each(['run gateway http', 'run stream policy', 'run projection all', 'setup', 'topics', 'dlq list'])(
    'names each missing variable and starts nothing: khipu %s',
    async (command) => {
      const home = join(dir, 'untouched');
      const { code, error, message, stdout } = await failureOf(command.split(' '), { KHIPU_HOME: home });
      expect({ code, error, stdout }).toEqual({ code: 1, error: 'CONFIG_INVALID', stdout: '' });
      expect(message).toContain('KAFKA_BROKERS: expected host:port, comma-separated');
      for (const name of Object.keys(parts)) expect(message).toMatch(new RegExp(`${name}: expected .+; it is not set`));
      expect(existsSync(home)).toBe(false);
    },
  );

  test('names each invalid variable with the expected value, and no secret', async () => {
    const wrong = { KHIPU_HTTP_PORT: 'eighty', KHIPU_MODE: 'sideways', DATABASE_URL: 'mysql://khipu:hidden@db/khipu' };
    const { code, error, message } = await failureOf(['run', 'gateway', 'http'], { ...parts, ...wrong });
    expect({ code, error }).toEqual({ code: 1, error: 'CONFIG_INVALID' });
    expect(message).toContain('KHIPU_HTTP_PORT: expected port of the gateway, 0 to 65535; got "eighty"');
    expect(message).toContain('KHIPU_MODE: expected development or production; got "sideways"');
    expect(message).toContain('DATABASE_URL: expected postgres:// URL');
    expect(message).not.toContain('hidden');
    expect(message).not.toContain('KAFKA_BROKERS');
  });

  test('names the variables that the chosen model needs', async () => {
    const env = { ...parts, KHIPU_SLM_PROVIDER: 'openai' };
    const { code, error, message } = await failureOf(['run', 'worker', 'slm'], env);
    expect({ code, error }).toEqual({ code: 1, error: 'CONFIG_INVALID' });
    expect(message).toContain('KHIPU_SLM_BASE_URL');
  });

  test('rejects development keys in production', async () => {
    const keys = join(dir, 'keys');
    ensureDevelopmentKeys(keys);
    const env = { ...parts, KHIPU_MODE: 'production', KHIPU_KEYS_DIR: keys };
    const { code, error, message } = await failureOf(['run', 'gateway', 'http'], env);
    expect({ code, error }).toEqual({ code: 1, error: 'CONFIG_INVALID' });
    expect(message).toMatch(/is a development key, and KHIPU_MODE is production/);
  });
});

test('khipu keys bootstrap creates a key that gateways accept, and prints it once', async () => {
  const keysDir = mkdtempSync(join(tmpdir(), 'khipu-keys-'));
  const env = { KHIPU_KEYS_DIR: keysDir, KHIPU_MODE: 'production' };
  const create = ['keys', 'bootstrap', '--tenant', 'platform', '--name', 'ops', '--capability', 'identity:manage:*'];
  const { code, stdout, stderr } = await khipu([...create, '--capability', 'slm:*', '--json'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { key, principal } = JSON.parse(stdout) as { key: string; principal: string };
  const [, prefix = ''] = key.split('_');
  expect(readFileSync(join(keysDir, 'api-keys.json'), 'utf8')).not.toContain(key);
  const found = new ApiKeyFile({ keysDir, production: true }).find(prefix);
  expect(found).toMatchObject({ tenantId: 'platform', principal, capabilities: ['identity:manage:*', 'slm:*'] });
  expect(await failureOf(['keys', 'bootstrap', '--tenant', 'platform', '--name', 'ops'], env)).toMatchObject({
    ...{ code: 1, error: 'USAGE', message: expect.stringContaining('--capability') },
  });
  rmSync(keysDir, { recursive: true });
});
