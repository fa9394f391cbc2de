import { runAgentProgram } from '../../../schemas/generated/records.ts';
import { requestIdOf } from '../keys.ts';
import type { Output } from '../state.ts';
import type { ProgramRun } from './evolve.ts';

/** Asks policy for the next segment of the program. */
export function askProgram(run: ProgramRun, runId: string): readonly Output[] {
  const { agent, principal, capabilities, credential, capsule = null } = run.spec;
  const { step, labels } = run;
  const callId = requestIdOf(runId, run);
  return [
    runAgentProgram({
      ...{ callId, runId, principal, capabilities, credential, agent, step, given: given(run), labels, capsule },
    }),
  ];
}

function given({ program: { given: next }, spec: { program } }: ProgramRun): string {
  if ('input' in next) return `${next.input}\n${program ?? ''}`.trim();
  return 'answer' in next ? next.answer : next.error;
}
