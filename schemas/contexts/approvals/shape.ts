/**
 * Shapes of arguments that a grant covers: a subset of JSON Schema 2020-12 that is total, fast and small. An object with
 * `properties`, each with `const`, `enum`, or `type` with bounds, and `required`. A property without a rule is refused, so
 * a shape says all that may vary.
 */

import { isJsonObject } from '../../json-object.ts';
import { GRANT_SHAPE_CHARS_MAX } from '../approvals.ts';

type Rule = Readonly<Record<string, unknown>>;
interface Shape {
  readonly properties: Readonly<Record<string, Rule>>;
  readonly required: readonly string[];
}

const PROPERTIES_MAX = 64;
const ENUM_MAX = 100;
const keywords: ReadonlySet<string> = new Set(['const', 'enum', 'type', 'minimum', 'maximum', 'maxLength']);
const types: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean']);

const isScalar = (value: unknown): boolean => value === null || ['string', 'number', 'boolean'].includes(typeof value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function ruleProblem(name: string, rule: unknown): string | null {
  if (!isJsonObject(rule) || Object.keys(rule).length === 0) return `${name} has no rule`;
  for (const [keyword, value] of Object.entries(rule)) {
    if (!keywords.has(keyword)) return `${name}: ${keyword} is not one of ${[...keywords].join(', ')}`;
    if (keyword === 'const' && !isScalar(value)) return `${name}: const must be a text, a number, true, false or null`;
    if (keyword === 'enum' && !(Array.isArray(value) && value.length <= ENUM_MAX && value.every(isScalar)))
      return `${name}: enum must be a list of at most ${ENUM_MAX} texts or numbers`;
    if (keyword === 'type' && !types.has(value)) return `${name}: type must be string, number, integer or boolean`;
    if (['minimum', 'maximum', 'maxLength'].includes(keyword) && typeof value !== 'number')
      return `${name}: ${keyword} must be a number`;
  }
  const says = ['const', 'enum', 'type'].some((keyword) => Object.hasOwn(rule, keyword));
  return says ? null : `${name} needs const, enum or type`;
}

/** Returns why a text is no shape; null for a shape. Never throws. */
export function shapeProblem(text: string): string | null {
  if (text.length > GRANT_SHAPE_CHARS_MAX) return `longer than ${GRANT_SHAPE_CHARS_MAX} characters`;
  const shape = parsed(text);
  if (!isJsonObject(shape)) return 'not a JSON object';
  const unknown = Object.keys(shape).find((keyword) => !['type', 'properties', 'required'].includes(keyword));
  if (unknown !== undefined) return `${unknown} is not one of type, properties, required`;
  if (shape['type'] !== undefined && shape['type'] !== 'object') return 'type must be object';
  const { properties, required = [] } = shape;
  if (!isJsonObject(properties)) return 'properties are missing';
  if (Object.keys(properties).length > PROPERTIES_MAX) return `more than ${PROPERTIES_MAX} properties`;
  if (!Array.isArray(required) || required.some((name) => typeof name !== 'string')) return 'required must be a list';
  for (const [name, rule] of Object.entries(properties)) {
    const problem = ruleProblem(name, rule);
    if (problem !== null) return problem;
  }
  return null;
}

const isOfType = (type: unknown, value: unknown): boolean =>
  type === 'integer' ? Number.isInteger(value) : typeof value === type;

function follows(rule: Rule, value: unknown): boolean {
  if (!isScalar(value)) return false;
  if (Object.hasOwn(rule, 'const') && rule['const'] !== value) return false;
  if (Array.isArray(rule['enum']) && !rule['enum'].includes(value)) return false;
  if (rule['type'] !== undefined && !isOfType(rule['type'], value)) return false;
  if (typeof rule['minimum'] === 'number' && !(typeof value === 'number' && value >= rule['minimum'])) return false;
  if (typeof rule['maximum'] === 'number' && !(typeof value === 'number' && value <= rule['maximum'])) return false;
  return !(typeof rule['maxLength'] === 'number' && !(typeof value === 'string' && value.length <= rule['maxLength']));
}

/** Returns true when arguments, JSON, fit a shape, JSON. False for a text that is none. Never throws. */
export function fitsShape(shape: string, text: string): boolean {
  if (shapeProblem(shape) !== null) return false;
  const { properties, required = [] } = parsed(shape) as Partial<Shape> & Pick<Shape, 'properties'>;
  const given = parsed(text);
  if (!isJsonObject(given)) return false;
  if (required.some((name) => !Object.hasOwn(given, name))) return false;
  return Object.entries(given).every(([name, value]) => {
    const rule = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return rule !== undefined && follows(rule, value);
  });
}
