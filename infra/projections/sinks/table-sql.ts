import { keyColumns } from '../../../projections/kernel/fold.ts';
import type { Column, Row, Table } from '../../../projections/kernel.ts';
import { quoted } from '../../stores/postgres/client.ts';

/** A statement that writes any number of rows of a table, and its parameters: one array per column. */
export interface TableWriter {
  readonly sql: string;
  parameters(rows: readonly Row[]): string[];
}

/** Replaces NUL, the only character that Postgres text cannot hold, by the replacement character. */
const withoutNul = (text: string): string => (text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text);

/** Replaces NUL in JSON text, where it is an escape, and where a backslash before it may itself be escaped. */
const jsonWithoutNul = (json: string): string =>
  json.includes('\\u0000') ? json.replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\\ufffd') : json;

const elementText = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/**
 * Returns an array literal. PostgreSQL 18, 8.15.2: every text element is quoted, so that none is read as NULL or as
 * structure.
 */
export const arrayLiteral = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : elementText(value))).join(',')}}`;

/** Returns true for types whose values have no special characters of array syntax, so that they need no quotes. */
const isPlain = (type: Column['type']): boolean => !['text', 'text[]', 'jsonb'].includes(type);

const columnLiteral = (type: Column['type'], name: string, rows: readonly Row[]): string =>
  isPlain(type)
    ? `{${rows.map((row) => textOf(type, row[name]) ?? 'NULL').join(',')}}`
    : arrayLiteral(rows.map((row) => textOf(type, row[name])));

function textOf(type: Column['type'], value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'jsonb') return jsonWithoutNul(JSON.stringify(value));
  if (type === 'text[]') return arrayLiteral((value as readonly string[]).map(withoutNul));
  return withoutNul(String(value));
}

/**
 * The type of a column's array elements. An array of arrays must be rectangular, so a `text[]` is sent as the text of
 * its literal.
 */
const wireType = (type: Column['type']): string => (type === 'text[]' ? 'text' : type);

/**
 * Returns the rule of `mergeValues` (projections/kernel/fold.ts) as SQL: `t` is the existing row, `excluded` the new
 * one.
 */
function mergeSql(name: string, merge: Column['merge']): string {
  const column = quoted(name);
  switch (merge) {
    case 'key':
      return column;
    case 'first':
      return `coalesce(t.${column}, excluded.${column})`;
    case 'last':
      return `coalesce(excluded.${column}, t.${column})`;
    case 'sum':
      return `t.${column} + excluded.${column}`;
    case 'max':
      return `greatest(t.${column}, excluded.${column})`;
    case 'min':
      return `least(t.${column}, excluded.${column})`;
  }
}

function foldSql(target: string, table: Table, source: string): string {
  const names = Object.keys(table.columns);
  const values = names.map((name) =>
    table.columns[name]?.merge === 'sum' ? `coalesce(${cast(table, name)}, 0)` : cast(table, name),
  );
  const folded = names
    .filter((name) => table.columns[name]?.merge !== 'key')
    .map((name) => `${quoted(name)} = ${mergeSql(name, table.columns[name]?.merge ?? 'last')}`);
  return `INSERT INTO ${target} AS t (${names.map(quoted).join(', ')})
    SELECT ${values.join(', ')} FROM ${source}
    ON CONFLICT (${keyColumns(table).map(quoted).join(', ')}) DO UPDATE SET ${folded.join(', ')}`;
}

const cast = (table: Table, name: string): string =>
  table.columns[name]?.type === 'text[]' ? `r.${quoted(name)}::text[]` : `r.${quoted(name)}`;

/**
 * Returns SQL that looks up a key by its selective columns. The tenant is compared behind a fence (OFFSET 0): before a
 * new table has statistics, the planner rates all indexes alike, and one that begins with the tenant would read all of
 * its rows.
 */
function knownSql(target: string, table: Table): string {
  const selective = keyColumns(table).filter((name) => name !== 'tenant_id');
  const same = selective.map((name) => `k.${quoted(name)} = r.${quoted(name)}`);
  return `SELECT FROM (SELECT k.tenant_id FROM ${target} k WHERE ${same.join(' AND ')} OFFSET 0) k WHERE k.tenant_id = r.tenant_id`;
}

/**
 * Returns SQL that appends rows. Rows with an existing key are left out before the others are numbered, so that the numbers
 * have no gap. The last number of a group is looked up once, at its first row. There is no concurrent writer of the group:
 * it is in one partition, which the advance in the same transaction locks.
 */
function appendSql(target: string, table: Table, source: string): string {
  const names = Object.keys(table.columns);
  const list = names.map(quoted).join(', ');
  const fresh = `FROM ${source} WHERE NOT EXISTS (${knownSql(target, table)})`;
  const values = names.map((name) => cast(table, name)).join(', ');
  if (table.numbered === null) return `INSERT INTO ${target} (${list}) SELECT ${values} ${fresh}`;
  const { column, within, by } = table.numbered;
  const group = within.map((name) => `r.${quoted(name)}`).join(', ');
  const inGroup = within.map((name) => `n.${quoted(name)} = r.${quoted(name)}`).join(' AND ');
  const lastNumber = `SELECT max(n.${quoted(column)}) FROM ${target} n WHERE ${inGroup}`;
  return `INSERT INTO ${target} (${list}, ${quoted(column)})
    SELECT ${values}, coalesce(max(r.before) OVER (PARTITION BY ${group}), 0) + r.place FROM (
      SELECT r.*, CASE WHEN r.place = 1 THEN (${lastNumber}) END AS before FROM (
        SELECT r.*, row_number() OVER (PARTITION BY ${group} ORDER BY r.${quoted(by)}) AS place ${fresh}
      ) r
    ) r`;
}

/**
 * Returns the writer of a table in a schema. Rows of a fold table must be folded already: a statement cannot change a
 * row twice.
 */
export function tableWriter(schema: string, table: Table): TableWriter {
  const columns = Object.entries(table.columns);
  const target = `${quoted(schema)}.${quoted(table.name)}`;
  const arrays = columns.map(([, { type }], index) => `$${index + 1}::text::${wireType(type)}[]`);
  const source = `unnest(${arrays.join(', ')}) AS r(${columns.map(([name]) => quoted(name)).join(', ')})`;
  return {
    sql: table.mode === 'fold' ? foldSql(target, table, source) : appendSql(target, table, source),
    parameters: (rows) => columns.map(([name, { type }]) => columnLiteral(type, name, rows)),
  };
}
