import path from 'node:path';
import { withLock } from './fetch/lock.mjs';
import { homeFiles } from './home.ts';
import { writeEnvFiles } from './local-env.ts';
import { memoryEnv } from './memory-env.ts';
import { makeArchive } from './parts/class-archive.ts';
import { kafkaArchive } from './parts/kafka.ts';
import { partVariables } from './parts/part.ts';
import { registryArchive } from './parts/registry.ts';
import { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
import type { PlatformEvent } from './platform-event.ts';
import { type Child, liveChildren, onChildrenChanged } from './process/child.ts';
import { markOf, signalGroup } from './process/pids.ts';
import {
  cleanStaleRun,
  livingRun,
  type RunProcess,
  type RunRecord,
  removeRun,
  writeRun,
} from './process/run-record.ts';

/** The settings of a supervised platform. */
export type SupervisorOptions = Omit<PlatformOptions, 'signal'>;

/** A supervised platform. */
export interface Supervisor {
  /** The platform with all roles ready; rejects when the start failed or was stopped. */
  readonly ready: Promise<Platform>;
  /** Resolves when everything has been stopped and the record is removed; never rejects. */
  readonly stopped: Promise<void>;
  readonly stop: () => void;
  /** Aborted as soon as a stop was requested. */
  readonly asked: AbortSignal;
}

/** Thrown when another platform of this checkout is running. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly code = 'ALREADY_RUNNING';
  readonly run: RunRecord;
  constructor(run: RunRecord) {
    super(`Khipu is already running (supervisor pid ${run.supervisor.pid})`);
    this.run = run;
  }
}

/** Well after the first turns: making archives takes half a minute of a core. */
const archiveDelayMs = 20_000;

/** Returns the record of a child that is not a part or a role yet: during setup, or starting. */
const describeChild = ({ name, mark, log }: Child): RunProcess => ({
  name,
  kind: 'job',
  mark,
  address: '',
  restarts: 0,
  log,
});

/**
 * Runs the platform until it must stop: by SIGINT, SIGTERM or SIGHUP, by `stop()`, or by the end of the process that
 * started it (its IPC channel closes). Repeated signals change nothing: a running stop is bounded in time and leaves no
 * process. Rejects with AlreadyRunning; first ends the processes that a killed predecessor has left.
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
    // A restarting process is recorded by name before it is ready.
    const known = (platform?.processes() ?? []).map((process) => {
      const child = children.get(process.name);
      children.delete(process.name);
      return child ? { ...process, mark: child.mark } : process;
    });
    const processes = [...[...children.values()].reverse().map(describeChild), ...known];
    const url = platform?.url ?? '';
    const { provider, model, note: providerNote } = slm;
    writeRun(dir, { supervisor: self, startedAt, state, url, provider, model, providerNote, processes });
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
  // The last safeguard: children end with this process, for any reason.
  process.once('exit', () => {
    for (const { pid } of liveChildren()) signalGroup(pid, 'SIGKILL');
  });

  const onEvent = (event: PlatformEvent): void => {
    options.onEvent(event);
    if (event.state === 'restarted') record();
  };
  const start = async (): Promise<Platform> => {
    platform = await startPlatform({ ...options, onEvent, signal: asked.signal });
    const named = [...platform.parts.parts.values()].filter(({ child }) => child === undefined);
    writeEnvFiles(
      dir,
      {
        KHIPU_URL: platform.url,
        KHIPU_API_KEY: platform.apiKey,
        ...platform.parts.env,
        ...memoryEnv(options.env),
        ...platform.tlsEnv,
      },
      named.map(({ name }) => partVariables[name]),
    );
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
    // The listener for the end of the starting process has kept this process alive.
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
