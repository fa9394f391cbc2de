/** Random Cedar expressions as text, by type. Composed expressions are in parentheses. */
import fc from 'fast-check';
import { ruleFacts } from '../../schemas/contexts/constitution/rules.ts';

type Text = fc.Arbitrary<string>;

type Expressions = {
  readonly bool: string;
  readonly long: string;
  readonly text: string;
  readonly texts: string;
  readonly entity: string;
};

export const ids = ['a', 'b', '', '"quoted"', 'ü', 'line\nbreak', '😀'] as const;
export const words = ['guide', 'teacher', '', 'x', 'y', 'ü', 'g*', '\\', 'a'] as const;
/** Literals up to both limits of Cedar's 64 bits, and around the limits of exact doubles. */
const longs = [
  ...Array.from({ length: 28 }, (_, n) => String((n % 7) - 1)),
  ...['9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740991', '-9007199254740993'],
  ...['9223372036854775807', '-9223372036854775808'],
] as const;

/** Writes a Cedar string literal. */
export const quoted = (text: string): string =>
  `"${text.replace(/["\\\p{C}]/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`)}"`;

export const entityLiteral: Text = fc
  .tuple(fc.constantFrom('Principal', 'Principal', 'Tenant', 'Model', 'Tool', 'Other::Thing'), fc.constantFrom(...ids))
  .map(([type, id]) => `${type}::${quoted(id)}`);
const actionLiteral: Text = fc
  .constantFrom('StartSession', 'SubmitTurn', 'InferText', 'EmbedText', 'Unknown')
  .map((id) => `Action::"${id}"`);
const wordLiteral: Text = fc.constantFrom(...words).map(quoted);

const join = (...parts: readonly (Text | string)[]): Text =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''));
const binary = (left: Text, operators: readonly string[], right: Text): Text =>
  join('(', left, ' ', fc.constantFrom(...operators), ' ', right, ')');
const choice = (test: Text, each: Text): Text => join('(if ', test, ' then ', each, ' else ', each, ')');
const call = (on: Text, method: string, argument: Text): Text => join(on, `.${method}(`, argument, ')');
/** A fact of a Cedar type, in either way to write it. */
const factOf = (type: (typeof ruleFacts)[keyof typeof ruleFacts]): Text =>
  fc
    .tuple(
      fc.constantFrom(...Object.keys(ruleFacts).filter((name) => ruleFacts[name as keyof typeof ruleFacts] === type)),
      fc.boolean(),
    )
    .map(([name, dotted]) => `context${dotted ? `.${name}` : `["${name}"]`}`);

type Tie = <K extends keyof Expressions>(type: K) => Text;
type Productions = { readonly [K in keyof Expressions]: readonly Text[] };

/** Expressions that infra/governance/cedar/conditions.ts evaluates. */
const simpleProductions = (tie: Tie): Productions => ({
  bool: [
    fc.constantFrom('true', 'false'),
    binary(tie('long'), ['<', '<=', '>', '>=', '==', '!='], tie('long')),
    binary(tie('text'), ['==', '!='], tie('text')),
    binary(tie('entity'), ['==', '!=', 'in'], tie('entity')),
    join(
      '(principal ',
      fc.constantFrom('in Tenant::', 'in Principal::', '== Principal::'),
      fc.constantFrom(...ids).map(quoted),
      ')',
    ),
    join(
      '(',
      fc.constantFrom('resource == Model::', 'resource in Model::', 'resource == Tool::'),
      fc.constantFrom(...ids).map(quoted),
      ')',
    ),
    call(tie('texts'), 'contains', tie('text')),
    call(tie('texts'), 'containsAll', tie('texts')),
    call(tie('texts'), 'containsAny', tie('texts')),
    binary(tie('bool'), ['&&', '||', '==', '!='], tie('bool')),
    binary(tie('long'), ['<', '<=', '>', '>='], tie('long')),
    join('(', tie('bool'), ' && ', tie('bool'), ' && ', tie('bool'), ')'),
    join('(', tie('bool'), ' || ', tie('bool'), ' && ', tie('bool'), ')'),
    join('!', tie('bool')),
    choice(tie('bool'), tie('bool')),
  ],
  long: [fc.constantFrom(...longs).map((n) => `(${n})`), factOf('Long')],
  text: [wordLiteral, factOf('String')],
  texts: [factOf('Set<String>'), fc.array(wordLiteral, { maxLength: 3 }).map((all) => `[${all.join(', ')}]`)],
  entity: [fc.constantFrom('principal', 'action', 'resource'), entityLiteral, actionLiteral],
});

/** Expressions that Cedar must evaluate: other operators, other types, and everything that can fail. */
const furtherProductions = (tie: Tie): Productions => ({
  bool: [
    join('(', tie('text'), ' like ', fc.constantFrom('"g*"', '"*"', '"*e*"', String.raw`"g\*"`, '""'), ')'),
    join('(context has ', fc.constantFrom('persona', 'nothing', 'persona.x', 'nothing.x', '"max_tokens"'), ')'),
    join('((context has nothing) && (context.nothing == ', tie('long'), '))'),
    join('(', tie('entity'), ' has name)'),
    join('(', tie('entity'), fc.constantFrom(' is Principal', ' is Model', ' is Tenant', ' is Other::Thing'), ')'),
    join('(', tie('entity'), ' is Principal in ', tie('entity'), ')'),
    join('(', tie('entity'), ' in [', tie('entity'), ', ', tie('entity'), '])'),
    binary(tie('texts'), ['==', '!='], tie('texts')),
    join(tie('texts'), '.isEmpty()'),
    binary(binary(tie('long'), ['+', '-', '*'], tie('long')), ['<', '>=', '=='], tie('long')),
    call(fc.constantFrom('[1, 2]', '[true, "x"]', '[[1], [2]]'), 'contains', tie('long')),
    fc.constantFrom('[1, 2].containsAll([2])', '[principal, resource].containsAny([resource])'),
    call(
      join('decimal(', fc.constantFrom('"1.0"', '"-0.5"', '"one"'), ')'),
      'lessThan',
      fc.constant('decimal("0.9999")'),
    ),
    fc.constantFrom('ip("10.0.0.1").isInRange(ip("10.0.0.0/8"))', 'ip("::1").isLoopback()', 'ip("ten").isIpv4()'),
    binary(
      fc.constant('datetime("2026-01-01")'),
      ['<', '>=', '=='],
      fc.constantFrom('datetime("2025-12-31")', 'datetime("?")'),
    ),
    fc.constantFrom('(duration("1h") > duration("59m"))', '({a: 1, b: "x"} == {b: "x", a: 1})', '({} == context)'),
    call(tie('entity'), 'hasTag', tie('text')),
    binary(call(tie('entity'), 'getTag', tie('text')), ['=='], tie('text')),
    // Equality of different types is false; order of different types is an error.
    binary(tie('long'), ['==', '!=', '<'], tie('text')),
    binary(tie('entity'), ['==', '!=', 'in'], tie('text')),
    binary(tie('texts'), ['==', '!=', '>='], tie('bool')),
    call(tie('texts'), 'contains', tie('long')),
    call(tie('text'), 'contains', tie('text')),
    call(tie('texts'), 'containsAll', tie('text')),
    binary(tie('long'), ['&&', '||'], tie('bool')),
    binary(tie('bool'), ['&&', '||'], tie('long')),
    join('!', tie('long')),
    join('(if ', tie('text'), ' then true else ', tie('bool'), ')'),
    join('(if ', tie('bool'), ' then ', tie('bool'), ' else ', tie('long'), ')'),
    fc.constantFrom('context.nothing', 'principal.name', 'context.persona.length', '({a: true}.b)'),
  ],
  long: [
    binary(tie('long'), ['+', '-', '*'], tie('long')),
    join('(-', tie('long'), ')'),
    choice(tie('bool'), tie('long')),
    fc.constantFrom('{a: 1}.a', 'duration("2h").toHours()', 'context.nothing', 'context.persona'),
  ],
  text: [choice(tie('bool'), tie('text')), fc.constantFrom('{"a": "x"}["a"]', 'principal.name', 'context.max_tokens')],
  texts: [
    join('[', tie('text'), ', ', tie('text'), ']'),
    choice(tie('bool'), tie('texts')),
    fc.constantFrom('["x", 1]', 'context.nothing', 'context.persona'),
  ],
  entity: [choice(tie('bool'), tie('entity')), fc.constantFrom('principal.owner', 'resource.parent', 'context.tenant')],
});

const types = ['bool', 'long', 'text', 'texts', 'entity'] as const;

/** From this depth on, the first production of each type ends the expression. */
const DEPTH_MAX = 4;

/**
 * Returns conditions in which each part is `furtherShare` times as likely to be a further production as a simple one; 0
 * for none.
 */
function conditionOf(furtherShare: number): Text {
  const weighted = (all: readonly Text[], total: number) =>
    all.map((arbitrary) => ({ arbitrary, weight: Math.max(1, Math.round((total * 120) / all.length)) }));
  const { bool } = fc.letrec<Expressions>((tie) => {
    const [simple, further] = [simpleProductions(tie), furtherProductions(tie)];
    const arbitraries = types.map((type) => {
      const added = furtherShare === 0 ? [] : weighted(further[type], furtherShare);
      return [type, fc.oneof({ maxDepth: DEPTH_MAX, withCrossShrink: true }, ...weighted(simple[type], 1), ...added)];
    });
    return Object.fromEntries(arbitraries) as { readonly [K in keyof Expressions]: Text };
  });
  return bool;
}

/** A condition of the form that is evaluated without Cedar, unless a literal in it is longer than a double. */
const simpleCondition = conditionOf(0);
/** A condition with a part that Cedar may have to evaluate. */
const mixedCondition = conditionOf(0.15);
/** A condition of any form. */
const anyCondition = conditionOf(2);

export const condition: Text = fc.oneof({ arbitrary: simpleCondition, weight: 3 }, mixedCondition, anyCondition);
