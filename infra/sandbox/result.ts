import type { SandboxCode } from './errors.ts';
import type { SandboxLimits, SandboxResult, Walls } from './port.ts';
import type { EndedBy, Supervision } from './supervise.ts';

type Failure = SandboxResult['error'];

/** Shells and bubblewrap report a signal as 128 and its number. */
const OF_SIGNAL = 128;
const [SIGKILL, SIGXCPU, SIGXFSZ] = [9, 24, 25];

const failure = (code: SandboxCode, detail: string): Failure => ({ code, detail });

const byLimit = (endedBy: Exclude<EndedBy, null>, limits: SandboxLimits): Failure => {
  switch (endedBy) {
    case 'time':
      return failure('SANDBOX_TIME_EXCEEDED', `the program ran for more than ${limits.wallMs} ms`);
    case 'cpu':
      return failure('SANDBOX_CPU_EXCEEDED', `the program used more than ${limits.cpuMs} ms of processor time`);
    case 'memory':
      return failure('SANDBOX_MEMORY_EXCEEDED', `the program used more than ${limits.memoryBytes} bytes of memory`);
    case 'disk':
      return failure('SANDBOX_DISK_EXCEEDED', `the program wrote more than ${limits.diskBytes} bytes of files`);
    case 'processes':
      return failure('SANDBOX_PROCESSES_EXCEEDED', `the program had more than ${limits.processes} processes`);
    case 'output':
      return failure('SANDBOX_OUTPUT_EXCEEDED', `the program printed more than ${limits.outputBytes} bytes`);
    case 'stopped':
      return failure('SANDBOX_STOPPED', 'the program was stopped');
  }
};

function byExit(exit: number | null, limits: SandboxLimits, ranOutOfMemory: boolean): Failure {
  if (exit === 0) return null;
  if (ranOutOfMemory) return byLimit('memory', limits);
  if (exit === OF_SIGNAL + SIGXCPU) return byLimit('cpu', limits);
  if (exit === OF_SIGNAL + SIGXFSZ) return byLimit('disk', limits);
  // The hard limit of processor time is the soft one: the kernel ends the process there.
  const how = exit === null || exit === OF_SIGNAL + SIGKILL ? 'was ended by a signal' : `ended with ${exit}`;
  return failure('SANDBOX_PROGRAM_FAILED', `the program ${how}`);
}

/** Returns the result of a program that ran. */
export function endOf(
  run: Supervision,
  walls: Walls,
  { limits, ranOutOfMemory }: { readonly limits: SandboxLimits; readonly ranOutOfMemory: boolean },
): SandboxResult {
  const error = run.endedBy === null ? byExit(run.exit, limits, ranOutOfMemory) : byLimit(run.endedBy, limits);
  return { exit: run.exit, output: run.output, errors: run.errors, value: null, error, walls, usage: run.usage };
}
