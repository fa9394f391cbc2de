/** Answers of models under the rules that ask the outside classifier: one part after another, before it is shown. */

import type { CategoryScore, Finding } from '../../generated/records.ts';
import type { ConstitutionDocument, ModerationRule } from '../constitution/document.ts';
import { moderationFinding, rulesAt } from './rules.ts';
import { SCORE_MIN_DEFAULT } from './vocabulary.ts';

/** What happens to a part of an answer: it ends the answer, is replaced, or is shown. */
export type PartAction = 'block' | 'redact' | 'show';

/** The rules about a part of an answer, in document order, and what follows. */
export interface PartVerdict {
  readonly action: PartAction;
  readonly findings: readonly Finding[];
}

/** Returns the rules that ask the outside classifier about answers. Never throws. */
export const classifiedRules = ({ moderation }: Pick<ConstitutionDocument, 'moderation'>): readonly ModerationRule[] =>
  rulesAt(moderation, 'output').filter(({ category }) => category !== undefined);

/** Returns what rules decide on a part of an answer by its scores. Total and deterministic, so that it can be decided again. */
export function partVerdict(rules: readonly ModerationRule[], scores: readonly CategoryScore[]): PartVerdict {
  const findings = rules.flatMap((rule) => {
    const score = scores.find(({ category }) => category === rule.category)?.score ?? 0;
    return score >= (rule.score_min ?? SCORE_MIN_DEFAULT) ? [moderationFinding({ rule, score }, 'output')] : [];
  });
  const has = (severity: string): boolean => findings.some(({ outcome }) => outcome === severity);
  return { action: has('forbid') ? 'block' : has('redact') ? 'redact' : 'show', findings };
}

/** Least and most characters of a part, and characters before it that the classifier sees with it. */
const PART_CHARS_MIN = 200;
const PART_CHARS_MAX = 1_000;
export const CONTEXT_CHARS = 200;

const ENDS = /[.!?…]["')\]]*\s|\n/g;

/**
 * Returns where the next part of a text ends; null while more of the text must come. It ends behind a sentence or a line, after
 * 200 characters at the earliest; after 1,000 at a space, or anywhere but between the halves of a surrogate pair.
 */
export function partEnd(text: string): number | null {
  for (const match of text.matchAll(ENDS)) {
    const end = match.index + match[0].length;
    if (end > PART_CHARS_MAX) break;
    if (end >= PART_CHARS_MIN) return end;
  }
  if (text.length <= PART_CHARS_MAX) return null;
  const space = text.lastIndexOf(' ', PART_CHARS_MAX - 1);
  if (space >= PART_CHARS_MIN) return space + 1;
  const last = text.charCodeAt(PART_CHARS_MAX - 1);
  return last >= 0xd800 && last <= 0xdbff ? PART_CHARS_MAX - 1 : PART_CHARS_MAX;
}
