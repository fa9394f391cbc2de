import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramStreams, SandboxLimits } from './port.ts';
import { isAlive, processTree, TreeMeter } from './tree.ts';

/** A process to run within limits. */
export interface Supervised {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  /** Talks with the process; `input` is not written then. */
  readonly converse?: ((streams: ProgramStreams) => void) | undefined;
  readonly limits: SandboxLimits;
  /** Descriptors from 3 on. */
  readonly descriptors: readonly (number | Socket | 'pipe' | 'ignore')[];
  /** Reports the bytes of files that the program has written; null when a file system bounds them. */
  readonly diskBytes: (() => number) | null;
  /** Most processes that are watched for; null where the kernel bounds them. */
  readonly processesMax: number | null;
  readonly signal: AbortSignal | undefined;
}

/** The limit that ended a process; null when it ended by itself. */
export type EndedBy = 'time' | 'cpu' | 'memory' | 'disk' | 'processes' | 'output' | 'stopped' | null;

export interface Supervision {
  readonly exit: number | null;
  readonly endedBy: EndedBy;
  readonly output: string;
  readonly errors: string;
  /** Text that arrived on the descriptors that are pipes, by their place in `descriptors`. */
  readonly piped: readonly string[];
  readonly usage: {
    readonly wallMs: number;
    readonly cpuMs: number;
    readonly memoryPeakBytes: number;
    readonly outputBytes: number;
  };
}

const SAMPLE_MS = 100;
const PIPED_BYTES_MAX = 65_536;

const GONE_WITHIN_MS = 5_000;
const POLL_MS = 5;

/** Resolves when processes are gone: the first of a namespace goes last, after all others of it. */
async function gone(processes: readonly string[]): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS;
  while (processes.some(isAlive) && performance.now() < until) await sleep(POLL_MS);
}

/** Ends a process, and all of its group. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/**
 * Runs a process in a group of its own, and ends it with SIGKILL at the first limit that it exceeds. Time and output are exact;
 * memory, processor time and files are sampled ten times a second, as a second wall behind those of the kernel. Resolves when
 * the process has ended and every copy of its output is closed, so no process of it is left that could write. Rejects when it
 * cannot be started.
 */
export function supervise(work: Supervised): Promise<Supervision> {
  const { limits, signal } = work;
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(work.command, work.args, {
      ...{ detached: true, env: { ...work.env }, cwd: '/' },
      stdio: ['pipe', 'pipe', 'pipe', ...work.descriptors],
    });
    let [endedBy, cpuMs, memoryPeakBytes, outputBytes]: [EndedBy, number, number, number] = [null, 0, 0, 0];
    const left: string[] = [];
    const heard: ((part: Buffer) => void)[] = [];
    const meter = child.pid === undefined ? null : new TreeMeter(child.pid);
    const stop = (by: EndedBy): void => {
      endedBy ??= by;
      if (child.pid !== undefined) left.push(...processTree(child.pid));
      end(child);
    };
    const collect = (stream: Readable): (() => string) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => {
        const free = limits.outputBytes - outputBytes;
        if (free > 0) parts.push(part.subarray(0, free));
        if (free > 0 && stream === child.stdout) for (const listener of heard) listener(part.subarray(0, free));
        outputBytes += Math.min(part.length, Math.max(0, free));
        if (part.length > free) stop('output');
      });
      return () => Buffer.concat(parts).toString();
    };
    const sample = (): void => {
      if (meter === null) return;
      const use = meter.sample();
      cpuMs = Math.max(cpuMs, use.cpuMs);
      memoryPeakBytes = Math.max(memoryPeakBytes, use.memoryBytes);
      if (use.cpuMs > limits.cpuMs) stop('cpu');
      else if (use.memoryBytes > limits.memoryBytes) stop('memory');
      else if (work.processesMax !== null && use.processes > work.processesMax) stop('processes');
      else if (work.diskBytes !== null && work.diskBytes() > limits.diskBytes) stop('disk');
    };
    const [output, errors] = [collect(child.stdout as Readable), collect(child.stderr as Readable)];
    const piped = work.descriptors.map((each, n) =>
      each === 'pipe' ? textOf(child.stdio[n + 3] as Readable) : () => '',
    );
    const timers = [setTimeout(() => stop('time'), limits.wallMs), setInterval(sample, SAMPLE_MS)];
    const stopped = (): void => stop('stopped');
    signal?.addEventListener('abort', stopped, { once: true });
    if (signal?.aborted === true) stopped();
    const over = (): void => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', stopped);
    };
    child.once('error', (error) => {
      over();
      reject(error);
    });
    child.once('close', async (exit) => {
      over();
      await gone(left);
      resolve({
        ...{ exit: endedBy === null ? exit : null, endedBy, output: output(), errors: errors() },
        piped: piped.map((text) => text()),
        usage: { wallMs: Math.round(performance.now() - startedAt), cpuMs, memoryPeakBytes, outputBytes },
      });
    });
    const stdin = child.stdin as Writable;
    // A program may end without reading its input.
    stdin.on('error', () => {});
    if (work.converse === undefined) stdin.end(work.input);
    else work.converse(streamsOf(stdin, heard));
  });
}

const streamsOf = (stdin: Writable, heard: ((part: Buffer) => void)[]): ProgramStreams => ({
  write(text) {
    if (stdin.writable) stdin.write(text);
  },
  end: () => void stdin.end(),
  onOutput: (listener) => void heard.push(listener),
});

function textOf(stream: Readable): () => string {
  let text = '';
  stream.on('data', (part: Buffer) => {
    if (text.length < PIPED_BYTES_MAX) text += String(part);
  });
  stream.on('error', () => {});
  return () => text;
}
