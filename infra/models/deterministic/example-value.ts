type Schema = Readonly<Record<string, unknown>>;

/** Nesting that is followed; deeper parts are null. */
const DEPTH_MAX = 16;
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-02',
  time: '03:04:05Z',
  'date-time': '2026-01-02T03:04:05Z',
  email: 'weaver@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Returns a value that a JSON Schema 2020-12 allows: the same one for the same schema and words. Of an object it fills
 * the required properties, or all of them where none is required. Texts are made of `words`. Ignores `pattern`, `not`,
 * `if` and `multipleOf`: what they forbid may be returned.
 */
export function exampleValue(schema: unknown, words: readonly string[]): unknown {
  const text = words.join(' ') || 'khipu';
  const definitions = isSchema(schema) && isSchema(schema['$defs']) ? schema['$defs'] : {};

  const exampleOf = (part: unknown, depth: number): unknown => {
    if (!isSchema(part)) return part === false ? null : text;
    if (depth > DEPTH_MAX) return null;
    if ('const' in part) return part['const'];
    if (Array.isArray(part['enum'])) return part['enum'][0];
    if ('default' in part) return part['default'];
    const reference = /^#\/\$defs\/([^/]+)$/.exec(String(part['$ref']))?.[1];
    if (reference !== undefined) return exampleOf(definitions[reference], depth + 1);
    for (const several of [part['oneOf'], part['anyOf'], part['allOf']])
      if (Array.isArray(several)) return exampleOf({ ...without(part), ...(several[0] as Schema) }, depth + 1);
    return ofType(typeOf(part), part, depth);
  };

  const ofType = (type: unknown, part: Schema, depth: number): unknown => {
    switch (type) {
      case 'object':
        return objectOf(part, depth);
      case 'array':
        return Array.from({ length: Number(part['minItems'] ?? 1) }, () => exampleOf(part['items'] ?? {}, depth + 1));
      case 'integer':
      case 'number':
        return numberOf(part);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return textOf(part, text);
    }
  };

  const objectOf = (part: Schema, depth: number): unknown => {
    const properties = isSchema(part['properties']) ? part['properties'] : {};
    const required = Array.isArray(part['required']) ? (part['required'] as string[]) : [];
    const names = required.length > 0 ? required : Object.keys(properties);
    return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name] ?? {}, depth + 1)]));
  };

  return exampleOf(schema, 0);
}

const without = ({ oneOf: _, anyOf: __, allOf: ___, ...rest }: Schema): Schema => rest;

function typeOf(part: Schema): unknown {
  const { type } = part;
  if (type !== undefined) return Array.isArray(type) ? type[0] : type;
  if ('properties' in part) return 'object';
  return 'items' in part ? 'array' : 'string';
}

function numberOf(part: Schema): number {
  const least = part['exclusiveMinimum'] === undefined ? part['minimum'] : Number(part['exclusiveMinimum']) + 1;
  const most = part['exclusiveMaximum'] === undefined ? part['maximum'] : Number(part['exclusiveMaximum']) - 1;
  return Math.max(Number(least ?? Number.MIN_SAFE_INTEGER), Math.min(Number(most ?? Number.MAX_SAFE_INTEGER), 1));
}

function textOf(part: Schema, text: string): string {
  const known = FORMATS[String(part['format'])];
  if (known !== undefined) return known;
  return text.padEnd(Number(part['minLength'] ?? 0), '.').slice(0, Number(part['maxLength'] ?? text.length + 1_000));
}
