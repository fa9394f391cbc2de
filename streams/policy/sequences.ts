/**
 * Sequences of a constitution, each a security automaton (Schneider, Enforceable Security Policies, 2000): its state is the
 * furthest step that the session has reached, only what is allowed moves it on, and what would take the last step is denied.
 * A command takes one step of a sequence at most, the next one; the same command asked again takes none.
 */
import type { ConstitutionDocument, GovernedAction, Sequence, SequenceStep } from '../../schemas/constitution.ts';
import type { SequenceProgress } from '../../schemas/generated/records.ts';
import { DEFAULT_MODEL } from '../../schemas/kill-switch.ts';
import type { Subject } from './subject.ts';

/** What steps look at of a command. */
export interface Taking {
  /** Id of the command; a command that is repeated comes with the same. */
  readonly commandId: string;
  readonly labels: readonly string[];
  readonly action: GovernedAction;
  readonly model: string;
}

export const takingOf = (
  { action, model }: Pick<Subject, 'action' | 'model'>,
  commandId: string,
  labels: readonly string[],
): Taking => ({ commandId, labels, action, model: model ?? DEFAULT_MODEL });

const isOne = (wanted: readonly string[] | undefined, of: string): boolean =>
  wanted === undefined || wanted.includes(of);

const holds = (step: SequenceStep, { labels, action, model }: Taking): boolean =>
  (step.labels === undefined || step.labels.some((label) => labels.includes(label))) &&
  isOne(step.actions, action) &&
  isOne(step.models, model) &&
  step.models_except?.includes(model) !== true;

const commandsOf = (progress: readonly SequenceProgress[], { id }: Sequence): readonly string[] =>
  progress.find(({ sequence }) => sequence === id)?.commands ?? [];

/** Steps that were taken; never the last one, also where a later version of the sequence has fewer steps. */
export const reached = (progress: readonly SequenceProgress[], sequence: Sequence): number =>
  Math.min(commandsOf(progress, sequence).length, sequence.steps.length - 1);

/** The command would take the next step of the sequence. */
function takesNext(progress: readonly SequenceProgress[], sequence: Sequence, taking: Taking): boolean {
  const step = sequence.steps[reached(progress, sequence)];
  return step !== undefined && holds(step, taking) && !commandsOf(progress, sequence).includes(taking.commandId);
}

const isLast = (progress: readonly SequenceProgress[], sequence: Sequence): boolean =>
  reached(progress, sequence) === sequence.steps.length - 1;

/** Sequences that the command would complete, in the order of the document. */
export const completed = (
  { sequences = [] }: ConstitutionDocument,
  progress: readonly SequenceProgress[],
  taking: Taking,
): readonly Sequence[] =>
  sequences.filter((sequence) => isLast(progress, sequence) && takesNext(progress, sequence, taking));

/** Where the session stands after the command, which completes none; the same when it takes no step. */
export function moved(
  { sequences = [] }: ConstitutionDocument,
  progress: readonly SequenceProgress[],
  taking: Taking,
): readonly SequenceProgress[] {
  const moving = sequences.filter((sequence) => !isLast(progress, sequence) && takesNext(progress, sequence, taking));
  if (moving.length === 0) return progress;
  const moves = moving.map((sequence) => ({
    sequence: sequence.id,
    commands: [...commandsOf(progress, sequence), taking.commandId],
  }));
  const others = progress.filter(({ sequence }) => !moves.some((move) => move.sequence === sequence));
  return [...others, ...moves];
}
