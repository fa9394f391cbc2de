import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessMark {
  readonly pid: number;
  /** Opaque: kernel ticks since boot on Linux (proc(5), field 22), the start date elsewhere. */
  readonly startedAt: string;
}

/** proc(5) stat without its first two fields; the command in the second may hold blanks and parentheses. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

const psFields = (pid: number, format: string): string | undefined => {
  try {
    return (
      execFileSync('ps', ['-o', format, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim() || undefined
    );
  } catch {
    return undefined;
  }
};

/** When a process started, or undefined where there is no such process. Zombies count as gone. */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return psFields(pid, 'lstart=');
  const fields = statFields(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

/** Marks a living process; undefined when it is gone already. */
export function markOf(pid: number): ProcessMark | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** True while that very process lives: a recycled pid has another start. */
export const isSame = (mark: ProcessMark): boolean => startOf(mark.pid) === mark.startedAt;

/** Pids of the process group `pgid`, zombies left out. Reads /proc, or asks ps where there is none. */
export function groupMembers(pgid: number): number[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' }).split('\n');
    const rows = lines.map((line) => line.trim().split(/\s+/));
    return rows
      .filter(([, group, stat]) => Number(group) === pgid && !stat?.startsWith('Z'))
      .map(([pid]) => Number(pid));
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const fields = statFields(pid);
    return fields !== undefined && fields[0] !== 'Z' && Number(fields[2]) === pgid;
  });
}

/** Sends a signal to a whole process group. False when the group has no member left. */
export function signalGroup(pgid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pgid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Bytes of memory one process holds, what it shares counted in part; 0 when it is gone. */
export function processMemoryBytes(pid: number): number {
  // Pss shares out what processes have in common; Rss would count Postgres' buffers once for every backend.
  for (const [file, pattern] of [
    ['smaps_rollup', /^Pss:\s+(\d+) kB/m],
    ['status', /^VmRSS:\s+(\d+) kB/m],
  ] as const) {
    try {
      const found = pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'));
      if (found) return Number(found[1]) * 1024;
    } catch {}
  }
  return 1024 * Number(psFields(pid, 'rss=') ?? 0);
}

/** Bytes of memory a process group holds; 0 when it is gone. */
export const groupMemoryBytes = (pgid: number): number =>
  groupMembers(pgid).reduce((sum, pid) => sum + processMemoryBytes(pid), 0);
