import { existsSync, readFileSync } from 'node:fs';

/** Resource use of a process so far. NaN where the system does not report it (/proc is specific to Linux). */
export interface Usage {
  readonly cpuSeconds: number;
  /** Resident memory now, and its peak, MB (10^6). */
  readonly residentMb: number;
  readonly residentMbMax: number;
}

/** USER_HZ: 100 on every Linux that node runs on. */
const TICKS_PER_SECOND = 100;

/** proc_pid_stat(5): parent, user and system time are the 4th, 14th and 15th field; the second, a name, may hold spaces. */
export function parseStat(stat: string): { readonly parent: number; readonly cpuSeconds: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND };
}

/** Reads what a process has used so far. */
export function usageOf(pid: number): Usage {
  if (!existsSync(`/proc/${pid}/stat`))
    return { cpuSeconds: Number.NaN, residentMb: Number.NaN, residentMbMax: Number.NaN };
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024) / 1e6;
  return {
    cpuSeconds: parseStat(stat).cpuSeconds,
    residentMb: megabytes('VmRSS'),
    residentMbMax: megabytes('VmHWM'),
  };
}
