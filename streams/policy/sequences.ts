/**
 * Sequences of a constitution. Each is a security automaton: its state is the furthest step that the session has
 * reached; only an allowed command advances it, and a command that would take the last step is denied. A command takes
 * at most the next step of a sequence; a repeated command takes none. Source: Schneider, Enforceable Security Policies,
 * ACM TISSEC 3(1), 2000.
 */
import type { ConstitutionDocument, Sequence, SequenceStep } from '../../schemas/contexts/constitution/document.ts';
import type { LabelSource, SequenceProgress } from '../../schemas/generated/records.ts';
import type { GovernedAction, GovernedRequest } from '../../schemas/governed.ts';
import { namedResource } from '../../schemas/governed-command.ts';

/** The part of a command that steps match. */
export interface StepCandidate {
  /** Id of the command; a repeated command has the same id. */
  readonly commandId: string;
  readonly labels: readonly string[];
  readonly action: GovernedAction;
  /** Name of the model; null when the resource is not a model. */
  readonly model: string | null;
  /** Labels that the caller declared; the others were found in the text. All of them when omitted. */
  readonly declared?: readonly string[];
  /** Labels among them that came from elsewhere. */
  readonly brought?: readonly LabelSource[];
}

/** Returns the part of a request that steps match. Never throws. */
export const stepCandidateOf = (
  {
    action,
    resource,
    labels: declared,
    brought = [],
  }: Pick<GovernedRequest, 'action' | 'resource' | 'labels' | 'brought'>,
  commandId: string,
  labels: readonly string[],
): StepCandidate => ({
  commandId,
  labels,
  action,
  model: resource.type === 'Model' ? namedResource(resource).id : null,
  declared,
  brought,
});

const isOne = (wanted: readonly string[] | undefined, of: string | null): boolean =>
  wanted === undefined || (of !== null && wanted.includes(of));

const holds = (step: SequenceStep, { labels, action, model }: StepCandidate): boolean =>
  (step.labels === undefined || step.labels.some((label) => labels.includes(label))) &&
  isOne(step.actions, action) &&
  isOne(step.models, model) &&
  (step.models_except === undefined || (model !== null && !step.models_except.includes(model)));

const commandsOf = (progress: readonly SequenceProgress[], { id }: Sequence): readonly string[] =>
  progress.find(({ sequence }) => sequence === id)?.commands ?? [];

/**
 * Returns the number of steps taken in a sequence, never including the last one, even when a later version of the
 * sequence has fewer steps. Never throws.
 */
export const stepsReached = (progress: readonly SequenceProgress[], sequence: Sequence): number =>
  Math.min(commandsOf(progress, sequence).length, sequence.steps.length - 1);

/** Returns true when the command would take the next step of the sequence. */
function takesNext(progress: readonly SequenceProgress[], sequence: Sequence, candidate: StepCandidate): boolean {
  const step = sequence.steps[stepsReached(progress, sequence)];
  return step !== undefined && holds(step, candidate) && !commandsOf(progress, sequence).includes(candidate.commandId);
}

const isLast = (progress: readonly SequenceProgress[], sequence: Sequence): boolean =>
  stepsReached(progress, sequence) === sequence.steps.length - 1;

/** Returns the sequences that the command would complete, in document order. Never throws. */
export const completedBy = (
  { sequences = [] }: ConstitutionDocument,
  progress: readonly SequenceProgress[],
  candidate: StepCandidate,
): readonly Sequence[] =>
  sequences.filter((sequence) => isLast(progress, sequence) && takesNext(progress, sequence, candidate));

/**
 * Returns the session's progress after a command that completes no sequence; the same array when it takes no step, so
 * that callers can compare by identity. Never throws.
 */
export function advanced(
  { sequences = [] }: ConstitutionDocument,
  progress: readonly SequenceProgress[],
  candidate: StepCandidate,
): readonly SequenceProgress[] {
  const moving = sequences.filter(
    (sequence) => !isLast(progress, sequence) && takesNext(progress, sequence, candidate),
  );
  if (moving.length === 0) return progress;
  const moves = moving.map((sequence) => ({
    sequence: sequence.id,
    commands: [...commandsOf(progress, sequence), candidate.commandId],
  }));
  const others = progress.filter(({ sequence }) => !moves.some((move) => move.sequence === sequence));
  return [...others, ...moves];
}
