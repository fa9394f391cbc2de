import type { LabelRule, ModerationRule } from '../../schemas/constitution.ts';

type Rule = ModerationRule | LabelRule;

interface Compiled<R extends Rule> {
  readonly rule: R;
  readonly expression: RegExp;
}

/** Rules of a document never change, so neither do they when they are compiled. */
const compiled = new WeakMap<readonly Rule[], readonly Compiled<Rule>[]>();

function compiledRules<R extends Rule>(rules: readonly R[]): readonly Compiled<R>[] {
  const known = compiled.get(rules) as readonly Compiled<R>[] | undefined;
  if (known !== undefined) return known;
  const all = rules.map((rule) => ({ rule, expression: new RegExp(rule.pattern, 'iu') }));
  compiled.set(rules, all);
  return all;
}

/** Zero-width and directional marks, soft hyphens, variation selectors: unseen, and used to hide words from rules. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * What the rules are matched against: the first `charsMax` characters (what is longer is refused for its length),
 * compatibility forms folded (NFKC, UAX 15), invisible characters dropped, white space made one space.
 */
export const normalized = (text: string, charsMax: number): string =>
  text.slice(0, charsMax).normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/gu, ' ');

/** The rules that match a text which was normalized, in the order of the document. */
export const matching = <R extends Rule>(rules: readonly R[], plain: string): readonly R[] =>
  plain === ''
    ? []
    : compiledRules(rules)
        .filter(({ expression }) => expression.test(plain))
        .map(({ rule }) => rule);

/** Removing a match may join its neighbours into another one; as often as this, then it is given up. */
const REMOVALS_MAX = 32;

/** A text that was normalized, without what the rules match. */
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
