/** Explanations of denials: computed on request, never during a decision. */
import type { VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { FeatureScore, SequenceProgress } from '../../schemas/generated/records.ts';
import type { GovernedRequest } from '../../schemas/governed.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { type EvaluationContext, noContext } from './history.ts';
import { changesOf, type Input } from './input-changes.ts';
import type { RuleEngine } from './rule-engine.ts';
import { stepsReached } from './sequences.ts';

/** A change of one input with which the command is allowed; all other inputs are unchanged. */
export interface Counterfactual {
  readonly input: Input;
  /** Description of the change, for users. */
  readonly what: string;
  /** Share of the input that changes, from 0 to 1; smaller changes come first. */
  readonly size: number;
  readonly request: GovernedRequest;
}

/** The raise of one feature that reaches the threshold. */
export interface Raise {
  readonly feature: string;
  readonly value: number;
  /** Value at which the score reaches the threshold, with all other features unchanged. At most 1. */
  readonly needed: number;
}

/** Progress of a session in a sequence when its command was denied. */
export interface SequenceStatus extends SequenceProgress {
  /** Number of steps taken. */
  readonly reached: number;
  readonly steps: number;
}

/** The explanation of a verdict. */
export interface Explanation {
  readonly verdict: Verdict;
  /**
   * Changes of one input that reverse the denial, the smallest first; empty when several inputs would have to change.
   */
  readonly counterfactuals: readonly Counterfactual[];
  /**
   * With a score below the threshold: the feature that needs the smallest raise, or null when none alone can reach it.
   */
  readonly raise: Raise | null;
  /** Sequences that the command would have completed. */
  readonly sequences: readonly SequenceStatus[];
}

/**
 * Explains a verdict: evaluates the request again, with every change of one input that could reverse a denial. A
 * counterfactual is returned only when the evaluation with it allows the command. `personas` exist for the tenant; by
 * default those that the constitution names. Costs some tens of evaluations. Never
 * throws. Source: Wachter, Mittelstadt, Russell, Counterfactual Explanations without Opening the Black Box, 2017.
 */
export function explain(
  rule: RuleEngine['rule'],
  constitution: VerifiedConstitution,
  request: GovernedRequest,
  tenant: string,
  past: EvaluationContext = noContext,
  personas?: readonly string[],
): Explanation {
  const judge = (changed: GovernedRequest): Verdict => evaluate(rule, constitution, changed, tenant, past);
  const verdict = judge(request);
  if (verdict.outcome === 'allow') return { verdict, counterfactuals: [], raise: null, sequences: [] };
  const isAllowed = (changed: GovernedRequest): boolean => judge(changed).outcome === 'allow';
  const counterfactuals = changesOf(constitution.document, request, isAllowed, personas)
    .filter((change) => isAllowed(change.request))
    .sort((a, b) => a.size - b.size);
  const sequences = sequencesOf(constitution, verdict, past);
  return { verdict, counterfactuals, raise: leastRaise(verdict), sequences };
}

function sequencesOf(
  { document: { sequences = [] } }: VerifiedConstitution,
  { clauses }: Verdict,
  { history }: EvaluationContext,
): readonly SequenceStatus[] {
  const progress = history?.sequences ?? [];
  return sequences
    .filter(({ id }) => clauses.includes(`sequence:${id}`))
    .map((sequence) => ({
      sequence: sequence.id,
      reached: stepsReached(progress, sequence),
      steps: sequence.steps.length,
      commands: progress.find((each) => each.sequence === sequence.id)?.commands ?? [],
    }));
}

const scoreOf = (features: readonly FeatureScore[]): number =>
  features.reduce((sum, { value, weight }) => sum + weight * value, 0);

/** Tolerance for inexact weights and values: a raise that misses the threshold by less than this is sufficient. */
const TOLERANCE = 1e-9;

/**
 * Returns the smallest raise of one feature that lifts the score to its threshold; null when the score reaches it
 * already, or no feature alone can. Values are from 0 to 1. Never throws.
 */
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
