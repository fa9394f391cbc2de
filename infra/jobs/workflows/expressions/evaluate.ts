/** Values of documents that have expressions in them. */
import type { Jq } from './jq.ts';

/** Variables of an expression, without the dollar sign. */
export type Variables = Readonly<Record<string, unknown>>;
/** Evaluates expressions. Throws ExpressionError. */
export type Evaluator = Pick<Jq, 'evaluate'>;

/** A strict expression: `${ .name }`. */
const STRICT = /^\s*\$\{([\s\S]*)\}\s*$/;

/** Returns the expression of a text; null for a text that is none. */
export const expressionIn = (text: string): string | null => STRICT.exec(text)?.[1] ?? null;

/**
 * Returns the value of a path; undefined for what jq has to say. jq gives null for a missing member and fails for a member of
 * a text or a number.
 */
function ofPath(expression: string, data: unknown, variables: Variables): { readonly value: unknown } | undefined {
  const text = expression.trim();
  if (text === '.') return { value: data ?? null };
  if (!/^(?:\.|\$)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(text)) return undefined;
  const isVariable = text.startsWith('$');
  const [first = '', ...rest] = text.slice(1).split('.');
  if (isVariable && !Object.hasOwn(variables, first)) return undefined;
  let value: unknown = isVariable ? variables[first] : data;
  for (const name of isVariable ? rest : [first, ...rest]) {
    if (value === null || value === undefined) return { value: null };
    if (typeof value !== 'object' || Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : null;
  }
  return { value: value ?? null };
}

/** Returns the value of JSON, which jq takes as it is; undefined for anything else. */
function literal(expression: string): { readonly value: unknown } | undefined {
  if (!/^\s*[[{"\d]/.test(expression)) return undefined;
  try {
    return { value: JSON.parse(expression) as unknown };
  } catch {
    return undefined;
  }
}

/** Returns the variables that an expression names: only these are sent to the evaluator. */
function used(expression: string, variables: Variables): Variables {
  const names = new Set([...expression.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name]) => name));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.has(name)));
}

/** Returns the value of an expression, with or without `${ }`. Throws ExpressionError. */
export function evaluated(jq: Evaluator, text: string, data: unknown, variables: Variables): unknown {
  const expression = expressionIn(text) ?? text;
  const found = ofPath(expression, data, variables) ?? literal(expression);
  return found === undefined ? jq.evaluate(expression, data, used(expression, variables)) : found.value;
}

/** Returns a value of a document with the expressions in it evaluated: texts that are wholly `${ }`. Throws ExpressionError. */
export function filled(jq: Evaluator, value: unknown, data: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return expressionIn(value) === null ? value : evaluated(jq, value, data, variables);
  if (Array.isArray(value)) return value.map((each) => filled(jq, each, data, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(jq, each, data, variables)]));
}

/** Returns whether a condition holds: anything but false and null, as in jq. Throws ExpressionError. */
export function holds(jq: Evaluator, text: string, data: unknown, variables: Variables): boolean {
  const value = evaluated(jq, text, data, variables);
  return value !== false && value !== null;
}

/** A named member in braces of a URI: `/pets/{petId}`. */
const MEMBER = /\{([A-Za-z_][\w.]*)\}/g;

/** Returns a URI with the named members of the data in it, escaped; a missing one is empty. Throws ExpressionError. */
export const uriOf = (jq: Evaluator, text: string, data: unknown, variables: Variables): string =>
  expressionIn(text) === null
    ? text.replaceAll(MEMBER, (_, name: string) => {
        const value = evaluated(jq, `.${name}`, data, variables);
        return value === null ? '' : encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value));
      })
    : String(evaluated(jq, text, data, variables));
