import path from 'node:path';
import { type Child, liveChildren, onChildrenChanged } from './child.ts';
import { makeArchive } from './class-archive.ts';
import { withLock } from './fetch/lock.mjs';
import { homeFiles } from './home.ts';
import { writeLocalEnv } from './local-env.ts';
import { kafkaArchive } from './parts/kafka.ts';
import { registryArchive } from './parts/registry.ts';
import { markOf, signalGroup } from './pids.ts';
import { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
import type { PlatformEvent } from './platform-event.ts';
import { cleanStaleRun, livingRun, type RunProcess, type RunRecord, removeRun, writeRun } from './run-record.ts';

export type SupervisorOptions = Omit<PlatformOptions, 'signal'>;

export interface Supervisor {
  /** The platform, all roles ready; rejects when the start failed or was stopped. */
  readonly ready: Promise<Platform>;
  /** Resolves when everything has been stopped and the record is gone; never rejects. */
  readonly stopped: Promise<void>;
  readonly stop: () => void;
  /** Given as soon as somebody asked it to stop. */
  readonly asked: AbortSignal;
}

/** Another platform of this checkout lives. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly code = 'ALREADY_RUNNING';
  readonly run: RunRecord;
  constructor(run: RunRecord) {
    super(`it runs already, supervised by process ${run.supervisor.pid}`);
    this.run = run;
  }
}

/** Long after the first turns: making archives takes half a minute of a core. */
const archiveDelayMs = 20_000;

/** What the record says of children that are neither part nor role yet: being set up, or starting. */
const describeChild = ({ name, mark, log }: Child): RunProcess => ({
  name,
  kind: 'job',
  mark,
  address: '',
  restarts: 0,
  log,
});

/**
 * Runs the platform until it is asked to stop: by SIGINT, SIGTERM or SIGHUP, by `stop()`, or by the end of the process
 * that started it (its IPC channel closes). The same signal twice changes nothing: the stop under way is bounded in time
 * and leaves no process. Throws AlreadyRunning; ends first what a killed predecessor left behind.
 */
export async function supervise(options: SupervisorOptions): Promise<Supervisor> {
  const { dir, slm } = options;
  const asked = new AbortController();
  const self = markOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
  const startedAt = new Date().toISOString();
  let platform: Platform | undefined;
  let state: RunRecord['state'] = 'starting';

  let closed = false;
  const record = (): void => {
    if (closed) return;
    const children = new Map(liveChildren().map((child) => [child.name, child]));
    // One that is starting again is known by name before it is ready.
    const known = (platform?.processes() ?? []).map((process) => {
      const child = children.get(process.name);
      children.delete(process.name);
      return child ? { ...process, mark: child.mark } : process;
    });
    const processes = [...[...children.values()].reverse().map(describeChild), ...known];
    const url = platform?.url ?? '';
    const run = { supervisor: self, startedAt, state, url, provider: slm.provider, providerNote: slm.note, processes };
    writeRun(dir, run);
  };
  const setState = (next: RunRecord['state']): void => {
    state = next;
    record();
  };

  await withLock(path.join(dir, 'state', 'run.lock'), async () => {
    const living = livingRun(dir);
    if (living) throw new AlreadyRunning(living);
    await cleanStaleRun(dir);
    record();
  });
  onChildrenChanged(record);
  const stop = (): void => asked.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.once('disconnect', stop);
  // The last net: whatever ends this process, its children end with it.
  process.once('exit', () => {
    for (const { pid } of liveChildren()) signalGroup(pid, 'SIGKILL');
  });

  const onEvent = (event: PlatformEvent): void => {
    options.onEvent(event);
    if (event.state === 'restarted') record();
  };
  const start = async (): Promise<Platform> => {
    platform = await startPlatform({ ...options, onEvent, signal: asked.signal });
    writeLocalEnv(dir, { KHIPU_URL: platform.url, KHIPU_API_KEY: platform.apiKey, ...platform.parts.env });
    setState('ready');
    if (!asked.signal.aborted) makeArchivesLater(dir, asked.signal);
    return platform;
  };
  const ready = start();
  const run = async (): Promise<void> => {
    await ready.catch(() => {});
    if (platform && !asked.signal.aborted) {
      await new Promise<void>((resolve) => asked.signal.addEventListener('abort', () => resolve()));
    }
    setState('stopping');
    await platform?.stop();
    await Promise.all(liveChildren().map((child) => child.stop()));
    closed = true;
    removeRun(dir);
    // Listening for the end of our starter has held the process open.
    process.channel?.unref();
  };
  return { ready, stopped: run(), stop, asked: asked.signal };
}

function makeArchivesLater(dir: string, signal: AbortSignal): void {
  const make = async (): Promise<void> => {
    for (const subject of [kafkaArchive(), registryArchive()]) {
      if (signal.aborted) return;
      await makeArchive(subject, homeFiles(dir).log('class-archive'));
    }
  };
  const timer = setTimeout(() => void make().catch(() => {}), archiveDelayMs);
  timer.unref();
  signal.addEventListener('abort', () => clearTimeout(timer));
}
