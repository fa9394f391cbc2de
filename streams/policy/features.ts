import type { ConstitutionDocument, FeatureName, ModerationRule } from '../../schemas/constitution.ts';
import type { Fit } from './capabilities.ts';
import type { Subject } from './subject.ts';

/** All that is known when a command is judged. */
export interface Facts {
  readonly subject: Subject;
  readonly document: ConstitutionDocument;
  readonly findings: readonly ModerationRule[];
  /** Declared by the caller, then found in the text. */
  readonly labels: readonly string[];
  readonly fit: Fit;
  /** Length of the text, in UTF-16 units. */
  readonly chars: number;
  /** The limit that stands for this kind of command. */
  readonly charsMax: number;
}

export const allows = (names: readonly string[], name: string | null): boolean =>
  name === null || names.includes(name) || names.includes('*');

/** 1 up to half of the limit, from there in a line down to 0 at the limit: what nears a limit is seen before it breaks it. */
const easing = (value: number, limit: number): number => Math.min(1, Math.max(0, 2 - (2 * value) / limit));

/** Control characters beyond tab and line ends, private use and unassigned: what people do not type and obfuscation does. */
const ILLEGIBLE = /[\p{Cc}\p{Co}\p{Cn}]/gu;

function legibility(text: string): number {
  if (text === '') return 1;
  const strange = (text.match(ILLEGIBLE) ?? []).filter((char) => !/[\t\n\r]/.test(char)).length;
  return Math.max(0, 1 - (10 * strange) / text.length);
}

/** phi(x): each a pure function of the facts, from 0 (bad) to 1 (good). */
export const features: Readonly<Record<FeatureName, (facts: Facts) => number>> = {
  /** 0 under a forbidding rule; halved by each rule of caution. */
  prompt_safety: ({ findings }) =>
    findings.some(({ severity }) => severity === 'forbid') ? 0 : 0.5 ** findings.length,
  /** How far the text is from the longest one allowed. */
  prompt_length: ({ chars, charsMax }) => easing(chars, charsMax),
  /** 1 for text as people type it, 0 when one character in ten is none that they do. */
  prompt_legibility: ({ subject, charsMax }) => legibility((subject.text ?? '').slice(0, charsMax)),
  /** How far the answer asked for is from the longest one allowed; 1 when no length was asked for. */
  token_budget: ({ subject, document }) =>
    subject.maxTokens === null ? 1 : easing(subject.maxTokens, document.limits.max_tokens_max),
  /** Least privilege: 1 for exactly the capability it takes, 0.8 under a wildcard, 0 without. */
  capability_fit: ({ fit }) => ({ exact: 1, wildcard: 0.8, missing: 0 })[fit],
  /** 1 when the constitution knows the persona, or none speaks. */
  persona_known: ({ subject, document }) => (allows(document.personas, subject.persona) ? 1 : 0),
  /** 1 when the constitution knows the model, or the default one is asked for. */
  model_known: ({ subject, document }) => (allows(document.models, subject.model) ? 1 : 0),
};
