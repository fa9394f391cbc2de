import { Monty } from '@pydantic/monty';
import { type Answer, DETAIL_CHARACTERS_MAX, type Job, Printed } from './protocol.ts';
import { limitsOf, plain, runSegment } from './segment.ts';

const jsonOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value, plain);

function kindOf(detail: string, printed: Printed): 'program' | 'cpu' | 'memory' | 'output' {
  if (printed.isFull) return 'output';
  if (detail.startsWith('TimeoutError')) return 'cpu';
  return detail.startsWith('MemoryError') ? 'memory' : 'program';
}

const answerOf = (value: unknown, printed: Printed): Answer => ({
  output: printed.text,
  value: jsonOf(value),
  error: null,
});

/** Runs Python in Monty, which has no function of this process but `print`. The process ends afterwards. */
export async function runPython(job: Job): Promise<Answer> {
  const printed = new Printed(job.outputBytes);
  try {
    if (job.segment !== undefined) return answerOf(runSegment(job, job.segment, printed), printed);
    const program = new Monty(job.code, { scriptName: 'main.py', inputs: ['input', 'files'] });
    const value: unknown = program.run({
      inputs: { input: job.input, files: job.files },
      limits: limitsOf(job),
      printCallback: (_stream: string, text: string) => printed.add(text),
    });
    return answerOf(value, printed);
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).slice(0, DETAIL_CHARACTERS_MAX);
    return { output: printed.text, value: null, error: { kind: kindOf(detail, printed), detail } };
  }
}
