import type { ConstitutionDocument, LabelRule, ModerationRule } from '../../schemas/contexts/constitution/document.ts';
import type { ModerationReport } from '../../schemas/generated/records.ts';

type Rule = ModerationRule | LabelRule;

interface Compiled<R extends Rule> {
  readonly rule: R;
  readonly expression: RegExp;
}

/** Rules of a document never change, so they are compiled once. */
const compiled = new WeakMap<readonly Rule[], readonly Compiled<Rule>[]>();

function compiledRules<R extends Rule>(rules: readonly R[]): readonly Compiled<R>[] {
  const known = compiled.get(rules) as readonly Compiled<R>[] | undefined;
  if (known !== undefined) return known;
  const all = rules.map((rule) => ({ rule, expression: new RegExp(rule.pattern, 'iu') }));
  compiled.set(rules, all);
  return all;
}

/**
 * Zero-width and directional marks, soft hyphens, variation selectors: invisible, and used to hide words from rules.
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Normalizes a text for the rules: the first `charsMax` UTF-16 units (a longer text is refused for its length),
 * compatibility forms folded, invisible characters removed, white space replaced by one space. Never throws. Source:
 * NFKC, Unicode Standard Annex 15; Default_Ignorable_Code_Point, Unicode Standard Annex 44.
 */
export const normalized = (text: string, charsMax: number): string =>
  text.slice(0, charsMax).normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/gu, ' ');

/**
 * Returns the rules that match a normalized text, in document order. Throws SyntaxError when a pattern does not
 * compile; patterns of verified documents do.
 */
export const matching = <R extends Rule>(rules: readonly R[], plain: string): readonly R[] =>
  plain === ''
    ? []
    : compiledRules(rules)
        .filter(({ expression }) => expression.test(plain))
        .map(({ rule }) => rule);

/** Returns what the moderation rules of a document find in texts of at most `charsMax` UTF-16 units each. Never throws. */
export const moderationReport = (
  { moderation }: Pick<ConstitutionDocument, 'moderation'>,
  texts: readonly string[],
  charsMax: number,
): ModerationReport => ({
  rules: moderation.map(({ id, code, severity }) => ({ id, code, severity })),
  texts: texts.map((text) => ({
    chars: text.length,
    matched: matching(moderation, normalized(text, charsMax)).map(({ id }) => id),
  })),
});

/** Bound on repeated removals: removing a match may join its neighbours into another one. */
const REMOVALS_MAX = 32;

/** Removes from a normalized text every match of the rules, at most REMOVALS_MAX. Throws SyntaxError when a pattern does not compile. */
export function withoutMatches(rules: readonly Rule[], text: string): string {
  const expressions = compiledRules(rules);
  let plain = text;
  for (let n = 0; n < REMOVALS_MAX; n += 1) {
    const broken = expressions.find(({ expression }) => expression.test(plain));
    if (broken === undefined) break;
    plain = plain.replace(broken.expression, ' ').replace(/ {2,}/g, ' ');
  }
  return plain;
}
