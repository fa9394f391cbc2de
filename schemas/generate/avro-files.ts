import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type AvroSchema = string | AvroSchema[] | AvroNamed | AvroCollection;
export interface AvroNamed {
  type: 'record' | 'enum';
  name: string;
  namespace?: string;
  doc?: string;
  fields?: AvroField[];
  symbols?: string[];
  /** Symbol of an enum that readers use for an unknown one. */
  default?: string;
}
export interface AvroCollection {
  type: 'array' | 'map' | 'bytes' | 'long';
  items?: AvroSchema;
  values?: AvroSchema;
  logicalType?: string;
  precision?: number;
  scale?: number;
}
export interface AvroField {
  name: string;
  type: AvroSchema;
  doc: string;
  default?: unknown;
  'khipu.carries'?: 'record';
}
export interface AvroRecord extends AvroNamed {
  type: 'record';
  namespace: string;
  doc: string;
  fields: AvroField[];
  /** Template of the audit line (generate/audit.ts); null when code makes the line. */
  'khipu.audit'?: string | null;
}

/** Returns true for a record or an enum. */
export const isNamed = (schema: AvroSchema): schema is AvroNamed =>
  typeof schema === 'object' && !Array.isArray(schema) && (schema.type === 'record' || schema.type === 'enum');

/**
 * Returns the Avro namespace of a context: `khipu.kill_switch` for `kill-switch`, because Avro names contain no
 * hyphens.
 */
const namespaceOf = (context: string): string => `khipu.${context.replaceAll('-', '_')}`;

/** Reads every `avro/<context>/<name>.avsc`, ordered by path. Throws when a file is not one record. */
export function readAvroFiles(root: string): AvroRecord[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.avsc'))
    .sort()
    .map((path) => {
      const record = JSON.parse(readFileSync(join(root, path), 'utf8')) as AvroRecord;
      const [context = ''] = path.split(/[\\/]/);
      if (record.type !== 'record') throw new Error(`${path}: one record a file, found ${record.type}`);
      if (record.namespace !== namespaceOf(context))
        throw new Error(`${path}: namespace must be ${namespaceOf(context)}`);
      return record;
    });
}

/** Returns every named type (records and nested enums) by full name. */
export function namedTypes(records: readonly AvroRecord[]): Map<string, AvroNamed> {
  const named = new Map<string, AvroNamed>();
  const visit = (schema: AvroSchema, namespace: string): void => {
    if (typeof schema === 'string') return;
    if (Array.isArray(schema)) {
      for (const branch of schema) visit(branch, namespace);
      return;
    }
    if (isNamed(schema)) {
      const full = `${schema.namespace ?? namespace}.${schema.name}`;
      if (named.has(full)) throw new Error(`${full} is defined twice`);
      named.set(full, { ...schema, namespace: schema.namespace ?? namespace });
      for (const field of schema.fields ?? []) visit(field.type, schema.namespace ?? namespace);
      return;
    }
    if (schema.items !== undefined) visit(schema.items, namespace);
    if (schema.values !== undefined) visit(schema.values, namespace);
  };
  for (const record of records) visit(record, record.namespace);
  return named;
}

/** Returns the schema with each referenced type defined at its first use, so that a registry needs no other schema. */
export function selfContained(record: AvroRecord, named: ReadonlyMap<string, AvroNamed>): AvroRecord {
  const seen = new Set<string>();
  const expand = (schema: AvroSchema, namespace: string): AvroSchema => {
    if (Array.isArray(schema)) return schema.map((branch) => expand(branch, namespace));
    const reference = typeof schema === 'string' ? named.get(schema) : isNamed(schema) ? schema : undefined;
    if (reference !== undefined) {
      const space = reference.namespace ?? namespace;
      const full = `${space}.${reference.name}`;
      if (seen.has(full)) return full;
      seen.add(full);
      // The audit line is not part of the contract: changing it makes no new version.
      const { fields, 'khipu.audit': _, ...rest } = reference as AvroRecord;
      const expanded = { ...rest, namespace: space };
      if (fields === undefined) return expanded;
      return { ...expanded, fields: fields.map((field) => ({ ...field, type: expand(field.type, space) })) };
    }
    if (typeof schema === 'string') return schema;
    const collection = schema as AvroCollection;
    return {
      ...collection,
      ...(collection.items !== undefined && { items: expand(collection.items, namespace) }),
      ...(collection.values !== undefined && { values: expand(collection.values, namespace) }),
    };
  };
  return expand(record, record.namespace) as AvroRecord;
}
