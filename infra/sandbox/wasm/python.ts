import { Monty } from '@pydantic/monty';
import { type Answer, DETAIL_CHARACTERS_MAX, type Job, Printed } from './protocol.ts';

const MS_PER_S = 1_000;
const RECURSION_MAX = 500;

const jsonOf = (value: unknown): string | null =>
  value === undefined || value === null
    ? null
    : JSON.stringify(value, (_key, each: unknown) =>
        each instanceof Map ? Object.fromEntries(each) : typeof each === 'bigint' ? Number(each) : each,
      );

function kindOf(detail: string, printed: Printed): 'program' | 'cpu' | 'memory' | 'output' {
  if (printed.isFull) return 'output';
  if (detail.startsWith('TimeoutError')) return 'cpu';
  return detail.startsWith('MemoryError') ? 'memory' : 'program';
}

/** Runs Python in Monty, which has no function of this process but `print`. The process ends afterwards. */
export async function runPython(job: Job): Promise<Answer> {
  const printed = new Printed(job.outputBytes);
  try {
    const program = new Monty(job.code, { scriptName: 'main.py', inputs: ['input', 'files'] });
    const value: unknown = program.run({
      inputs: { input: job.input, files: job.files },
      limits: { maxDurationSecs: job.cpuMs / MS_PER_S, maxMemory: job.memoryBytes, maxRecursionDepth: RECURSION_MAX },
      printCallback: (_stream: string, text: string) => printed.add(text),
    });
    return { output: printed.text, value: jsonOf(value), error: null };
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).slice(0, DETAIL_CHARACTERS_MAX);
    return { output: printed.text, value: null, error: { kind: kindOf(detail, printed), detail } };
  }
}
