import { keyColumns } from '../../projections/kernel/fold.ts';
import type { Column, Row, Table } from '../../projections/kernel.ts';
import { quoted } from '../postgres/client.ts';

/** A statement that writes any number of rows of a table, and the parameters that carry them: one array a column. */
export interface TableWriter {
  readonly sql: string;
  parameters(rows: readonly Row[]): string[];
}

/** NUL is the one character that Postgres text cannot hold; it becomes the replacement character. */
const withoutNul = (text: string): string => (text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd') : text);

/** The same within JSON text, where NUL is an escape and a backslash before it may itself be escaped. */
const jsonWithoutNul = (json: string): string =>
  json.includes('\\u0000') ? json.replace(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\\ufffd') : json;

const elementText = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** PostgreSQL 18, 8.15.2: array input. Every element is quoted, so that none is read as NULL or as structure. */
export const arrayLiteral = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : elementText(value))).join(',')}}`;

function textOf(type: Column['type'], value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'jsonb') return jsonWithoutNul(JSON.stringify(value));
  if (type === 'text[]') return arrayLiteral((value as readonly string[]).map(withoutNul));
  return withoutNul(String(value));
}

/** An array of arrays must be a rectangle, so a `text[]` travels as the text of its literal. */
const wireType = (type: Column['type']): string => (type === 'text[]' ? 'text' : type);

/** The rule of `mergeValues` (projections/kernel/fold.ts), as SQL: `t` stands, `excluded` comes. */
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
 * Rows whose key stands already are left out before the others are numbered, so that the numbers have no gap. Nobody else
 * appends to the group meanwhile: a group lies in one partition, and the advance that is in the transaction locks it.
 */
function appendSql(target: string, table: Table, source: string): string {
  const names = Object.keys(table.columns);
  const isKnown = keyColumns(table).map((name) => `k.${quoted(name)} = r.${quoted(name)}`);
  const fresh = `SELECT r.* FROM ${source} WHERE NOT EXISTS (SELECT FROM ${target} k WHERE ${isKnown.join(' AND ')})`;
  const values = names.map((name) => cast(table, name));
  if (table.numbered === null)
    return `WITH r AS (${fresh}) INSERT INTO ${target} (${names.map(quoted).join(', ')}) SELECT ${values.join(', ')} FROM r`;
  const { column, within, by } = table.numbered;
  const group = within.map(quoted);
  return `WITH r AS (${fresh}), g AS (
      SELECT ${group.join(', ')}, (
        SELECT max(n.${quoted(column)}) FROM ${target} n WHERE ${group.map((name) => `n.${name} = d.${name}`).join(' AND ')}
      ) AS last_number
      FROM (SELECT DISTINCT ${group.join(', ')} FROM r) d
    )
    INSERT INTO ${target} (${[...names, column].map(quoted).join(', ')})
    SELECT ${values.join(', ')}, coalesce(g.last_number, 0) + row_number() OVER (PARTITION BY ${group
      .map((name) => `r.${name}`)
      .join(', ')} ORDER BY r.${quoted(by)})
    FROM r JOIN g USING (${group.join(', ')})`;
}

/** The writer of a table in a schema. Rows of a fold table must come folded: a statement cannot touch a row twice. */
export function tableWriter(schema: string, table: Table): TableWriter {
  const columns = Object.entries(table.columns);
  const target = `${quoted(schema)}.${quoted(table.name)}`;
  const arrays = columns.map(([, { type }], index) => `$${index + 1}::text::${wireType(type)}[]`);
  const source = `unnest(${arrays.join(', ')}) AS r(${columns.map(([name]) => quoted(name)).join(', ')})`;
  return {
    sql: table.mode === 'fold' ? foldSql(target, table, source) : appendSql(target, table, source),
    parameters: (rows) => columns.map(([name, { type }]) => arrayLiteral(rows.map((row) => textOf(type, row[name])))),
  };
}
