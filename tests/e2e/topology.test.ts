import { chmodSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localRoles } from '../../infra/bin/roles/local.ts';
import { switchedTopologies } from '../../infra/bin/topology/services.ts';
import type { FetchedBatch } from '../../infra/kafka/port.ts';
import { type Parts, startParts } from '../../infra/local/parts/parts.ts';
import { type Platform, startPlatform } from '../../infra/local/platform.ts';
import { chooseSlm } from '../../infra/local/slm-choice.ts';
import { undrainedOf } from '../../infra/runner/switch-topologies.ts';
import { topics } from '../../schemas/topics.ts';
import type { TopologyLayout } from '../../streams/kernel.ts';
import { ApiClient, until } from '../support/api-client.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { plainEnvironment } from '../support/environment.ts';
import { khipu } from '../support/khipu.ts';
import { withPlatformLog } from '../support/platform-log.ts';
import { type Content, contentOf } from './support/log-content.ts';
import { BUSY_MACHINE, type FinishedTurn, runTurn } from './support/turn-fixture.ts';

/** Starts that nothing waits for, when the platform ends. */
const PENDING = 24;

let dir: string;
let parts: Parts;
let env: NodeJS.ProcessEnv;
let platform: Platform | undefined;
const old: FinishedTurn[] = [];

async function start(): Promise<ApiClient> {
  platform = await startPlatform({
    ...{ dir, env, port: 0, slm: chooseSlm('deterministic', env), roles: localRoles(env) },
    ...{ signal: new AbortController().signal, onEvent: () => undefined },
  });
  return new ApiClient({ url: platform.url, apiKey: platform.apiKey });
}

/** Takes a turn in a new session, and another one in each older one. */
async function use(api: ApiClient): Promise<void> {
  for (const turn of old) {
    const { status, body } = await api.turn(turn.session, 'And the next one?');
    expect(status).toBe(202);
    expect((await api.stream(turn.session, body.turn_url)).at(-1)?.event).toBe('turn.completed');
  }
  old.push(await runTurn(api));
}

/** Sends starts without waiting, and ends the deciding process and the platform in the middle of the work. */
async function stopInTheMiddle(api: ApiClient): Promise<void> {
  const starts = Array.from({ length: PENDING }, (_, n) =>
    api.start({ persona: 'guide', prompt: `Tell me of knot ${n}.` }, { headers: { prefer: 'respond-async' } }),
  );
  for (const { status } of await Promise.all(starts)) expect([201, 202]).toContain(status);
  const deciding = platform?.processes().find(({ name }) => name === 'stream-all');
  process.kill(deciding?.mark?.pid ?? Number.NaN, 'SIGKILL');
  await platform?.stop();
}

const content = (): Promise<Content> => withPlatformLog({ env }, (log) => contentOf(log));
const left = (layout: TopologyLayout) =>
  withPlatformLog({ env }, (log) => undrainedOf(log, switchedTopologies(layout)));

async function switchTo(layout: TopologyLayout): Promise<void> {
  // A process that was killed is a member of its groups until its session expires, 6 s later.
  const { code, stdout, stderr } = await until(
    () => khipu(['topology', 'switch', '--to', layout, '--json'], env),
    (answer) => !answer.stderr.startsWith('error PLATFORM_RUNNING'),
    30_000,
  );
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ layout });
}

/** Expects everything of before, in its place and order, and nothing twice. */
function expectKept(before: Content, after: Content): void {
  for (const [key, sequence] of before.sequences)
    expect([key, after.sequences.get(key)?.slice(0, sequence.length)]).toEqual([key, sequence]);
  const { repeated, misplaced, deadLetters } = after;
  expect({ repeated, misplaced, deadLetters }).toEqual({ repeated: [], misplaced: [], deadLetters: 0 });
}

/** Expects each accepted command decided once, and each accepted turn ended once. */
async function expectAllDone(): Promise<void> {
  const counts = await withPlatformLog({ env }, async (log) => {
    const seen = { StartSession: 0, SubmitTurn: 0, PolicyDecided: 0, TurnCompleted: 0 };
    const names = [topics.sessionsCommands.name, topics.policyDecisions.name, topics.conversationEvents.name];
    const from = (await log.watermarks(names)).map(({ topic, partition, low }) => ({ topic, partition, offset: low }));
    const onBatch = ({ records }: FetchedBatch): void => {
      for (const { headers } of records) {
        const type = headers['ce_type']?.split('.').at(-1) ?? '';
        if (Object.hasOwn(seen, type)) seen[type as keyof typeof seen] += 1;
      }
    };
    await log.readTo({ from, onBatch });
    return seen;
  });
  const commands = counts.StartSession + counts.SubmitTurn;
  expect(counts).toMatchObject({ PolicyDecided: commands, TurnCompleted: commands });
}

beforeAll(async () => {
  dir = makeDataFolder('khipu-topology-');
  chmodSync(dir, 0o755);
  parts = await startParts({ dir, env: plainEnvironment() });
  env = { ...plainEnvironment(), ...BUSY_MACHINE, ...parts.env, KHIPU_HOME: dir };
});
afterAll(async () => {
  await platform?.stop();
  await parts?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('a platform that was stopped in the middle of work runs apart, and nothing is lost or doubled', async () => {
  const api = await start();
  await use(api);
  await stopInTheMiddle(api);
  const before = await content();
  const plan = await khipu(['topology', 'plan', '--to', 'apart', '--json'], env);
  expect([plan.code, plan.stderr]).toEqual([0, '']);
  expect(JSON.parse(plan.stdout)).toMatchObject({ from: 'chained', to: 'apart', epoch: 1, stops: ['core'] });
  await switchTo('apart');
  expect(await left('apart')).toEqual([]);
  expectKept(before, await content());

  const refused = await khipu(['run', 'stream', 'all'], { ...env, KHIPU_LAYOUT: 'chained' });
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('error LAYOUT_MISMATCH')]);
  const gone = await khipu(['run', 'stream', 'core'], env);
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('error LAYOUT_MISMATCH')]);
});

test('and back to chained, with a backlog in the topics that are handed on', async () => {
  const api = await start();
  await use(api);
  await stopInTheMiddle(api);
  const before = await content();
  await switchTo('chained');
  expectKept(before, await content());
  const shown = await khipu(['topology', 'show', '--json'], env);
  expect(JSON.parse(shown.stdout)).toMatchObject({ layout: 'chained', epoch: 3, switching: null });

  await use(await start());
  await until(
    () => left('chained'),
    ({ length }) => length === 0,
    60_000,
  );
  await until(
    () =>
      expectAllDone().then(
        () => true,
        () => false,
      ),
    (done) => done,
    60_000,
  ).catch(expectAllDone);
  expectKept(before, await content());
});
