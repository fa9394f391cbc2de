import { printedWith } from '../../../schemas/contexts/agents.ts';
import type { AgentCallEnded, AgentRunStarted, AgentStepCompleted } from '../../../schemas/generated/records.ts';
import type { ProgramState, Run } from '../state.ts';

/** A run whose program takes the place of the model. */
export type ProgramRun = Run & { readonly program: ProgramState };

/** Returns the program of a run that has begun: at its start, or at a call of another run with another answer. */
export const programStarted = ({ prompt, fork }: Pick<AgentRunStarted, 'prompt' | 'fork'>): ProgramState =>
  fork === null
    ? { snapshot: null, given: { input: prompt }, printed: '' }
    : { snapshot: fork.snapshot, given: { answer: fork.answer }, printed: fork.printed };

/** Folds the end of a segment: the program waits for its call, or has ended. */
export const programAnswered = (run: ProgramRun, { text, calls, snapshot }: AgentStepCompleted): Run => ({
  ...run,
  phase: 'calling',
  calls: calls.map((call) => ({ ...call, result: null })),
  program: { ...run.program, snapshot, printed: printedWith(run.program.printed, text) },
});

/** Folds the end of the call that the program waits for. */
export const programCalled = (
  program: ProgramState,
  { code, detail, outcome, result }: AgentCallEnded,
): ProgramState => ({
  ...program,
  // A call that took place has a code where its output is withheld.
  given:
    outcome === 'succeeded' && code === null ? { answer: result } : { error: `${code ?? 'TOOL_FAILED'}: ${detail}` },
});
