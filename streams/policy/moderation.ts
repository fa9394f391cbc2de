import type { ConstitutionDocument, ModerationRule } from '../../schemas/constitution.ts';

interface Compiled {
  readonly rule: ModerationRule;
  readonly expression: RegExp;
}

/** A document never changes, so neither do its compiled rules. */
const compiled = new WeakMap<ConstitutionDocument, readonly Compiled[]>();

function compiledRules(document: ConstitutionDocument): readonly Compiled[] {
  const known = compiled.get(document);
  if (known !== undefined) return known;
  const rules = document.moderation.map((rule) => ({ rule, expression: new RegExp(rule.pattern, 'iu') }));
  compiled.set(document, rules);
  return rules;
}

/** Zero-width and directional marks, soft hyphens, variation selectors: unseen, and used to hide words from rules. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * What the rules are matched against: the first `charsMax` characters (what is longer is refused for its length),
 * compatibility forms folded (NFKC, UAX 15), invisible characters dropped, white space made one space.
 */
export const normalized = (text: string, charsMax: number): string =>
  text.slice(0, charsMax).normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/gu, ' ');

/** The moderation rules that the text breaks, in the order of the document. */
export function findings(document: ConstitutionDocument, text: string, charsMax: number): readonly ModerationRule[] {
  if (text === '') return [];
  const plain = normalized(text, charsMax);
  return compiledRules(document)
    .filter(({ expression }) => expression.test(plain))
    .map(({ rule }) => rule);
}

/** Removing a match may join its neighbours into another one; as often as this, then it is given up. */
const REMOVALS_MAX = 32;

/** The text, as the rules see it, without what the given ones match. */
export function withoutMatches(
  document: ConstitutionDocument,
  rules: readonly ModerationRule[],
  text: string,
  charsMax: number,
): string {
  const expressions = compiledRules(document).filter(({ rule }) => rules.includes(rule));
  let plain = normalized(text, charsMax);
  for (let n = 0; n < REMOVALS_MAX; n += 1) {
    const matching = expressions.find(({ expression }) => expression.test(plain));
    if (matching === undefined) break;
    plain = plain.replace(matching.expression, ' ').replace(/ {2,}/g, ' ');
  }
  return plain;
}
