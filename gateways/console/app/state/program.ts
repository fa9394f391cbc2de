import type { Schemas } from '../../../../infra/client/api.ts';

type Run = Schemas['AgentRun'];
type Step = Run['steps_taken'][number];

/** A call of a program: the program waited for it, and went on with its answer. */
export interface ProgramCall {
  /** Number of the call, from 1: a fork names it. */
  readonly call: number;
  readonly of: Step['calls'][number];
  /** sha256 of the manifest under which it was made; empty for a tool that the run does not have. */
  readonly toolDigest: string;
  /** State of the program at the call; null where it cannot be continued from there. */
  readonly snapshot: Step['snapshot'];
}

/** Returns the calls of a program in their order. */
export function programCalls({
  steps_taken: steps,
  tools,
}: Pick<Run, 'steps_taken' | 'tools'>): readonly ProgramCall[] {
  const digests = new Map(tools.map(({ name, digest }) => [name, digest]));
  return steps.flatMap(({ step, calls, snapshot }) =>
    calls.map((of) => ({ call: step, of, toolDigest: digests.get(of.tool ?? '') ?? '', snapshot })),
  );
}

/** Returns the number of the call that the program waits for now; null when it waits for none. */
export const waitsAtCall = (run: Pick<Run, 'status' | 'steps_taken' | 'tools'>): number | null =>
  run.status === 'running' ? (programCalls(run).find(({ of }) => of.status === 'asked')?.call ?? null) : null;

/** Returns the run and the call at which a fork began; null for a run that is none. */
export function forkedAt({ forked_from: from }: Pick<Run, 'forked_from'>): { run: string; call: string } | null {
  const [run, call] = from?.split('/') ?? [];
  return run === undefined || call === undefined ? null : { run, call };
}

/** Returns the answer that a person wrote as JSON; null for a text that is none. */
export function writtenAnswer(text: string): { readonly answer: unknown } | null {
  try {
    return { answer: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}
