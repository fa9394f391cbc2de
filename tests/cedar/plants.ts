/** Errors for the evaluator of conditions, to show that the comparison notices each. */
import type { Expr } from '@cedar-policy/cedar-wasm/nodejs';
import { type ConditionCompiler, compileConditions } from '../../infra/governance/cedar/conditions.ts';

type Parts = Readonly<Record<string, unknown>>;
/** Returns a replacement for an operator's expression, or undefined to keep it. */
type Rewrite = (operator: string, operand: unknown) => Parts | undefined;

const as =
  (from: string, to: string): Rewrite =>
  (operator, operand) =>
    operator === from ? { [to]: operand } : undefined;
const swap =
  (a: string, b: string): Rewrite =>
  (operator, operand) =>
    as(a, b)(operator, operand) ?? as(b, a)(operator, operand);
const value =
  (from: string, literal: unknown): Rewrite =>
  (operator) =>
    operator === from ? { Value: literal } : undefined;

/** Planted errors that compile a rewritten expression instead of the original. */
const rewrites = {
  'less-is-less-or-equal': as('<', '<='),
  'less-or-equal-is-less': as('<=', '<'),
  'greater-is-greater-or-equal': as('>', '>='),
  'greater-or-equal-is-greater': as('>=', '>'),
  'equal-is-not-equal': as('==', '!='),
  'not-equal-is-equal': as('!=', '=='),
  'and-is-or': as('&&', '||'),
  'or-is-and': as('||', '&&'),
  'not-is-left-out': (operator, operand) => (operator === '!' ? (operand as { arg: Parts }).arg : undefined),
  'if-takes-the-other-branch': (operator, operand) => {
    if (operator !== 'if-then-else') return undefined;
    const { if: test, then: yes, else: no } = operand as Parts;
    return { [operator]: Object.fromEntries(Object.entries({ if: test, else: yes }).concat([['then', no]])) };
  },
  'contains-is-contains-not': (operator, operand) =>
    operator === 'contains' ? { '!': { arg: { contains: operand } } } : undefined,
  'contains-all-and-any-swapped': swap('containsAll', 'containsAny'),
  'in-is-equal': as('in', '=='),
  'set-is-empty': (operator) => (operator === 'Set' ? { Set: [] } : undefined),
  'principal-is-resource': (operator, operand) =>
    operator === 'Var' && operand === 'principal' ? { Var: 'resource' } : undefined,
  'facts-swapped': (operator, operand) =>
    operator === '.' && (operand as { attr: string }).attr === 'max_tokens'
      ? { '.': { ...(operand as object), attr: 'prompt_chars' } }
      : undefined,
  'sum-is-one': value('+', 1),
  'like-always-matches': value('like', true),
  'has-is-always-true': value('has', true),
  'missing-attribute-is-true': (operator, operand) =>
    operator === '.' && (operand as { attr: string }).attr === 'nothing' ? { Value: true } : undefined,
} as const satisfies Readonly<Record<string, Rewrite>>;

function rewritten(rewrite: Rewrite, expression: unknown): Expr {
  if (Array.isArray(expression)) return expression.map((each) => rewritten(rewrite, each)) as unknown as Expr;
  if (typeof expression !== 'object' || expression === null) return expression as Expr;
  const inner = Object.entries(expression).map(([name, part]) => [name, rewritten(rewrite, part)] as const);
  const [[operator, operand] = ['', undefined], ...more] = inner;
  const replaced = more.length === 0 ? rewrite(operator, operand) : undefined;
  return (replaced ?? Object.fromEntries(inner)) as unknown as Expr;
}

export type Plant = keyof typeof rewrites | 'unless-is-when' | 'first-condition-decides';
export const plants: readonly Plant[] = [
  ...(Object.keys(rewrites) as (keyof typeof rewrites)[]),
  'unless-is-when',
  'first-condition-decides',
];
/** Returns true for the name of a plant. */
export const isPlant = (name: string): name is Plant => (plants as readonly string[]).includes(name);

/** Returns the evaluator with one error in it. */
export function planted(plant: Plant): ConditionCompiler {
  switch (plant) {
    case 'unless-is-when':
      return (conditions) => compileConditions(conditions.map(({ body }) => ({ kind: 'when', body })));
    case 'first-condition-decides':
      return (conditions) => compileConditions(conditions.slice(0, 1));
    default:
      return (conditions) =>
        compileConditions(conditions.map(({ kind, body }) => ({ kind, body: rewritten(rewrites[plant], body) })));
  }
}
