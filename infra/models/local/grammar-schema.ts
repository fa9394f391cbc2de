/** Keywords that restrict nothing, or that the grammars of node-llama-cpp hold an answer to. */
const KEYWORDS = new Set([
  ...['$schema', '$id', '$defs', '$ref', '$comment', 'title', 'description', 'default', 'examples'],
  ...['type', 'const', 'enum', 'oneOf', 'anyOf', 'properties', 'required', 'additionalProperties'],
  ...['minProperties', 'maxProperties', 'items', 'prefixItems', 'minItems', 'maxItems'],
  ...['minLength', 'maxLength', 'format'],
]);
const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null', 'object', 'array']);
const FORMATS: ReadonlySet<unknown> = new Set(['date', 'time', 'date-time']);
/** Nesting of a schema that is looked at. */
const DEPTH_MAX = 64;

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Returns the parts of a schema that are schemas themselves, each with its path. */
function* partsOf(schema: Node, path: string): Generator<readonly [unknown, string]> {
  for (const keyword of ['properties', '$defs'] as const) {
    const named = schema[keyword];
    if (named === undefined) continue;
    if (isNode(named)) for (const [name, part] of Object.entries(named)) yield [part, `${path}/${keyword}/${name}`];
    else yield [undefined, `${path}/${keyword}`];
  }
  for (const keyword of ['oneOf', 'anyOf', 'prefixItems'] as const) {
    const several = schema[keyword];
    if (several === undefined) continue;
    if (Array.isArray(several)) for (const [at, part] of several.entries()) yield [part, `${path}/${keyword}/${at}`];
    else yield [undefined, `${path}/${keyword}`];
  }
  for (const keyword of ['items', 'additionalProperties'] as const) {
    const part = schema[keyword];
    if (part !== undefined && typeof part !== 'boolean') yield [part, `${path}/${keyword}`];
  }
}

/**
 * Returns why a grammar would not hold an answer to a JSON schema, with the place in it; null when it would. The package
 * ignores what it does not know, so an answer would be of another form without an error.
 */
export function unsupportedIn(schema: unknown): string | null {
  const definitions = isNode(schema) && isNode(schema['$defs']) ? schema['$defs'] : {};
  const look = (node: unknown, path: string, depth: number): string | null => {
    if (!isNode(node)) return `${path}: expected a schema`;
    if (depth > DEPTH_MAX) return `${path}: nested deeper than ${DEPTH_MAX}`;
    const unknown = Object.keys(node).find((keyword) => !KEYWORDS.has(keyword));
    if (unknown !== undefined) return `${path}/${unknown}: this keyword is not supported`;
    const { type, format, $ref: reference } = node;
    if (type !== undefined && !list(type).every((name) => TYPES.has(name))) return `${path}/type: no such type`;
    if (format !== undefined && !FORMATS.has(format)) return `${path}/format: this format is not supported`;
    if (reference !== undefined) {
      const name = /^#\/\$defs\/([^/]+)$/.exec(String(reference))?.[1];
      if (name === undefined || !Object.hasOwn(definitions, name))
        return `${path}/$ref: expected #/$defs/ and a definition`;
    }
    for (const [part, at] of partsOf(node, path)) {
      const found = look(part, at, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  return look(schema, '#', 0);
}
