import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiKeyFile } from '../../infra/keys/api-key-file.ts';
import { ensureDevelopmentKeys } from '../../infra/keys/development.ts';
import { khipu } from '../support/khipu.ts';

/** Names of the commands that a help text lists, without `help` itself. */
function commandsOf(help: string): string[] {
  const [, list = ''] = help.split('\nCommands:\n');
  const names = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

/** `error CODE: message` is all that standard error says. */
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
    for (const wanted of ['up', 'down', 'reset', 'demo', 'setup', 'gateway', 'stream', 'projection', 'topics'])
      expect(explained).toContain(wanted);
    for (const wanted of [
      'dlq list',
      'dlq show',
      'dlq redrive',
      'projections rebuild',
      'projections compare',
      'keys create',
    ])
      expect(explained).toContain(wanted);
  });

  test('when nothing was asked of it', async () => {
    const { code, stdout } = await khipu([]);
    expect({ code, help: stdout.startsWith('Usage: khipu') }).toEqual({ code: 0, help: true });
  });
});

describe('what khipu does not know', () => {
  test.each([
    ['a command', ['weave'], 'USAGE', /weave/],
    ['an option', ['topics', '--sideways'], 'USAGE', /--sideways/],
    ['no gateway at all', ['gateway'], 'USAGE', /name/],
    ['a gateway', ['gateway', 'http', 'smtp'], 'GATEWAY_UNKNOWN', /smtp.*http, turns, slm/],
    ['a processor', ['stream', 'policy', 'astrology'], 'PROCESSOR_UNKNOWN', /astrology/],
    ['a view', ['projection', 'sideways'], 'VIEW_UNKNOWN', /sideways.*events/],
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

  test.each(['gateway http', 'stream policy', 'projection all', 'setup', 'topics', 'dlq list'])(
    'names each variable that is missing, and nothing has begun: khipu %s',
    async (command) => {
      const home = join(dir, 'untouched');
      const { code, error, message, stdout } = await failureOf(command.split(' '), { KHIPU_HOME: home });
      expect({ code, error, stdout }).toEqual({ code: 1, error: 'CONFIG_INVALID', stdout: '' });
      expect(message).toContain('KAFKA_BROKERS: expected host:port, comma-separated');
      for (const name of Object.keys(parts)) expect(message).toMatch(new RegExp(`${name}: expected .+; it is not set`));
      expect(existsSync(home)).toBe(false);
    },
  );

  test('names each variable that is wrong, with what was expected, and no secret', async () => {
    const wrong = { KHIPU_HTTP_PORT: 'eighty', KHIPU_MODE: 'sideways', DATABASE_URL: 'mysql://khipu:hidden@db/khipu' };
    const { code, error, message } = await failureOf(['gateway', 'http'], { ...parts, ...wrong });
    expect({ code, error }).toEqual({ code: 1, error: 'CONFIG_INVALID' });
    expect(message).toContain('KHIPU_HTTP_PORT: expected port of the gateway, 0 to 65535; got "eighty"');
    expect(message).toContain('KHIPU_MODE: expected development or production; got "sideways"');
    expect(message).toContain('DATABASE_URL: expected postgres:// URL');
    expect(message).not.toContain('hidden');
    expect(message).not.toContain('KAFKA_BROKERS');
  });

  test('names what the chosen model needs', async () => {
    const env = { ...parts, KHIPU_SLM_PROVIDER: 'openai' };
    const { code, error, message } = await failureOf(['stream', 'slm'], env);
    expect({ code, error }).toEqual({ code: 1, error: 'CONFIG_INVALID' });
    expect(message).toContain('KHIPU_SLM_BASE_URL');
  });

  test('refuses keys of development in production', async () => {
    const keys = join(dir, 'keys');
    ensureDevelopmentKeys(keys);
    const env = { ...parts, KHIPU_MODE: 'production', KHIPU_KEYS_DIR: keys };
    const { code, error, message } = await failureOf(['gateway', 'http'], env);
    expect({ code, error }).toEqual({ code: 1, error: 'CONFIG_INVALID' });
    expect(message).toMatch(/is a development key, and KHIPU_MODE is production/);
  });
});

test('khipu keys create makes a key that gateways find, and prints it once', async () => {
  const keysDir = mkdtempSync(join(tmpdir(), 'khipu-keys-'));
  const env = { KHIPU_KEYS_DIR: keysDir, KHIPU_MODE: 'production' };
  const create = ['keys', 'create', '--tenant', 'platform', '--name', 'ops', '--capability', 'identity:manage:*'];
  const { code, stdout, stderr } = await khipu([...create, '--capability', 'slm:*', '--json'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { key, principal } = JSON.parse(stdout) as { key: string; principal: string };
  const [, prefix = ''] = key.split('_');
  expect(readFileSync(join(keysDir, 'api-keys.json'), 'utf8')).not.toContain(key);
  const found = new ApiKeyFile({ keysDir, production: true }).find(prefix);
  expect(found).toMatchObject({ tenantId: 'platform', principal, capabilities: ['identity:manage:*', 'slm:*'] });
  expect(await failureOf(['keys', 'create', '--tenant', 'platform', '--name', 'ops'], env)).toMatchObject({
    ...{ code: 1, error: 'USAGE', message: expect.stringContaining('--capability') },
  });
  rmSync(keysDir, { recursive: true });
});
