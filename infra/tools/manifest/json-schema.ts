import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isJsonObject, type JsonObject } from '../../../schemas/json-object.ts';
import { patternProblem } from '../../governance/constitution/safe-pattern.ts';
import { messageOf } from '../../kit/errors.ts';

/** Bounds of a schema of a tool: it is compiled and run in this process, and its author is not trusted. */
export const SCHEMA_BYTES_MAX = 32 * 1024;
export const SCHEMA_DEPTH_MAX = 24;
export const SCHEMA_NODES_MAX = 2_000;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
/** Keywords that name another document, or change what a reference means. References are pointers: an anchor changes none. */
const REFUSED: ReadonlySet<string> = new Set([
  ...['$id', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor', '$vocabulary', '$async'],
  // Without a bound on both sides it compares every pair.
  'uniqueItems',
]);
/** Keywords whose members are data, or names of fields, and no schemas. */
const DATA: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'required', 'dependentRequired']);
const NAMED: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);

interface Found {
  nodes: number;
  readonly problems: string[];
  /** References, from the pointer of the schema that has one. */
  readonly references: Map<string, string>;
}

function look(value: unknown, at: string, depth: number, found: Found): void {
  found.nodes += 1;
  if (found.nodes > SCHEMA_NODES_MAX || found.problems.length > 0) return;
  if (depth > SCHEMA_DEPTH_MAX) found.problems.push(`${at}: nested more than ${SCHEMA_DEPTH_MAX} deep`);
  else if (Array.isArray(value))
    for (const [nth, each] of value.entries()) look(each, `${at}/${nth}`, depth + 1, found);
  else if (isJsonObject(value)) lookIn(value, at, depth, found);
}

function lookIn(schema: JsonObject, at: string, depth: number, found: Found): void {
  for (const [keyword, value] of Object.entries(schema)) {
    const here = `${at}/${keyword}`;
    const problem = problemOf(keyword, value, at === '#');
    if (problem !== null) found.problems.push(`${here}: ${problem}`);
    if (keyword === '$ref' && typeof value === 'string') found.references.set(at, value);
    if (DATA.has(keyword)) continue;
    if (!NAMED.has(keyword) || !isJsonObject(value)) {
      look(value, here, depth + 1, found);
      continue;
    }
    for (const [name, each] of Object.entries(value)) {
      const unsafe = keyword === 'patternProperties' ? patternProblem(name) : null;
      if (unsafe !== null) found.problems.push(`${here}: pattern not allowed: ${unsafe}`);
      look(each, `${here}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 2, found);
    }
  }
}

function problemOf(keyword: string, value: unknown, isRoot: boolean): string | null {
  if (REFUSED.has(keyword)) return 'keyword not allowed';
  if (keyword === '$schema') return isRoot && value === DIALECT ? null : `expected ${DIALECT}, at the root`;
  if (keyword === '$ref')
    return typeof value === 'string' && /^#(?:\/|$)/.test(value) ? null : 'expected a local reference';
  if (keyword !== 'pattern') return null;
  const unsafe = typeof value === 'string' ? patternProblem(value) : 'expected a text';
  return unsafe === null ? null : `pattern not allowed: ${unsafe}`;
}

/** Returns whether a schema contains itself by its references: such a schema has no bound. */
function hasCycle(references: ReadonlyMap<string, string>): boolean {
  const inside = (at: string, root: string): boolean => at === root || at.startsWith(`${root}/`);
  const next = (root: string): string[] =>
    [...references].filter(([at]) => inside(at, root)).map(([, target]) => target);
  return [...references.values()].some((start) => {
    const seen = new Set<string>();
    const rest = next(start);
    for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
      if (inside(start, at)) return true;
      if (!seen.has(at)) rest.push(...next(at));
      seen.add(at);
    }
    return false;
  });
}

/**
 * Returns why a JSON Schema of a tool is not used; null for one that is. It must be a valid schema of draft 2020-12 of at
 * most 32 KiB, with references to its own parts that form no cycle, and with patterns whose time is linear. Never throws.
 */
export function schemaProblem(schema: unknown): string | null {
  if (!isJsonObject(schema)) return 'expected a JSON Schema object';
  if (Buffer.byteLength(JSON.stringify(schema)) > SCHEMA_BYTES_MAX) return `longer than ${SCHEMA_BYTES_MAX} bytes`;
  const found: Found = { nodes: 0, problems: [], references: new Map() };
  look(schema, '#', 0, found);
  if (found.nodes > SCHEMA_NODES_MAX) return `more than ${SCHEMA_NODES_MAX} parts`;
  const [problem] = found.problems;
  if (problem !== undefined) return problem;
  if (hasCycle(found.references)) return 'a reference leads back to a schema around it';
  try {
    compile(schema);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

let known: Ajv2020 | undefined;
/** Checks schemas by that of the dialect, whose compilation takes ten times as long as that of most schemas. */
const dialect = (): Ajv2020 => (known ??= new Ajv2020({ allErrors: true, strict: false }));

function compile(schema: object): ValidateFunction {
  if (dialect().validateSchema(schema) !== true) throw new Error(`schema is invalid: ${dialect().errorsText()}`);
  // An instance of its own: a shared one keeps every schema that it has compiled.
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateSchema: false, meta: false });
  addFormats.default(ajv, { mode: 'fast' });
  return ajv.compile(schema);
}

/** Checks values by a schema; the errors of the last value are in `errors`. */
export type Check = (value: unknown) => readonly ErrorObject[];

/** Returns the check of a schema that `schemaProblem` accepts. Throws for any other. */
export function checkOf(schema: object): Check {
  const validate = compile(schema);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}
