import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { markOf, type ProcessMark, signalGroup } from './pids.ts';

/** The command of a child, and its bounds. */
export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** File to which the child's output is appended; a file above 10 MB is first renamed to `.1`. */
  readonly log: string;
  /**
   * Written to the child's standard input, which is then closed. For values that must not be visible in the process
   * list.
   */
  readonly input?: string;
  /** Receives standard output instead of the log: for a line with a secret. */
  readonly onStdout?: (text: string) => void;
  /** Unprivileged user of the child; only root can change it. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Signal for an orderly end. Default SIGTERM. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  /** From the stop signal to SIGKILL. Default 10 s. */
  readonly graceMs?: number;
}

/** The end of a process. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A started child. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly mark: ProcessMark;
  readonly log: string;
  /** Offset in bytes at which this child's output begins in the log: earlier runs wrote to the same file. */
  readonly logStart: number;
  /** Resolves when the child has ended, for any reason; never rejects. The rest of its group is killed by then. */
  readonly exited: Promise<Exit>;
  readonly isRunning: () => boolean;
  /** Stops in order: signal, grace, SIGKILL to the whole group. Safe to repeat; resolves when no process of it is left. */
  readonly stop: () => Promise<void>;
}

const live = new Set<Child>();
const watchers = new Set<() => void>();

/** Returns the children of this process that have not ended, in the order of their start. */
export const liveChildren = (): Child[] => [...live];

/** Registers a callback that runs, synchronously, whenever a child has started or ended. */
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
 * Returns the command with a death signal. Linux can signal a child when the thread that started it dies (prctl(2),
 * PR_SET_PDEATHSIG), even after a SIGKILL. setpriv sets it and then executes the command, so the pid stays the same. On
 * other systems the run record serves to clean up.
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

/** Starts a child in its own process group and session. Rejects when the command cannot be run. */
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

/** Returns the last lines of a child's log, for an error message; at most 20 kB. */
export function logTail({ log, logStart }: Pick<Child, 'log' | 'logStart'>, lines = 12): string {
  try {
    const own = readFileSync(log).subarray(logStart).subarray(-20_000).toString('utf8');
    return own.trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
