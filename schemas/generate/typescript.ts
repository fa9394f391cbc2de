import { camelCase } from '../naming.ts';
import { type AvroNamed, type AvroRecord, type AvroSchema, isNamed, selfContained } from './avro-files.ts';

const HEADER = '// Generated from schemas/avro by `npm run generate`. Do not edit.\n\n';
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function typeOf(schema: AvroSchema, named: ReadonlyMap<string, AvroNamed>): string {
  if (Array.isArray(schema))
    return schema
      .map((branch) => typeOf(branch, named))
      .reverse()
      .join(' | ');
  if (typeof schema === 'string') {
    switch (schema) {
      case 'string':
        return 'string';
      case 'int':
      case 'long':
      case 'double':
      case 'float':
        return 'number';
      case 'boolean':
        return 'boolean';
      case 'null':
        return 'null';
      default: {
        const reference = named.get(schema);
        if (reference === undefined) throw new Error(`unknown type ${schema}`);
        return reference.name;
      }
    }
  }
  if (isNamed(schema)) return schema.name;
  if (schema.type === 'array' && schema.items !== undefined) return `readonly ${wrap(typeOf(schema.items, named))}[]`;
  if (schema.type === 'map' && schema.values !== undefined)
    return `Readonly<Record<string, ${typeOf(schema.values, named)}>>`;
  if (schema.logicalType === 'decimal') return 'string';
  if (schema.logicalType === 'timestamp-millis') return 'number';
  throw new Error(`no TypeScript for ${JSON.stringify(schema)}`);
}

const wrap = (type: string): string => (type.includes(' ') ? `(${type})` : type);

/**
 * Returns the TypeScript module of the types: one factory per top-level record, and the union of all. `messages` are
 * the records of topics.
 */
export function typescriptOf(
  records: readonly AvroRecord[],
  named: ReadonlyMap<string, AvroNamed>,
  messages: ReadonlySet<string>,
): string {
  const lines = [HEADER];
  for (const type of [...named.values()].sort((a, b) => a.name.localeCompare(b.name))) {
    if (type.type === 'enum') {
      if (type.default !== undefined)
        lines.push(`/** A symbol that this version does not know is read as \`${type.default}\`. */`);
      lines.push(`export type ${type.name} = ${(type.symbols ?? []).map((s) => `'${s}'`).join(' | ')};\n`);
      continue;
    }
    if (type.doc !== undefined) lines.push(`/** ${type.doc} */`);
    lines.push(`export interface ${type.name} {`);
    for (const field of type.fields ?? []) {
      const shape = field['khipu.carries'] === 'record' ? 'AnyRecord' : typeOf(field.type, named);
      lines.push(`  /** ${field.doc} */`, `  readonly ${camelCase(field.name)}: ${shape};`);
    }
    lines.push('}\n');
  }
  const top = records.filter((record) => messages.has(record.name));
  lines.push('/** Every record that may stand in a topic, by its name. */', 'export interface Records {');
  for (const record of top) lines.push(`  readonly ${record.name}: ${record.name};`);
  lines.push(
    '}\n',
    'export type RecordName = keyof Records;',
    'export type RecordOf<N extends RecordName> = { readonly [K in N]: { readonly type: K; readonly data: Records[K] } }[N];',
    'export type AnyRecord = RecordOf<RecordName>;\n',
    'export const fullNames = {',
    ...top.map((record) => `  ${record.name}: '${record.namespace}.${record.name}',`),
    '} as const satisfies Record<RecordName, string>;\n',
  );
  for (const { name } of top) {
    lines.push(
      `export const ${lowerFirst(name)} = (data: ${name}): RecordOf<'${name}'> => ({ type: '${name}', data });`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Returns the module with the self-contained schema of each top-level record, as registered. */
export function schemaModuleOf(
  records: readonly AvroRecord[],
  named: ReadonlyMap<string, AvroNamed>,
  messages: ReadonlySet<string>,
): string {
  const entries = records
    .filter((record) => messages.has(record.name))
    .map((record) => `  ${record.name}: ${JSON.stringify(JSON.stringify(selfContained(record, named)))},`);
  return [
    HEADER.trimEnd(),
    "import type { RecordName } from './records.ts';\n",
    '/** Self-contained Avro schema of each record, as JSON text. */',
    'export const schemas: Readonly<Record<RecordName, string>> = {',
    ...entries,
    '};\n',
  ].join('\n');
}
