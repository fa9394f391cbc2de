import type { ApiSchema } from '../openapi/document.ts';
import { nameOf } from '../openapi/operations.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
const code = (value: unknown): string =>
  `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``;

/** Returns a schema's type in words, with a link for a named schema. */
export function typeOf(schema: ApiSchema): string {
  const name = nameOf(schema);
  const variants = schema.anyOf ?? schema.oneOf;
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (variants !== undefined) return variants.map(typeOf).join(' or ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.properties !== undefined) return shapeOf(schema);
  if (typeof schema.additionalProperties === 'object') return `object of ${typeOf(schema.additionalProperties)}`;
  return schema.format ?? (schema.type === undefined ? 'any JSON' : [schema.type].flat().join(' or '));
}

/** Returns the names of an object's fields, with a question mark after optional ones: `{session_id, turn_id?}`. */
export function shapeOf({ properties = {}, required = [] }: ApiSchema): string {
  const names = Object.keys(properties).map((name) => `${name}${required.includes(name) ? '' : '?'}`);
  return `\`{${names.join(', ')}}\``;
}

const range = (least: number | undefined, most: number | undefined, unit: string): string[] => {
  if (least === undefined && most === undefined) return [];
  const [from, to] = [least, most].map((bound) => bound?.toLocaleString('en'));
  return [`${from === undefined ? 'at most ' : to === undefined ? 'at least ' : `${from} to `}${to ?? from}${unit}`];
};

/** Returns a bound; undefined for one that only limits a number to the safe integers. */
const finite = (bound: number | undefined): number | undefined =>
  bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;

/** Returns the constraints of a value in words: bounds, pattern, default. */
export function boundsOf(schema: ApiSchema): readonly string[] {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, pattern, format } = schema;
  return [
    ...range(minLength, maxLength, ' characters'),
    ...range(finite(minimum), finite(maximum), ''),
    ...range(minItems, maxItems, ' items'),
    ...(pattern === undefined || format !== undefined ? [] : [code(pattern)]),
    ...(schema.default === undefined ? [] : [`default ${code(schema.default)}`]),
  ];
}

/** A field or a parameter, as a table row shows it. */
export interface Field {
  readonly name: string;
  readonly schema: ApiSchema;
  readonly isRequired: boolean;
  /** Kind of object that has the field, when only some kinds of a union have it. */
  readonly of?: string;
}

/** Returns the fields of an object; for a union, each field once, with the kind when only some kinds have it. */
export function fieldsOf({ properties = {}, required = [], oneOf = [] }: ApiSchema): readonly Field[] {
  if (oneOf.length === 0)
    return Object.entries(properties).map(([name, schema]) => ({ name, schema, isRequired: required.includes(name) }));
  const kinds = oneOf.map((variant) => ({ variant, fields: fieldsOf(variant) }));
  const kindOf = (fields: readonly Field[]): string =>
    fields.flatMap(({ schema }) => (schema.const === undefined ? [] : [code(schema.const)])).join(', ');
  const merged = new Map<string, Field>();
  for (const { fields } of kinds)
    for (const field of fields) {
      const others = kinds.filter((kind) => kind.fields.some(({ name }) => name === field.name));
      const schemas = others.flatMap((kind) => kind.fields.filter(({ name }) => name === field.name));
      const consts = schemas.map(({ schema }) => schema.const);
      merged.set(field.name, {
        ...field,
        schema: consts.includes(undefined) ? field.schema : { enum: consts },
        ...(others.length < kinds.length && { of: kindOf(fields) }),
      });
    }
  return [...merged.values()];
}

/** Options of a table row. */
export interface RowOptions {
  /** Cell behind the name, such as `query`. */
  readonly location?: string;
  /** Which fields are marked: requests mark required fields, answers optional ones. */
  readonly marks?: 'required' | 'optional';
}

/** Returns a table row: name, location, type with bounds, description. */
export function fieldRow(
  { name, schema, isRequired, of }: Field,
  description = schema.description ?? '',
  { location, marks = 'required' }: RowOptions = {},
): string {
  const type = [typeOf(schema), ...boundsOf(schema), ...boundsOf(schema.items ?? {}).map((bound) => `each ${bound}`)];
  const notes = [
    ...(isRequired === (marks === 'required') ? [`**${marks}**`] : []),
    ...(of === undefined ? [] : [`only with ${of}`]),
    ...(description === '' ? [] : [description]),
  ];
  return `| ${[`\`${name}\``, ...(location === undefined ? [] : [location]), cell(type.join(', ')), cell(notes.join(': '))].join(' | ')} |`;
}
