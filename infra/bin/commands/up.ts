import { type Command, Option } from 'commander';
import { type Detached, releaseMessage, type SupervisorMessage, startDetached } from '../../local/detached.ts';
import { homeDir } from '../../local/home.ts';
import type { BrokerCount } from '../../local/part.ts';
import type { PlatformEvent } from '../../local/platform-event.ts';
import { livingRun } from '../../local/run-record.ts';
import { chooseSlm, isProviderName, type ProviderName } from '../../local/slm-choice.ts';
import { createStartClock } from '../../local/start-report.ts';
import { AlreadyRunning, supervise } from '../../local/supervisor.ts';
import { createOutput, printBoard, welcome } from '../../local/welcome.ts';

interface UpOptions {
  readonly detach?: true;
  readonly json?: true;
  readonly turn: boolean;
  readonly provider?: ProviderName;
  readonly port: number;
  readonly brokers?: BrokerCount;
  /** Hidden: this process is the supervisor of a detached start. */
  readonly supervised?: true;
}

const programBegan = Date.now();

function usage(message: string): Error {
  return Object.assign(new Error(message), { code: 'USAGE' });
}

function readProvider(text: string): ProviderName {
  if (isProviderName(text)) return text;
  throw usage(`--provider takes local, openai or deterministic, not ${text}`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw usage(`--port takes a number from 1 to 65535, not ${text}`);
}

function readBrokers(text: string): BrokerCount {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw usage(`--brokers takes 1 or 3, not ${text}`);
}

async function runForeground(dir: string, options: UpOptions): Promise<void> {
  const json = options.json === true;
  const progress = createOutput(json);
  const clock = createStartClock(process.env, programBegan);
  const onEvent = (event: PlatformEvent): void => {
    clock.event(event);
    progress.event(event);
  };
  const slm = chooseSlm(options.provider);
  if (slm.note) progress.note(`note: ${slm.note}`);
  const supervisor = await supervise({
    dir,
    slm,
    port: options.port,
    brokers: options.brokers,
    env: process.env,
    onEvent,
  });
  try {
    const platform = await supervisor.ready;
    progress.end();
    await welcome(dir, platform, clock, { json, turn: options.turn, signal: supervisor.asked });
    if (!json) console.log('Ctrl-C stops it.');
  } catch (error) {
    const wasAsked = supervisor.asked.aborted;
    supervisor.stop();
    await supervisor.stopped;
    progress.end();
    if (!wasAsked) throw error;
    process.exitCode = 130;
    return console.log('Stopped.');
  }
  await supervisor.stopped;
  progress.end();
}

async function runDetached(dir: string, options: UpOptions): Promise<void> {
  const json = options.json === true;
  const progress = createOutput(json);
  const clock = createStartClock(process.env, programBegan);
  const slm = chooseSlm(options.provider);
  if (slm.note) progress.note(`note: ${slm.note}`);
  const args = ['--port', String(options.port), '--provider', slm.provider];
  if (options.brokers !== undefined) args.push('--brokers', String(options.brokers));
  const platform: Detached = startDetached(dir, args, (event) => {
    clock.event(event);
    progress.event(event);
  });
  const cancel = (): void => void platform.stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, cancel);
  try {
    const at = await platform.ready;
    progress.end();
    await welcome(dir, at, clock, { json, turn: options.turn });
    platform.release();
  } catch (error) {
    await platform.stop();
    progress.end();
    throw error;
  }
}

/** The detached half: tells its starter how it goes, and outlives it once released. */
async function runSupervised(dir: string, options: UpOptions): Promise<void> {
  const tell = (message: SupervisorMessage): void => {
    if (process.connected) process.send?.(message, () => {});
  };
  const slm = chooseSlm(options.provider);
  const onEvent = (event: PlatformEvent): void => {
    console.log(`${new Date().toISOString()} ${event.name} ${event.state} ${event.ms} ms ${event.detail}`);
    tell({ type: 'event', event });
  };
  const supervisor = await supervise({
    dir,
    slm,
    port: options.port,
    brokers: options.brokers,
    env: process.env,
    onEvent,
  });
  process.on('message', (message) => {
    if (message === releaseMessage) process.removeAllListeners('disconnect');
  });
  try {
    const { url, apiKey } = await supervisor.ready;
    tell({ type: 'ready', url, apiKey });
  } catch (error) {
    const { code = 'UNEXPECTED', message } = error as { code?: string; message: string };
    await supervisor.stopped;
    tell({ type: 'failed', code, message });
    process.exitCode = 1;
  }
  await supervisor.stopped;
  if (process.connected) process.disconnect();
}

async function up(options: UpOptions): Promise<void> {
  const dir = homeDir();
  try {
    if (options.supervised) return await runSupervised(dir, options);
    const run = livingRun(dir);
    if (run) throw new AlreadyRunning(run);
    if (options.detach) await runDetached(dir, options);
    else await runForeground(dir, options);
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error;
    if (!options.json) console.log(`Khipu ${error.message}.\n`);
    await printBoard(dir, options.json === true);
  }
}

export function register(program: Command): void {
  program
    .command('up')
    .description('start the platform on this machine, with one real turn')
    .option('--detach', 'come back when it is ready and leave it running')
    .option('--json', 'print the board as JSON; progress goes to standard error')
    .option('--no-turn', 'leave the first turn out')
    .option(
      '--provider <name>',
      'who answers: local, openai or deterministic (default: KHIPU_SLM_PROVIDER, else local)',
      readProvider,
    )
    .option('--port <number>', 'public port; another free one is taken when it is not free', readPort, 8080)
    .option(
      '--brokers <number>',
      '1, or 3 with every record on all of them (default: as many as there were)',
      readBrokers,
    )
    .addOption(new Option('--supervised').hideHelp())
    .action(up);
}
