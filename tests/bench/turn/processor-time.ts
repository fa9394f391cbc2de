import { readdirSync, readFileSync } from 'node:fs';
import { rootsOf } from '../idle/process-trees.ts';
import { parseStat } from '../runtime/usage.ts';

/** Processor time of each thread of a process tree so far, s, by `<pid>/<thread id>`; compiler threads of a JVM left out. */
export type ThreadSeconds = ReadonlyMap<string, number>;

/**
 * Threads of the JVM's compilers. They work for minutes after a start and then hardly at all, so that what they take says
 * how long ago the broker started, not what a turn costs. Linux cuts the names to 15 characters.
 */
const COMPILERS = /^C[12] CompilerThre/;

const isNumber = (name: string): boolean => /^\d+$/.test(name);
const threadName = (stat: string): string => stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));

/** The part of the file system that is read; a directory or file of an ended process may be missing. */
export interface Proc {
  readonly list: (dir: string) => readonly string[];
  readonly read: (file: string) => string;
}

const procOfSystem: Proc = {
  list: (dir) => readdirSync(dir),
  read: (file) => readFileSync(file, 'utf8'),
};

/** Returns the threads of each root process and of its descendants. */
export function readThreads(roots: readonly number[], proc: Proc = procOfSystem): ReadonlyMap<number, ThreadSeconds> {
  const stats = proc
    .list('/proc')
    .filter(isNumber)
    .flatMap((pid) => orNothing(() => [{ pid: Number(pid), ...parseStat(proc.read(`/proc/${pid}/stat`)) }]));
  const threads = new Map(roots.map((root): [number, Map<string, number>] => [root, new Map()]));
  for (const [pid, root] of rootsOf(roots, stats))
    for (const thread of orNothing(() => proc.list(`/proc/${pid}/task`)))
      for (const stat of orNothing(() => [proc.read(`/proc/${pid}/task/${thread}/stat`)]))
        if (!COMPILERS.test(threadName(stat))) threads.get(root)?.set(`${pid}/${thread}`, parseStat(stat).cpuSeconds);
  return threads;
}

/** Returns the processor time between two readings, s. The last moments of a thread that has ended are not in it. */
export function secondsBetween(before: ThreadSeconds, after: ThreadSeconds): number {
  let sum = 0;
  for (const [thread, seconds] of after) sum += seconds - (before.get(thread) ?? 0);
  return sum;
}

function orNothing<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    // It ended since it was listed.
    return [];
  }
}
