/** What scorers say of an answer. Pure: the judge is asked before. */
import { cosine, type Embedder, vectorOf } from '../../schemas/contexts/memory/vectors.ts';
import { normalized } from '../../schemas/contexts/moderation/normal.ts';
import { programOf } from '../../schemas/contexts/moderation/pattern.ts';
import { searchesOf, TextScanner } from '../../schemas/contexts/moderation/scanner.ts';
import { OUTPUT_REFUSED } from '../../schemas/contexts/moderation/vocabulary.ts';
import { policyRefusals } from '../../schemas/contexts/policy/refusals.ts';
import { assertNever } from '../../streams/kernel.ts';
import type { GoldenCase, Scorer } from './golden-set.ts';

/** An answer to a case, or the failure in place of one. */
export interface Answered {
  readonly text: string;
  /** Stable code of a failure or a refusal; null for an answer. */
  readonly code: string | null;
  /** Tools that were called, in their order. */
  readonly tools: readonly string[];
  /** Of prompt and answer. */
  readonly tokens: number;
  /** In the currency of the platform. */
  readonly cost: number;
  /** From asking to the answer, as the job saw it. */
  readonly latencyMs: number;
  readonly model: string | null;
}

/** How values of a scorer are compared: passes as 0 and 1, shares from 0 to 1, or amounts of which less is better. */
export type Measure = 'passes' | 'share' | 'amount';

export const measureOf = ({ kind }: Pick<Scorer, 'kind'>): Measure =>
  kind === 'cosine' ? 'share' : kind === 'cost' || kind === 'latency' ? 'amount' : 'passes';

const denials: ReadonlySet<string> = new Set([...policyRefusals, OUTPUT_REFUSED]);

/** Returns the verdict of the policy on an answer; null where it failed for another reason. */
export const verdictOf = (code: string | null): 'allow' | 'deny' | null =>
  code === null ? 'allow' : denials.has(code) ? 'deny' : null;

const NUMBER = /-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?/gi;

/** Returns the last number of a text, with `,` between thousands; null without one. */
export function lastNumber(text: string): number | null {
  const found = text.match(NUMBER)?.at(-1);
  if (found === undefined) return null;
  const value = Number(found.replaceAll(',', ''));
  return Number.isFinite(value) ? value : null;
}

/** Returns whether a pattern of moderation finds something in a text; upper and lower case are the same. */
export function finds(pattern: string, text: string): boolean {
  let isFound = false;
  const scanner = new TextScanner(searchesOf([{ name: '', program: programOf(pattern), accepts: null }]), () => {
    isFound = true;
    return 'stop';
  });
  scanner.push(normalized(text));
  scanner.end();
  return isFound;
}

/** What scorers need beside the answer. */
export interface ScorerParts {
  /** Returns what a JSON Schema, as text, refuses of a value. */
  readonly problemsOf: (schema: string, value: unknown) => readonly string[];
  readonly embedder: Embedder;
}

const plain = (text: string, ignoresCase: boolean): string => {
  const trimmed = text.normalize('NFC').trim();
  return ignoresCase ? trimmed.toLowerCase() : trimmed;
};

const fits = (schema: object, text: string, problemsOf: ScorerParts['problemsOf']): boolean => {
  try {
    return problemsOf(JSON.stringify(schema), JSON.parse(text) as unknown).length === 0;
  } catch {
    return false;
  }
};

const asPass = (passes: boolean): number => (passes ? 1 : 0);

/**
 * Returns the value of a scorer for an answer: 0 or 1, a similarity from 0 to 1, or an amount. Null where the case expects nothing
 * that the scorer checks, and for an amount of a failure. `judged`: what the judge says; null where it was not asked.
 */
export function scoreOf(
  scorer: Scorer,
  { expect: { text, pattern, schema, number, verdict, code, tools } }: Pick<GoldenCase, 'expect'>,
  answer: Answered,
  { problemsOf, embedder, judged }: ScorerParts & { readonly judged: boolean | null },
): number | null {
  const isAnswer = answer.code === null;
  switch (scorer.kind) {
    case 'exact':
      if (text === undefined) return null;
      return asPass(isAnswer && plain(answer.text, scorer.ignore_case) === plain(text, scorer.ignore_case));
    case 'regex':
      return pattern === undefined ? null : asPass(isAnswer && finds(pattern, answer.text));
    case 'json_schema':
      return schema === undefined ? null : asPass(isAnswer && fits(schema, answer.text, problemsOf));
    case 'numeric': {
      if (number === undefined) return null;
      const found = isAnswer ? lastNumber(answer.text) : null;
      const tolerance = scorer.relative ? scorer.tolerance * Math.abs(number) : scorer.tolerance;
      return asPass(found !== null && Math.abs(found - number) <= tolerance);
    }
    case 'cosine': {
      if (text === undefined) return null;
      if (!isAnswer) return 0;
      return Math.max(0, cosine(vectorOf(embedder.embed(answer.text)), vectorOf(embedder.embed(text))));
    }
    case 'verdict':
      if (verdict === undefined && code === undefined) return null;
      return asPass(
        (verdict === undefined || verdictOf(answer.code) === verdict) && (code === undefined || answer.code === code),
      );
    case 'tools':
      if (tools === undefined) return null;
      return asPass(tools.length === answer.tools.length && tools.every((each, at) => each === answer.tools[at]));
    case 'cost':
      return isAnswer ? answer.cost : null;
    case 'latency':
      return isAnswer ? answer.latencyMs : null;
    case 'judge':
      return judged === null ? null : asPass(isAnswer && judged);
    default:
      return assertNever(scorer);
  }
}

/** Returns whether the values of a case pass: in most of its repeats. Null for amounts, and without values. */
export function passes(scorer: Scorer, values: readonly (number | null)[]): boolean | null {
  const known = values.filter((each) => each !== null);
  if (known.length === 0 || measureOf(scorer) === 'amount') return null;
  const least = scorer.kind === 'cosine' ? scorer.least : 1;
  return known.filter((each) => each >= least).length * 2 > known.length;
}
