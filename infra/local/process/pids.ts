import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Identifies a process, also against a later one with the same pid. */
export interface ProcessMark {
  readonly pid: number;
  /** Opaque: kernel ticks since boot on Linux (proc(5), field 22), the start date elsewhere. */
  readonly startedAt: string;
}

/**
 * Returns the fields of proc(5) stat without the first two; the command in the second may contain blanks and
 * parentheses.
 */
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

/** Returns the start of a process, or undefined when there is none. Zombies count as ended. */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return psFields(pid, 'lstart=');
  const fields = statFields(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

/** Returns the mark of a living process; undefined when it has already ended. */
export function markOf(pid: number): ProcessMark | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Returns true while exactly that process lives: a recycled pid has another start. */
export const isSame = (mark: ProcessMark): boolean => startOf(mark.pid) === mark.startedAt;

/** Returns the pids of the process group `pgid`, without zombies. Reads /proc, or asks ps on other systems. */
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

/** Sends a signal to a whole process group. Returns false when the group has no members left. */
export function signalGroup(pgid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pgid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Returns the memory of one process in bytes, with its share of shared pages; 0 when it has ended. */
export function processMemoryBytes(pid: number): number {
  // Pss divides shared pages among their processes; Rss would count Postgres' buffers once for every backend.
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

/** Returns the memory of a process group in bytes; 0 when it has ended. */
export const groupMemoryBytes = (pgid: number): number =>
  groupMembers(pgid).reduce((sum, pid) => sum + processMemoryBytes(pid), 0);
