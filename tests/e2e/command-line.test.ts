import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, khipu } from '../support/khipu.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE } from './support/turn-fixture.ts';

let started: TestPlatform | undefined;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'khipu-user-'));
  started = await startTestPlatform({ env: BUSY_MACHINE, apart: [] });
});
afterAll(async () => {
  await started?.stop();
  rmSync(home, { recursive: true, force: true });
});

const platform = (): TestPlatform => {
  if (started === undefined) throw new Error('the platform did not start');
  return started;
};

/** Runs a command on the platform, as a user with a folder of their own. */
function run(...args: readonly string[]): Promise<Ended> {
  const { url, apiKey, env } = platform();
  return khipu(args, { ...env, KHIPU_URL: url, KHIPU_API_KEY: apiKey, XDG_STATE_HOME: home });
}

/** Runs a command that must succeed, and returns its JSON. */
async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

interface Asked {
  readonly session_id: string;
  readonly turn_id: string;
  readonly text: string;
}

interface Trace {
  readonly chains: readonly {
    readonly steps: readonly { readonly record: string; readonly offset: number | null; readonly after_ms: number }[];
  }[];
  readonly rows: Readonly<Record<string, number>>;
}

describe('a question', () => {
  let asked: Asked;
  beforeAll(async () => {
    asked = await json<Asked>('ask', 'What is a khipu?');
  });

  test('streams its answer to standard output, and only that', async () => {
    const { code, stdout, stderr } = await run('ask', 'What', 'is a khipu?');
    expect({ code, isEmpty: stdout.trim() === '' }).toEqual({ code: 0, isEmpty: false });
    expect(stderr).toMatch(/khipu-deterministic-1, \d+ \+ \d+ tokens\. .*khipu sessions trace [\da-f-]{36}/);
    expect(stdout).not.toContain('tokens.');
  });

  test('continues a session that the same user started', async () => {
    const next = await json<Asked>('ask', '--session', asked.session_id, 'And who could read them?');
    expect(next).toMatchObject({ session_id: asked.session_id, text: expect.stringMatching(/./) });
    expect(next.turn_id).not.toBe(asked.turn_id);
  });

  test('that the policy denies ends with its code, the reason and the next step', async () => {
    const { code, stdout, stderr } = await run('ask', '--persona', 'pirate', 'What is a khipu?');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error POLICY_DENIED: .*persona.*\nnext: .*khipu policy explain/);
  });

  test('is traced from each command to its rows, with the offsets of the log', async () => {
    const { chains, rows } = await json<Trace>('sessions', 'trace', asked.session_id);
    const [first] = chains;
    const records = first?.steps.map(({ record }) => record) ?? [];
    expect(records[0]).toBe('StartSession');
    expect(records).toEqual(
      expect.arrayContaining(['PolicyDecided', 'SessionStarted', 'TurnStarted', 'TurnCompleted']),
    );
    expect(records.indexOf('PolicyDecided')).toBeLessThan(records.indexOf('TurnCompleted'));
    for (const { offset } of first?.steps ?? []) expect(offset).toEqual(expect.any(Number));
    const latencies = first?.steps.map((step) => step.after_ms) ?? [];
    expect(latencies).toEqual(latencies.toSorted((a, b) => a - b));
    expect(rows['turns']).toBeGreaterThanOrEqual(1);
    expect(rows['events']).toBeGreaterThanOrEqual(records.length - 1);
  });

  test('is in the list of sessions, and in the audit', async () => {
    const { items } = await json<{ items: { session_id: string }[] }>('sessions', 'list');
    expect(items.map((item) => item.session_id)).toContain(asked.session_id);
    const audit = await json<{ items: { summary: string }[] }>('audit', '--session-id', asked.session_id);
    expect(audit.items.map(({ summary }) => summary).join('\n')).toContain('session started by');
  });

  test('is read from its topic, decoded, by key and type', async () => {
    const select = ['--key', asked.session_id, '--type', 'TurnCompleted', '--from', '1h', '--limit', '1'];
    const { code, stdout } = await run('tail', 'conversation.events', ...select, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ topic: 'conversation.events', type: 'TurnCompleted', key: asked.session_id, tenant: 'demo', error: null },
      data: { session_id: asked.session_id, turn_id: asked.turn_id, text: asked.text },
    });
  });

  test('is followed by a tail that began before it', async () => {
    const following = run('tail', 'sessions.events', '--type', 'SessionStarted', '--limit', '1', '--json');
    let last: Asked | undefined;
    const asking = (async () => {
      for (let turn = 0; turn < 20 && last === undefined; turn += 1) {
        const next = await json<Asked>('ask', 'Who?');
        const ended = await Promise.race([following, new Promise((resolve) => setTimeout(resolve, 200))]);
        if (ended !== undefined) last = next;
      }
    })();
    const { code, stdout } = await following;
    await asking;
    expect({ code, type: (JSON.parse(stdout) as { type: string }).type }).toEqual({ code: 0, type: 'SessionStarted' });
  });
});

describe('a platform at rest', () => {
  test('has a lag of 0 everywhere, and shows each topic with its last record', async () => {
    const lagOf = async () =>
      (await json<{ reader: string; lag: number }[]>('lag')).filter(({ lag }) => lag > 0).map(({ reader }) => reader);
    await expect.poll(lagOf, { timeout: 60_000, interval: 500 }).toEqual([]);
    const topics = await json<{ topic: string; age_seconds: number | null; lag: number | null }[]>('topics');
    const sessions = topics.find(({ topic }) => topic === 'sessions.events');
    expect(sessions).toMatchObject({ age_seconds: expect.any(Number), lag: 0 });
  });

  test('is ready by its status, also through a context', async () => {
    const { code, stdout } = await run('status');
    expect({ code, line: stdout.split('\n')[0] }).toEqual({ code: 0, line: `Khipu ready at ${platform().url}` });
    const config = join(home, 'config');
    const keyFile = join(home, 'key');
    writeFileSync(keyFile, platform().apiKey, { mode: 0o600 });
    const env = { XDG_CONFIG_HOME: config };
    const added = await khipu(['context', 'add', 'prod', '--url', platform().url, '--key-file', keyFile], env);
    expect({ code: added.code, stderr: added.stderr }).toEqual({ code: 0, stderr: '' });
    expect((await khipu(['status', '--context', 'prod', '--json'], env)).stdout).toContain('"ready": true');
    expect((await khipu(['sessions', 'list', '--context=prod'], env)).code).toBe(0);
  });

  test('has roles and kill switches that commands manage', async () => {
    const role = { name: 'reader', description: 'May ask', capabilities: ['slm:invoke:*'] };
    const { name, description, capabilities } = role;
    const options = ['--name', name, '--description', description, '--capabilities', capabilities.join(',')];
    expect(await json('roles', 'create', ...options)).toMatchObject({ ...role, version: 1 });
    expect(await json('roles', 'change', name, '--description', 'May only ask')).toMatchObject({
      ...{ ...role, description: 'May only ask', version: 2 },
    });
    await json('roles', 'remove', name);
    const scope = ['--scope', 'model:none', '--reason', 'a test'];
    await json('kill-switch', 'engage', ...scope);
    expect((await run('kill-switch', 'list')).stdout).toMatch(/model:none +stop/);
    await json('kill-switch', 'release', ...scope);
  });
});

describe('without a platform', () => {
  test.each(['ask hello', 'sessions list', 'status', 'audit', 'constitution list', 'state get policy k'])(
    'khipu %s says the same',
    async (command) => {
      const { code, stdout, stderr } = await khipu(command.split(' '));
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^error PLATFORM_DOWN: the platform of this checkout is not running\nnext: .*npm start/);
    },
  );

  test('a context is refused by what runs on this machine', async () => {
    const { code, stderr } = await khipu(['run', 'gateway', 'http', '--context', 'prod']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error USAGE: .*--context/) });
  });

  test('a version is printed', async () => {
    expect((await khipu(['--version'])).stdout).toMatch(/^khipu \d+\.\d+\.\d+\n$/);
  });
});
