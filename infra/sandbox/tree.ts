import { readdirSync, readFileSync } from 'node:fs';

/** Processes of a sandbox and what they use, as this machine sees them. */
export interface TreeUse {
  readonly processes: number;
  /** User and system time of the processes and of their children that ended, ms. */
  readonly cpuMs: number;
  /** Anonymous and shared memory that is resident, bytes; a page that two processes share counts half for each. */
  readonly memoryBytes: number;
}

/** Clock ticks of /proc/<pid>/stat: 100 a second on every Linux. */
const MS_PER_TICK = 10;
const PROCESSES_MAX = 4_096;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const tasksOf = (pid: string): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** Returns a process and all below it; those that ended in the meantime are left out. */
export function processTree(root: number): readonly string[] {
  const found = [String(root)];
  for (let n = 0; n < found.length && n < PROCESSES_MAX; n += 1)
    for (const task of tasksOf(found[n] ?? ''))
      found.push(
        ...read(`/proc/${found[n]}/task/${task}/children`)
          .split(' ')
          .filter((each) => each !== ''),
      );
  return found;
}

/** Fields from the state on. The name before them may have spaces and brackets; they have none. */
const fieldsOf = (pid: string): readonly string[] => read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];

/** Reports whether a process runs; one that ended and was not waited for does not. */
export const isAlive = (pid: string): boolean => /^[^ZX]$/.test(fieldsOf(pid)[0] ?? '');

/** Ticks of a process, and of its children that it has waited for. */
function ticksOf(pid: string): { readonly own: number; readonly children: number } {
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fieldsOf(pid)
    .slice(11, 15)
    .map((each) => Number(each) || 0);
  return { own: user + system, children: childUser + childSystem };
}

const kilobytesIn = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);

/** A process that this one may not look into counts whole. */
function memoryOf(pid: string): number {
  const shares = read(`/proc/${pid}/smaps_rollup`);
  if (shares !== '') return (kilobytesIn(shares, 'Pss_Anon') + kilobytesIn(shares, 'Pss_Shmem')) * 1_024;
  const status = read(`/proc/${pid}/status`);
  return (kilobytesIn(status, 'RssAnon') + kilobytesIn(status, 'RssShmem')) * 1_024;
}

/** Adds up what a process and all below it use, sample by sample. */
export class TreeMeter {
  /** Of processes that are there or were: one that ended keeps its last reading. */
  private readonly ticks = new Map<string, number>();
  private readonly root: number;

  constructor(root: number) {
    this.root = root;
  }

  sample(): TreeUse {
    const tree = processTree(this.root);
    let [waited, memoryBytes] = [0, 0];
    for (const pid of tree) {
      const { own, children } = ticksOf(pid);
      this.ticks.set(pid, Math.max(own, this.ticks.get(pid) ?? 0));
      waited += own + children;
      memoryBytes += memoryOf(pid);
    }
    const seen = [...this.ticks.values()].reduce((sum, each) => sum + each, 0);
    return { processes: tree.length, cpuMs: Math.max(seen, waited) * MS_PER_TICK, memoryBytes };
  }
}
