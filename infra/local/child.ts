import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { markOf, type ProcessMark, signalGroup } from './pids.ts';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Output of the child is appended here; a file above 10 MB is set aside as `.1` first. */
  readonly log: string;
  /** Written to the child's standard input, which is closed then. For what must not show in the process list. */
  readonly input?: string;
  /** Takes standard output instead of the log: for a line that holds a secret. */
  readonly onStdout?: (text: string) => void;
  /** Unprivileged user to run as; only root can change it. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Asks for an orderly end. Default SIGTERM. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** From the stop signal to SIGKILL. Default 10 s. */
  readonly graceMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly mark: ProcessMark;
  readonly log: string;
  /** Where this child's output begins in the log, bytes: earlier runs wrote to the same file. */
  readonly logStart: number;
  /** Resolves when it has ended, for whatever reason; never rejects. Leftovers of its group are killed by then. */
  readonly exited: Promise<Exit>;
  readonly isRunning: () => boolean;
  /** Orderly end: signal, grace, SIGKILL to the whole group. May be called often; resolves when nothing of it is left. */
  readonly stop: () => Promise<void>;
}

const live = new Set<Child>();
const watchers = new Set<() => void>();

/** Children of this process that have not ended, in the order of their start. */
export const liveChildren = (): Child[] => [...live];

/** Calls back, synchronously, whenever a child has started or ended. */
export function onChildrenChanged(watcher: () => void): void {
  watchers.add(watcher);
}

function remember(child: Child): Child {
  const tell = (): void => {
    for (const watcher of watchers) watcher();
  };
  live.add(child);
  tell();
  void child.exited.then(() => {
    live.delete(child);
    tell();
  });
  return child;
}

const logBytesMax = 10_000_000;

function openLog(file: string): { fd: number; start: number } {
  mkdirSync(path.dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const isFull = size > logBytesMax;
  if (isFull) renameSync(file, `${file}.1`);
  return { fd: openSync(file, 'a', 0o640), start: isFull ? 0 : size };
}

let deathSignalWorks: boolean | undefined;

/**
 * Linux can signal a child when the thread that started it dies (prctl(2), PR_SET_PDEATHSIG), also after a SIGKILL that
 * nothing can catch. setpriv sets it and becomes the command, so the pid stays. Elsewhere the run record is the net.
 */
function withDeathSignal(options: ChildOptions): { command: string; args: string[]; changesUser: boolean } {
  deathSignalWorks ??=
    process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', '--', 'true']).status === 0;
  if (!deathSignalWorks) return { command: options.command, args: [...options.args], changesUser: false };
  const { user } = options;
  const userArgs = user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : [];
  const signal = (options.stopSignal ?? 'SIGTERM').slice(3);
  return {
    command: 'setpriv',
    args: [...userArgs, '--pdeathsig', signal, '--', options.command, ...options.args],
    changesUser: true,
  };
}

function endOf(child: ChildProcess, pid: number): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      signalGroup(pid, 'SIGKILL');
      resolve({ code, signal });
    });
  });
}

/** Starts a child in a process group and session of its own. Throws when the command cannot be run at all. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, log, stopSignal = 'SIGTERM', graceMs = 10_000 } = options;
  const { command, args, changesUser } = withDeathSignal(options);
  const { fd, start: logStart } = openLog(log);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', options.onStdout ? 'pipe' : fd, fd],
    ...(options.user && !changesUser ? options.user : {}),
  });
  closeSync(fd);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`${name} cannot be run: ${cause.message}`, { cause })));
  });
  const pid = child.pid as number;
  const exited = endOf(child, pid);
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  child.stdout?.setEncoding('utf8').on('data', options.onStdout ?? (() => {}));
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    if (!isRunning()) return void (await exited);
    child.kill(stopSignal);
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
  };
  return remember({
    name,
    pid,
    mark: markOf(pid) ?? { pid, startedAt: 'gone' },
    log,
    logStart,
    exited,
    isRunning,
    stop: () => (stopping ??= stop()),
  });
}

/** The last lines a child wrote to its log, for an error message; at most 20 kB of them. */
export function logTail({ log, logStart }: Pick<Child, 'log' | 'logStart'>, lines = 12): string {
  try {
    const own = readFileSync(log).subarray(logStart).subarray(-20_000).toString('utf8');
    return own.trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
