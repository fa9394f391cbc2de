/** What would have turned a denial: computed when somebody asks, never on the way of a decision. */
import type { VerifiedConstitution } from '../../schemas/constitution.ts';
import type { FeatureScore } from '../../schemas/generated/records.ts';
import { changesOf, type Input } from './changes.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { noPast, type Past } from './history.ts';
import { reached } from './sequences.ts';
import type { Subject } from './subject.ts';

/** One input, changed so that the command is allowed; all else as it was. */
export interface Flip {
  readonly input: Input;
  /** What to do, for a person. */
  readonly what: string;
  /** Share of the input that changes, from 0 to 1: how the smallest is told. */
  readonly size: number;
  readonly subject: Subject;
}

export interface Raise {
  readonly feature: string;
  readonly value: number;
  /** The value at which the score reaches the threshold, all other features as they are. At most 1. */
  readonly needed: number;
}

/** Where a session stood in a sequence. */
export interface Standing {
  readonly sequence: string;
  /** Steps that were taken. */
  readonly reached: number;
  readonly steps: number;
  /** Ids of the commands that took them, in order. */
  readonly commands: readonly string[];
}

export interface Explanation {
  readonly verdict: Verdict;
  /** Each change of one input that turns the denial, the smallest first; none where several inputs would have to change. */
  readonly flips: readonly Flip[];
  /** Where the score is below the threshold: the feature that is nearest to mending it alone, or null. */
  readonly raise: Raise | null;
  /** Sequences that the command would have completed. */
  readonly sequences: readonly Standing[];
}

/**
 * Judges a command again, and every change of one input that could turn the denial. A flip is claimed only after the
 * command was judged with it. Costs some tens of evaluations.
 */
export function explain(
  rule: PolicyEngine['rule'],
  constitution: VerifiedConstitution,
  subject: Subject,
  tenant: string,
  past: Past = noPast,
): Explanation {
  const judge = (changed: Subject): Verdict => evaluate(rule, constitution, changed, tenant, past);
  const verdict = judge(subject);
  if (verdict.outcome === 'allow') return { verdict, flips: [], raise: null, sequences: [] };
  const isAllowed = (changed: Subject): boolean => judge(changed).outcome === 'allow';
  const flips = changesOf(constitution.document, subject, isAllowed)
    .filter((change) => isAllowed(change.subject))
    .sort((a, b) => a.size - b.size);
  const sequences = sequencesOf(constitution, verdict, past);
  return { verdict, flips, raise: leastRaise(verdict), sequences };
}

function sequencesOf(
  { document: { sequences = [] } }: VerifiedConstitution,
  { clauses }: Verdict,
  { history }: Past,
): readonly Standing[] {
  const progress = history?.sequences ?? [];
  return sequences
    .filter(({ id }) => clauses.includes(`sequence:${id}`))
    .map((sequence) => ({
      sequence: sequence.id,
      reached: reached(progress, sequence),
      steps: sequence.steps.length,
      commands: progress.find((each) => each.sequence === sequence.id)?.commands ?? [],
    }));
}

const scoreOf = (features: readonly FeatureScore[]): number =>
  features.reduce((sum, { value, weight }) => sum + weight * value, 0);

/** Weights and values are not exact: a raise that falls short by less than this is one. */
const TOLERANCE = 1e-9;

export function leastRaise({
  score,
  threshold,
  features,
}: Pick<Verdict, 'score' | 'threshold' | 'features'>): Raise | null {
  if (score >= threshold) return null;
  const missing = threshold - scoreOf(features);
  const raises = features
    .filter(({ weight }) => weight > 0)
    .map(({ name: feature, value, weight }) => ({ feature, value, needed: value + missing / weight }))
    .filter(({ needed }) => needed <= 1 + TOLERANCE)
    .map((raise) => ({ ...raise, needed: Math.min(1, raise.needed) }))
    .sort((a, b) => a.needed - a.value - (b.needed - b.value));
  return raises[0] ?? null;
}
