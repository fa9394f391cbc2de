import { spawn } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupReaders } from '../../infra/bin/log/readers.ts';
import { localRoles } from '../../infra/bin/roles/local.ts';
import { grownTopics } from '../../infra/growth/grown-topics.ts';
import { backlogOf, groupReader } from '../../infra/growth/readers.ts';
import { projectRoot } from '../../infra/local/home.ts';
import { type Parts, startParts } from '../../infra/local/parts/parts.ts';
import { type Platform, startPlatform } from '../../infra/local/platform.ts';
import { programEnv } from '../../infra/local/roles/role-process.ts';
import { nodeArgs, program } from '../../infra/local/roles/roles.ts';
import { chooseSlm } from '../../infra/local/slm-choice.ts';
import { createApiKey } from '../../infra/security/api-key-file.ts';
import { topics } from '../../schemas/topics.ts';
import { ApiClient, until } from '../support/api-client.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { plainEnvironment } from '../support/environment.ts';
import { khipu } from '../support/khipu.ts';
import { withPlatformLog } from '../support/platform-log.ts';
import { essenceOf } from '../support/turn-text.ts';
import { type Content, contentOf } from './support/log-content.ts';
import { BUSY_MACHINE, type FinishedTurn, runTurn } from './support/turn-fixture.ts';

const TENANTS = ['acme', 'globex'] as const;
const SESSIONS = 4;

let dir: string;
let parts: Parts;
let env: NodeJS.ProcessEnv;
let platform: Platform | undefined;
let keys: readonly string[];
let port = 0;
const old: { readonly api: ApiClient; readonly turn: FinishedTurn }[] = [];

async function start(): Promise<Platform> {
  platform = await startPlatform({
    ...{ dir, env, port, slm: chooseSlm('deterministic', env), roles: localRoles(env) },
    ...{ signal: new AbortController().signal, onEvent: () => undefined },
  });
  port = Number(new URL(platform.url).port);
  keys = [
    platform.apiKey,
    ...(
      keys ??
      TENANTS.map(
        (tenantId) =>
          createApiKey({ keysDir: join(dir, 'keys'), tenantId, name: tenantId, capabilities: ['slm:invoke:*'] }).key,
      )
    ).slice(-2),
  ];
  return platform;
}

const clients = (): readonly ApiClient[] => keys.map((apiKey) => new ApiClient({ url: platform?.url ?? '', apiKey }));

/** Stops the platform after every reader has read everything. */
async function stopDrained(): Promise<void> {
  await withPlatformLog({ env }, (log) =>
    until(
      () =>
        backlogOf(
          log,
          groupReaders('chained').map(({ group, topics: inputs }) => groupReader(log, group, inputs)),
        ),
      ({ length }) => length === 0,
      60_000,
    ),
  );
  await until(
    () => khipu(['projections', 'list', '--json'], env),
    ({ stdout }) =>
      (JSON.parse(stdout) as { lag: number; store: string }[]).every(({ lag, store }) => store === 'redis' || lag <= 8),
    60_000,
  );
  await platform?.stop();
}

/** Number of rows of each read model in Postgres. */
async function rowsOfViews(): Promise<ReadonlyMap<string, number | null>> {
  const { stdout } = await khipu(['projections', 'list', '--json'], env);
  return new Map((JSON.parse(stdout) as { view: string; rows: number | null }[]).map(({ view, rows }) => [view, rows]));
}

const content = (): Promise<Content> => withPlatformLog({ env }, (log) => contentOf(log));

beforeAll(async () => {
  dir = makeDataFolder('khipu-growth-');
  chmodSync(dir, 0o755);
  parts = await startParts({ dir, env: plainEnvironment() });
  env = { ...plainEnvironment(), ...BUSY_MACHINE, ...parts.env, KHIPU_HOME: dir };
  await start();
  await until(
    () => Promise.all(clients().map((api) => api.call('GET', '/v1/sessions'))),
    (answers) => answers.every(({ status }) => status === 200),
  );
  for (const api of clients())
    for (let n = 0; n < SESSIONS; n += 1) old.push({ api, turn: await runTurn(api, `Tell me of knot ${n}.`) });
  await stopDrained();
});
afterAll(async () => {
  await platform?.stop();
  await parts?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Takes another turn in every session, and starts one more for each tenant. */
async function useGrown(): Promise<void> {
  await start();
  for (const { turn } of old) {
    const api = new ApiClient({ url: platform?.url ?? '', apiKey: '' });
    const { status, body } = await api.turn(turn.session, 'And the next one?');
    expect(status).toBe(202);
    const events = await api.stream(turn.session, body.turn_url);
    expect(events.at(-1)?.event).toBe('turn.completed');
    expect(Number(events[0]?.id)).toBeGreaterThan(Number(turn.events.at(-1)?.id));
    expect(essenceOf(await api.stream(turn.session, turn.session.turn_url ?? ''))).toEqual(essenceOf(turn.events));
  }
  for (const api of clients()) await runTurn(api);
}

/** Expects the old content in new places: the same records of each key in the same order, and the same states. */
function expectSame(before: Content, after: Content, partitions: number): void {
  expect([...after.sequences.keys()].sort()).toEqual([...before.sequences.keys()].sort());
  for (const [key, sequence] of before.sequences) expect([key, after.sequences.get(key)]).toEqual([key, sequence]);
  expect(after.states).toEqual(before.states);
  expect(after.misplaced).toEqual([]);
  expect(new Set(after.counts.values())).toEqual(new Set([partitions]));
}

test('a platform grows from 4 to 8 partitions, through a kill in the middle', async () => {
  const before = await content();
  expect(before.sequences.size).toBeGreaterThan(50);
  const plan = await khipu(['topics', 'grow', '--to', '8', '--plan', '--json'], env);
  expect([plan.code, plan.stderr]).toEqual([0, '']);
  expect(JSON.parse(plan.stdout)).toMatchObject({ from: 4, to: 8 });
  expect(await killedWhileCopying()).toBe('SIGKILL');

  const refused = await khipu(['run', 'projection', 'all'], env);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('error PARTITIONS_GROWING')]);
  const other = await khipu(['topics', 'grow', '--to', '16'], env);
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('error GROWTH_OTHER')]);

  const grown = await khipu(['topics', 'grow', '--to', '8'], env);
  if (grown.code !== 0) console.log(grown.stderr);
  expect([grown.code, grown.stderr]).toEqual([0, expect.stringContaining('every copy equals its original')]);
  expect(grown.stdout).toContain('went from 4 to 8 partitions');
  expectSame(before, await content(), 8);
  const four = await khipu(['setup'], { ...env, KHIPU_PARTITIONS: '4' });
  expect([four.code, four.stderr]).toEqual([1, expect.stringContaining('error PARTITIONS_MISMATCH')]);
  await useGrown();
  await stopDrained();
});

test('and from 8 to 16 with the second driver, with what it did in between', async () => {
  env = { ...env, KHIPU_KAFKA_CLIENT: 'platformatic' };
  const before = await content();
  const rows = await rowsOfViews();
  const grown = await khipu(['topics', 'grow', '--to', '16'], env);
  if (grown.code !== 0) console.log(grown.stderr);
  expect([grown.code, grown.stderr]).toEqual([0, expect.stringContaining('every copy equals its original')]);
  const after = await content();
  expectSame(before, after, 16);
  const rebuilt = await khipu(['projections', 'rebuild', 'all', '--json'], env);
  expect([rebuilt.code, rebuilt.stderr]).toEqual([0, '']);
  for (const { carriedOver } of JSON.parse(rebuilt.stdout) as { carriedOver: number }[]) expect(carriedOver).toBe(0);
  expect(await rowsOfViews()).toEqual(rows);
  await useGrown();
  await stopDrained();
  const last = await content();
  // No record was processed twice: every decided command and every turn is there once.
  expect(last.repeated).toEqual([]);
  for (const key of before.sequences.keys())
    expect(last.sequences.get(key)?.slice(0, before.sequences.get(key)?.length)).toEqual(before.sequences.get(key));
  expect(last.counts.get(topics.policyDecisions.name)).toBe(16);
  expect(last.deadLetters).toBe(0);
  expect(grownTopics.length).toBe(last.counts.size);
});

/** Starts the growth and kills it after the copies of the first topic. Resolves with the signal that ended it. */
function killedWhileCopying(): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [...nodeArgs, program, 'topics', 'grow', '--to', '8'], {
    ...{ cwd: projectRoot, env: { ...programEnv(dir, plainEnvironment()), ...env } },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.on('data', (text: Buffer) => {
    if (text.includes('records copied')) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
}
