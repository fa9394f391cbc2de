/** The rules of a constitution on texts: what each finds in a text, whole or as it flows. */
import type { CategoryScore, Finding } from '../../generated/records.ts';
import type { ConstitutionDocument, LabelRule, ModerationRule, TextRule } from '../constitution/document.ts';
import { mayFind, searchOf } from './detectors.ts';
import { injectionScore } from './injection.ts';
import { programOf } from './pattern.ts';
import { type NamedSearch, type Searches, searchesOf, TextScanner } from './scanner.ts';
import {
  type ModerationPlace,
  PLACES_DEFAULT,
  SCORE_MIN_DEFAULT,
  type SpanDetector,
  spanDetectors,
} from './vocabulary.ts';

const isSpan = (name: string): name is SpanDetector => (spanDetectors as readonly string[]).includes(name);

/** Returns the rules that apply at a place, in document order. Never throws. */
export const rulesAt = <R extends TextRule>(rules: readonly R[], place: ModerationPlace): readonly R[] =>
  rules.filter(({ applies_to: places = PLACES_DEFAULT }) => places.includes(place));

/** Returns true when a rule of inputs asks the outside classifier. Never throws. */
export const usesClassifier = ({ moderation, labels = [] }: Pick<ConstitutionDocument, 'moderation' | 'labels'>) =>
  [...rulesAt(moderation, 'input'), ...rulesAt(labels, 'input')].some(({ category }) => category !== undefined);

/** Patterns of documents never change, so they are compiled once. */
const expressions = new WeakMap<TextRule, RegExp>();

/** Returns the pattern of a rule, compiled; null for a rule without one. Throws SyntaxError when it does not compile. */
export function expressionOf(rule: TextRule): RegExp | null {
  if (!hasPattern(rule)) return null;
  const known = expressions.get(rule);
  if (known !== undefined) return known;
  const made = new RegExp(rule.pattern, 'iu');
  expressions.set(rule, made);
  return made;
}

const hasPattern = (rule: TextRule): rule is TextRule & { readonly pattern: string } => rule.pattern !== undefined;

/** Facts of one text, each computed when a rule first asks for it. */
class TextFacts {
  readonly #plain: string;
  readonly #scores: readonly CategoryScore[];
  #spans: ReadonlySet<SpanDetector> | null = null;
  #injection: number | null = null;
  readonly #rules: readonly TextRule[];

  constructor(plain: string, rules: readonly TextRule[], scores: readonly CategoryScore[]) {
    this.#plain = plain;
    this.#rules = rules;
    this.#scores = scores;
  }

  /** Looks for the spans of all rules, and pauses after each stretch of the text. */
  async findSpans(pause: () => Promise<void>): Promise<void> {
    const steps = spanSteps(this.#plain, this.#detectors());
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) {
        this.#spans = step.value;
        return;
      }
      await pause();
    }
  }

  /** Returns the score of a rule, from 0 to 1; null when it finds nothing. */
  scoreOf(rule: TextRule): number | null {
    const expression = expressionOf(rule);
    if (expression !== null) return expression.test(this.#plain) ? 1 : null;
    const { detector, category, score_min: least = SCORE_MIN_DEFAULT } = rule;
    if (detector !== undefined && isSpan(detector)) return this.#found().has(detector) ? 1 : null;
    const score = detector === undefined ? this.#category(category) : this.#injected();
    return score >= least ? score : null;
  }

  #category(name: string | undefined): number {
    return this.#scores.find(({ category }) => category === name)?.score ?? 0;
  }

  #injected(): number {
    this.#injection ??= injectionScore(this.#plain);
    return this.#injection;
  }

  #found(): ReadonlySet<SpanDetector> {
    this.#spans ??= lastOf(spanSteps(this.#plain, this.#detectors()));
    return this.#spans;
  }

  #detectors(): readonly SpanDetector[] {
    return [
      ...new Set(this.#rules.flatMap(({ detector }) => (detector !== undefined && isSpan(detector) ? [detector] : []))),
    ];
  }
}

/** Characters that detectors see in one turn: some 80 ms where most of them are digits. */
const STRETCH_CHARS = 64 * 1024;

/** Returns which detectors find something in a normalized text, in one step a stretch. */
function* spanSteps(
  plain: string,
  named: readonly SpanDetector[],
): Generator<void, ReadonlySet<SpanDetector>, undefined> {
  const found = new Set<SpanDetector>();
  const detectors = named.filter((each) => mayFind(each, plain));
  if (detectors.length === 0) return found;
  const scanner = new TextScanner(searchesFor(detectors), ({ name }) => {
    found.add(name);
    return found.size === detectors.length ? 'stop' : 'go on';
  });
  for (let at = 0; at < plain.length; at += STRETCH_CHARS) {
    if (at > 0) yield;
    scanner.push(plain.slice(at, at + STRETCH_CHARS));
  }
  scanner.end();
  return found;
}

/** Takes all steps, and returns what they lead to. */
function lastOf<T>(steps: Generator<void, T, undefined>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

const prepared = new Map<string, Searches<SpanDetector>>();

function searchesFor(detectors: readonly SpanDetector[]): Searches<SpanDetector> {
  const key = detectors.join();
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const made = searchesOf(detectors.map((name) => ({ name, ...searchOf(name) })));
  prepared.set(key, made);
  return made;
}

/** A rule that found something, with its score from 0 to 1. */
export interface Match<R extends TextRule> {
  readonly rule: R;
  readonly score: number;
}

/**
 * Returns the rules that find something in a normalized text, in document order. `scores` are those of the outside
 * classifier. Throws SyntaxError when a pattern does not compile; patterns of verified documents do.
 */
export function matchesOf<R extends TextRule>(
  rules: readonly R[],
  plain: string,
  scores: readonly CategoryScore[] = [],
): readonly Match<R>[] {
  if (plain === '' || rules.length === 0) return [];
  const facts = new TextFacts(plain, rules, scores);
  return rules.flatMap((rule) => {
    const score = facts.scoreOf(rule);
    return score === null ? [] : [{ rule, score }];
  });
}

/** Resolves with what `matchesOf` returns. It pauses after each stretch of the text and each rule, so that a long text holds nothing up. */
export async function matchesInTurns<R extends TextRule>(
  rules: readonly R[],
  plain: string,
  pause: () => Promise<void>,
): Promise<readonly Match<R>[]> {
  if (plain === '' || rules.length === 0) return [];
  const facts = new TextFacts(plain, rules, []);
  await facts.findSpans(pause);
  const matches: Match<R>[] = [];
  for (const rule of rules) {
    const score = facts.scoreOf(rule);
    if (score !== null) matches.push({ rule, score });
    await pause();
  }
  return matches;
}

/** Returns the finding of a moderation rule, for a record. */
export const moderationFinding = ({ rule, score }: Match<ModerationRule>, place: ModerationPlace): Finding => ({
  ...{ rule: rule.id, category: rule.code, outcome: rule.severity, score, place },
});

/** Returns the finding of a label rule, for a record. */
export const labelFinding = ({ rule, score }: Match<LabelRule>, place: ModerationPlace): Finding => ({
  ...{ rule: rule.id, category: rule.label, outcome: 'label', score, place },
});

/** The moderation rules that check answers of models as they flow. */
export type OutputSearches = Searches<ModerationRule>;

const outputs = new WeakMap<readonly ModerationRule[], OutputSearches>();

/**
 * Returns the searches of the rules for answers of models; they are empty when the document has none. Throws an Error
 * when a pattern does not compile; patterns of verified documents do.
 */
export function outputSearches({ moderation }: Pick<ConstitutionDocument, 'moderation'>): OutputSearches {
  const known = outputs.get(moderation);
  if (known !== undefined) return known;
  const made = searchesOf(
    rulesAt(moderation, 'output').flatMap((rule): readonly NamedSearch<ModerationRule>[] => {
      if (hasPattern(rule)) return [{ name: rule, program: programOf(rule.pattern), accepts: null }];
      return rule.detector !== undefined && isSpan(rule.detector) ? [{ name: rule, ...searchOf(rule.detector) }] : [];
    }),
  );
  outputs.set(moderation, made);
  return made;
}
