/**
 * `npm run test:containers`: builds the image, starts the services of the compose file in order, sees the health check of each,
 * runs a turn, a job and a call of a tool through them, then starts the gateway and the core as the chart renders them. On a
 * machine without podman it says so and ends well; `--required` makes that a failure.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as compose from './compose.ts';
import { has, missing, podman, run, until, workDir } from './engine.ts';
import * as kube from './kube.ts';
import { buildStandIns, programsOfStandIns } from './stand-ins.ts';
import * as use from './use.ts';

const usage = `Usage: npm run test:containers -- [--upstream] [--built] [--chart] [--required] [--keep]

  --upstream  pull the images of the compose file and of the Dockerfile; without it, images of Debian stand in for them
  --built     take the image of an earlier run
  --chart     also start the gateway and the core as the chart renders them
  --required  fail where nothing can be run, or the chart cannot be rendered
  --keep      leave the containers running`;

const { values: options } = parseArgs({
  options: Object.fromEntries(
    ['upstream', 'built', 'chart', 'required', 'keep', 'help'].map((name) => [name, { type: 'boolean' }]),
  ) as Record<'upstream' | 'built' | 'chart' | 'required' | 'keep' | 'help', { type: 'boolean' }>,
});

let failed = 0;
/** Runs one step and prints its result with its time. Throws what it throws. */
async function step<T>(name: string, work: () => T | Promise<T>, told: (result: T) => string = () => ''): Promise<T> {
  const startedMs = Date.now();
  const line = (mark: string, text: string): void =>
    console.log(
      `${mark}  ${((Date.now() - startedMs) / 1_000).toFixed(1).padStart(6)} s  ${name}${text === '' ? '' : `: ${text}`}`,
    );
  try {
    const result = await work();
    line('ok    ', told(result));
    return result;
  } catch (error) {
    failed += 1;
    line('FAILED', (error as Error).message);
    throw error;
  }
}

const url = `http://127.0.0.1:${compose.ports.KHIPU_PORT}`;
const IMAGE = 'localhost/khipu:local';
const signs = (token: string): boolean => /^khp_\w+/.test(token);

/**
 * Sends SIGTERM to a role that waits for its broker, until it has ended. The kernel drops signals of the first process of a
 * container that it does not listen to, so a role that does not would end for another reason, and with another code.
 */
async function stopWhileStarting(): Promise<string> {
  const name = 'khipu-starting';
  const parts = ['KAFKA_BROKERS=192.0.2.1:9092', 'SCHEMA_REGISTRY_URL=http://192.0.2.1'];
  const stores = ['DATABASE_URL=postgres://192.0.2.1/khipu', 'REDIS_URL=redis://192.0.2.1'];
  const variables = [...parts, ...stores].flatMap((each) => ['--env', each]);
  podman('run', '--detach', '--replace', '--name', name, ...variables, IMAGE, 'run', 'stream', 'core');
  try {
    await until('it ends', 60_000, () => {
      run('podman', ['kill', '--signal', 'TERM', name]);
      return podman('inspect', '--format', '{{.State.Status}}', name) === 'exited';
    });
    const code = podman('inspect', '--format', '{{.State.ExitCode}}', name);
    if (code !== '143') throw new Error(`it ended with ${code}`);
    return `with ${code}`;
  } finally {
    run('podman', ['rm', '--force', name]);
  }
}

async function useIt(): Promise<void> {
  const token = podman('exec', compose.containerOf('gateway'), 'cat', '/var/lib/khipu/keys/api-key');
  if (!signs(token)) throw new Error('the set-up made no API key');
  await step(
    'a governed turn',
    () => use.governedTurn(url, token),
    ({ events, answered }) => `${events.join(', ')}; ${answered} characters`,
  );
  await step(
    'a job',
    () => use.job(url, token),
    (records) => `${records} records exported`,
  );
  await step(
    'a call of a tool',
    () => use.toolCall(compose.containerOf('gateway'), token),
    ({ value, tier }) => `${value}, in the tier ${tier}`,
  );
  if (options.chart !== true) {
    console.log(
      'skip                what the chart renders: only with --chart, as a turn through it has not passed yet',
    );
    return;
  }
  if (!has('helm')) {
    if (options.required) throw new Error('helm is not installed');
    console.log('skip                what the chart renders: helm is not installed');
    return;
  }
  await step('the gateway and the streams of compose stop', () => compose.stop(['gateway', 'stream-all']));
  const containers = await step('the chart’s gateway and core, by podman play kube', () =>
    kube.play(['gateway', 'core']),
  );
  await step(
    'they run as user 1000, read-only, without capabilities, in bounded memory',
    () => {
      const seen = containers.map(kube.bounds);
      for (const each of seen) if (!/^1000:1000 true \[\] [1-9]\d*$/.test(each)) throw new Error(each);
      return seen;
    },
    (seen) => seen.join('; '),
  );
  await step(
    'a governed turn through them',
    () => use.governedTurn(url, token),
    ({ answered }) => `${answered} characters`,
  );
}

async function main(): Promise<void> {
  const isUpstream = options.upstream === true;
  const reasons = missing(['podman', 'podman-compose', ...(isUpstream ? [] : programsOfStandIns)]);
  if (reasons.length > 0) {
    console.log(`${options.required ? 'FAILED' : 'skipped'}: ${reasons.join('; ')}`);
    if (options.required) process.exitCode = 1;
    return;
  }
  const all = compose.services();
  kube.stopKube();
  compose.down();
  try {
    if (!isUpstream)
      await step(
        'stand-ins for the upstream images',
        buildStandIns,
        (images) => `NOT the upstream images: ${images.length} from Debian packages`,
      );
    if (options.built !== true)
      await step('the image builds from the Dockerfile', () => compose.buildImage(isUpstream));
    await step('a role that is stopped while it starts ends at once', stopWhileStarting, String);
    for (const stage of compose.stages(all))
      await step(`${stage.join(', ')}: started, health checks green`, () => compose.start(stage, all));
    await useIt();
  } catch {
    process.exitCode = 1;
  } finally {
    if (options.keep !== true) {
      kube.stopKube();
      await step('everything stops', () => until('compose is down', 60_000, compose.down)).catch(() => undefined);
      rmSync(join(workDir, 'play.yaml'), { force: true });
    }
  }
  console.log(failed === 0 ? 'all steps passed' : `${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

if (options.help === true) console.log(usage);
else await main();
