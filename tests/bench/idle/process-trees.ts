import { readdirSync, readFileSync } from 'node:fs';
import { parseStat } from '../runtime/usage.ts';

/** Processor time of a process and the descendants that run now, s; NaN where the system has no /proc. */
export type TreeSeconds = ReadonlyMap<number, number>;

/**
 * Returns the processor time of each given process together with its descendants, which Postgres has one of for each
 * connection. A process that has ended since is left out.
 */
export function treeSeconds(roots: readonly number[], read: () => readonly ProcessStat[] = readProcesses): TreeSeconds {
  const stats = read();
  const found = rootsOf(roots, stats);
  const seconds = new Map<number, number>();
  for (const { pid, cpuSeconds } of stats) {
    const root = found.get(pid);
    if (root !== undefined) seconds.set(root, (seconds.get(root) ?? 0) + cpuSeconds);
  }
  return seconds;
}

/** Returns the root of each process that is one of `roots` or descends from one. */
export function rootsOf(
  roots: readonly number[],
  processes: readonly Pick<ProcessStat, 'pid' | 'parent'>[],
): ReadonlyMap<number, number> {
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const rootOf = (pid: number): number | undefined => {
    for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)) if (roots.includes(at)) return at;
    return undefined;
  };
  return new Map(
    processes.flatMap(({ pid }): [number, number][] => {
      const root = rootOf(pid);
      return root === undefined ? [] : [[pid, root]];
    }),
  );
}

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
}

/** Reads all processes of this machine. */
export function readProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), ...parseStat(readFileSync(`/proc/${name}/stat`, 'utf8')) }];
      } catch {
        // It ended since it was listed.
        return [];
      }
    });
}
