import { existsSync, readFileSync } from 'node:fs';

/** What a process has used so far. NaN where the system does not tell (/proc is Linux's). */
export interface Usage {
  readonly cpuSeconds: number;
  /** Resident now, and at most so far, MB (10^6). */
  readonly residentMb: number;
  readonly residentMbMax: number;
}

/** USER_HZ: 100 on every Linux that node runs on. */
const TICKS_PER_SECOND = 100;

/** proc_pid_stat(5): user and system time are the 14th and 15th field; the second, a name, may hold spaces. */
export function usageOf(pid: number): Usage {
  if (!existsSync(`/proc/${pid}/stat`))
    return { cpuSeconds: Number.NaN, residentMb: Number.NaN, residentMbMax: Number.NaN };
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024) / 1e6;
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    residentMb: megabytes('VmRSS'),
    residentMbMax: megabytes('VmHWM'),
  };
}
