import { camelCase } from '../naming.ts';
import {
  type AvroCollection,
  type AvroField,
  type AvroNamed,
  type AvroRecord,
  type AvroSchema,
  isNamed,
} from './avro-files.ts';

const HEADER = '// Generated from schemas/avro by `npm run generate`. Do not edit.\n\n';
const ATTRIBUTE = 'khipu.audit';

/** A value of a template: its TypeScript expression, and whether it may be null. */
interface Named {
  readonly type: AvroSchema;
  readonly code: string;
  readonly nullable: boolean;
}

/**
 * Returns the TypeScript of a template literal for one record. `{a.b}` is the value of a field, by its Avro names; for
 * an array its items, comma-separated. `{a.length}` is the number of characters or items. `{a|none}` is `none` when the
 * value is null or empty. Throws when a field does not exist, may be null without a text for it, or has no text form.
 */
export function templateCode(record: AvroRecord, template: string, named: ReadonlyMap<string, AvroNamed>): string {
  const fail = (placeholder: string, why: string): never => {
    throw new Error(`${record.name}: ${ATTRIBUTE}: {${placeholder}} ${why}`);
  };
  const text = template.split(/(\{[^}]*\})/).map((part) => {
    if (!part.startsWith('{')) return part.replaceAll(/[\\`]|\$(?=\{)/g, '\\$&');
    const placeholder = part.slice(1, -1);
    const [path = '', fallback] = placeholder.split('|');
    const found = find(record, path.split('.'), named);
    if (found === null) return fail(placeholder, 'names no field');
    if (found.nullable && fallback === undefined)
      return fail(placeholder, 'may be null: say what it is then, {a|none}');
    const code = codeOf(found, fallback) ?? fail(placeholder, 'has no text of its own');
    return `\${${code}}`;
  });
  return `\`${text.join('')}\``;
}

function codeOf({ type, code, nullable }: Named, fallback: string | undefined): string | null {
  const list = isList(type);
  if (!list && !isText(type)) return null;
  const value = list ? `${code}.join(', ')` : code;
  if (fallback === undefined) return value;
  return `${value} ${nullable ? '??' : '||'} '${fallback}'`;
}

const isList = (type: AvroSchema): boolean => (type as AvroCollection).type === 'array';
const isText = (type: AvroSchema): boolean =>
  typeof type === 'string'
    ? ['string', 'int', 'long', 'double'].includes(type)
    : !Array.isArray(type) && (type.type === 'enum' || 'logicalType' in type);

/** Returns the field at a path of names; null when a name is unknown. */
function find(record: AvroNamed, path: readonly string[], named: ReadonlyMap<string, AvroNamed>): Named | null {
  let found: Named | null = { type: record, code: 'data', nullable: false };
  for (const name of path) found = found === null ? null : step(found, name, named);
  return found;
}

function step({ type, code, nullable }: Named, name: string, named: ReadonlyMap<string, AvroNamed>): Named | null {
  if (nullable) return null;
  if (name === 'length' && (isList(type) || type === 'string'))
    return { type: 'int', code: `${code}.length`, nullable: false };
  const field = (isNamed(type) ? type.fields : undefined)?.find((each) => each.name === name);
  return field === undefined ? null : fieldOf(field, code, named);
}

function fieldOf(field: AvroField, code: string, named: ReadonlyMap<string, AvroNamed>): Named {
  const branches = Array.isArray(field.type) ? field.type : [field.type];
  const [type = 'null'] = branches.filter((branch) => branch !== 'null');
  const known = typeof type === 'string' ? (named.get(type) ?? type) : type;
  return { type: known, code: `${code}.${camelCase(field.name)}`, nullable: branches.length > 1 };
}

/** A text without placeholders reads nothing of its record. */
const parameterOf = ({ name }: AvroRecord, template: string): string =>
  template.includes('{') ? `data: Records['${name}']` : '';

/**
 * Returns the module of audit lines: a function for each audited record with a template, and the names of those
 * described in code. Throws when an audited record has no `khipu.audit`, or another record has it.
 */
export function auditModuleOf(
  records: readonly AvroRecord[],
  named: ReadonlyMap<string, AvroNamed>,
  audited: ReadonlySet<string>,
): string {
  const inTemplates: string[] = [];
  const inCode: string[] = [];
  for (const record of records) {
    const template = record[ATTRIBUTE];
    if (audited.has(record.name) !== (template !== undefined))
      throw new Error(
        template === undefined
          ? `${record.name}: an audited record takes ${ATTRIBUTE}, one line about it, or null where code makes the line`
          : `${record.name}: ${ATTRIBUTE} on a record that is not audited`,
      );
    if (template === null) inCode.push(record.name);
    else if (template !== undefined)
      inTemplates.push(
        `  ${record.name}: (${parameterOf(record, template)}): string => ${templateCode(record, template, named)},`,
      );
  }
  return [
    HEADER.trimEnd(),
    "import type { Records } from './records.ts';\n",
    '/** One line about each audited record, for its audit record. */',
    'export const auditLines = {',
    ...inTemplates,
    '} as const;\n',
    '/** Audited records whose line no template can make. */',
    `export type DescribedInCode = ${inCode.map((name) => `'${name}'`).join(' | ') || 'never'};\n`,
  ].join('\n');
}
