import type {
  ConstitutionDocument,
  LabelRule,
  ModerationRule,
  TextRule,
} from '../../schemas/contexts/constitution/document.ts';
import { normalized } from '../../schemas/contexts/moderation/normal.ts';
import {
  expressionOf,
  labelFinding,
  type Match,
  matchesOf,
  moderationFinding,
  rulesAt,
} from '../../schemas/contexts/moderation/rules.ts';
import { UNMODERATED } from '../../schemas/contexts/moderation/vocabulary.ts';
import type { CategoryScore, ClassifierAnswer, Finding, ModerationReport } from '../../schemas/generated/records.ts';

/** What the rules of a constitution find in the text of a command. */
export interface TextFindings {
  readonly moderation: readonly Match<ModerationRule>[];
  readonly labels: readonly Match<LabelRule>[];
}

/** Returns the scores of the outside classifier; none where it was not asked or gave no answer. Never throws. */
export const scoresOf = (classifier: ClassifierAnswer | null): readonly CategoryScore[] =>
  classifier?.outcome === 'answered' ? classifier.scores : [];

/** Returns the labels that a missing answer of the classifier adds to a command. Never throws. */
export const classifierLabels = (classifier: ClassifierAnswer | null): readonly string[] =>
  classifier?.outcome === 'passed' ? [UNMODERATED] : [];

/** Returns what the rules of inputs find in a normalized text, in document order. Never throws. */
export const findingsIn = (
  { moderation, labels = [] }: Pick<ConstitutionDocument, 'moderation' | 'labels'>,
  plain: string,
  scores: readonly CategoryScore[],
): TextFindings => ({
  moderation: matchesOf(rulesAt(moderation, 'input'), plain, scores),
  labels: matchesOf(rulesAt(labels, 'input'), plain, scores),
});

/** Returns the findings for a record: those of moderation rules, then those of label rules. Never throws. */
export const recordedFindings = ({ moderation, labels }: TextFindings): readonly Finding[] => [
  ...moderation.map((match) => moderationFinding(match, 'input')),
  ...labels.map((match) => labelFinding(match, 'input')),
];

/** Returns what the rules of a document find in texts of at most `charsMax` UTF-16 units each. Never throws. */
export const moderationReport = (
  document: Pick<ConstitutionDocument, 'moderation' | 'labels'>,
  texts: readonly string[],
  charsMax: number,
  scores: readonly CategoryScore[] = [],
): ModerationReport => ({
  rules: [
    ...rulesAt(document.moderation, 'input').map(({ id, code, severity }) => ({ id, code, severity })),
    ...rulesAt(document.labels ?? [], 'input').map(({ id, label }) => ({ id, code: label, severity: 'label' })),
  ],
  texts: texts.map((text) => {
    const findings = recordedFindings(findingsIn(document, normalized(text, charsMax), scores));
    const matched = findings.flatMap(({ rule, outcome }) => (outcome === 'label' ? [] : [rule]));
    return { chars: text.length, matched, findings };
  }),
});

/** Bound on repeated removals: removing a match may join its neighbours into another one. */
const REMOVALS_MAX = 32;

/**
 * Removes from a normalized text every match of the patterns of rules, at most REMOVALS_MAX. What a detector or the
 * outside classifier found stays: it has no pattern to remove. Throws SyntaxError when a pattern does not compile.
 */
export function withoutMatches(rules: readonly TextRule[], text: string): string {
  const expressions = rules.flatMap((rule) => expressionOf(rule) ?? []);
  let plain = text;
  for (let n = 0; n < REMOVALS_MAX; n += 1) {
    const broken = expressions.find((expression) => expression.test(plain));
    if (broken === undefined) break;
    plain = plain.replace(broken, ' ').replace(/ {2,}/g, ' ');
  }
  return plain;
}
