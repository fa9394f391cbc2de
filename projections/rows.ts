/**
 * Reads of a table with one row per id, derived from its declaration: one row, and a page of rows. Gateways run them as
 * SQL; contract tests run them on folded rows. A query that does more is written in SQL, in the view's queries.ts.
 */
import type { Columns, Table, ValueOf } from './kernel.ts';
import { cursorInstant, decodeCursor, END_OF_TIME_MS, type Page, pageOf } from './sql.ts';

export type { Columns };

/** A row as it is read: bigint is a number, numeric a decimal text, timestamptz RFC 3339 in UTC with milliseconds. */
export type RowView<C extends Columns> = {
  readonly [K in keyof C]: ValueOf<C[K]['type']> | (C[K]['merge'] extends 'key' ? never : null);
};

/** A table that is read by id, and listed the newest row first. */
export interface RowReads<C extends Columns = Columns> {
  readonly table: Table<C>;
  /** The key column beside `tenant_id`. */
  readonly id: keyof C & string;
  /** A timestamptz column. A row is shown once it has a value there. */
  readonly newestBy: keyof C & string;
}

/** A condition on a column. `has`: the list of the column has this value. */
export interface Condition<C extends Columns = Columns> {
  readonly column: keyof C & string;
  readonly is: '=' | '>=' | '<' | 'has';
  readonly value: string;
}

/** The rows of a page: those that meet every condition. */
export interface RowQuery<C extends Columns = Columns> {
  readonly limit: number;
  /** Null for the first page. */
  readonly cursor: string | null;
  readonly where?: readonly Condition<C>[];
}

/** Declares the reads of a table. Throws when its key is not `tenant_id` and one column more. */
export function readsOf<const C extends Columns>(table: Table<C>, newestBy: keyof C & string): RowReads<C> {
  const keys = Object.keys(table.columns).filter((name) => table.columns[name]?.merge === 'key');
  const [id, ...more] = keys.filter((name) => name !== 'tenant_id');
  if (id === undefined || more.length > 0 || keys.length !== 2)
    throw new Error(`${table.name} must have the key tenant_id and one column more`);
  if (table.columns[newestBy]?.type !== 'timestamptz') throw new Error(`${table.name}.${newestBy} must be timestamptz`);
  return { table, id, newestBy };
}

/** Runs one SQL statement with `$1` … as parameters. */
export type RunSql = (text: string, values: readonly (string | number | Date)[]) => PromiseLike<readonly object[]>;

function selected([name, { type }]: readonly [string, Columns[string]]): string {
  switch (type) {
    case 'bigint':
      return `"${name}"::float8 AS "${name}"`;
    case 'numeric':
    case 'date':
    case 'uuid':
      return `"${name}"::text AS "${name}"`;
    case 'timestamptz':
      return `to_char("${name}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "${name}"`;
    default:
      return `"${name}"`;
  }
}

const select = ({ table, newestBy }: Pick<RowReads, 'table' | 'newestBy'>): string =>
  `SELECT ${Object.entries(table.columns).map(selected).join(', ')}
   FROM khipu."${table.name}" WHERE tenant_id = $1 AND "${newestBy}" IS NOT NULL`;

/** Returns the row of an id; undefined when the tenant has none. */
export async function getRow<C extends Columns>(
  run: RunSql,
  reads: RowReads<C>,
  tenantId: string,
  id: string,
): Promise<RowView<C> | undefined> {
  const [found] = await run(`${select(reads)} AND "${reads.id}" = $2`, [tenantId, id]);
  return found as RowView<C> | undefined;
}

/** Returns a condition as SQL; its value is parameter `$number`. */
const conditionSql = ({ column, is }: Condition, { table }: Pick<RowReads, 'table'>, number: number): string =>
  is === 'has'
    ? `"${column}" @> ARRAY[$${number}::text]`
    : `"${column}" ${is} $${number}::text::${table.columns[column]?.type}`;

/** Returns true for a row that meets a condition: the rule of the SQL, for rows in memory. */
export function meets({ column, is, value }: Condition, row: Readonly<Record<string, unknown>>): boolean {
  const held = row[column];
  if (held === null || held === undefined) return false;
  switch (is) {
    case '=':
      return String(held) === value;
    case '>=':
      return String(held) >= value;
    case '<':
      return String(held) < value;
    case 'has':
      return (held as readonly string[]).includes(value);
  }
}

/** Returns a page of the tenant's rows that meet all conditions, the newest first. Throws CursorError. */
export async function listRows<C extends Columns>(
  run: RunSql,
  reads: RowReads<C>,
  tenantId: string,
  { limit, cursor, where = [] }: RowQuery<C>,
): Promise<Page<RowView<C>>> {
  const { id, newestBy } = reads;
  const [before, last] = afterCursor(cursor);
  const own = [tenantId, cursorInstant(before), last, limit + 1];
  const conditions = where.map(
    (condition, at) => ` AND ${conditionSql(condition as unknown as Condition, reads, own.length + at + 1)}`,
  );
  const rows = await run(
    `${select(reads)} AND ("${newestBy}", "${id}") < ($2::timestamptz, $3)${conditions.join('')}
     ORDER BY "${newestBy}" DESC, "${id}" DESC LIMIT $4`,
    [...own, ...where.map(({ value }) => value)],
  );
  return pageOfRows(reads, rows as readonly RowView<C>[], limit);
}

/** Returns the time and the id after which a page begins. Throws CursorError. */
export const afterCursor = (cursor: string | null): readonly [atMs: number, id: string] =>
  cursor === null ? [END_OF_TIME_MS, ''] : decodeCursor(cursor, [0, '']);

/** Returns the page of rows that were read in order, one more than `limit` where there are more. */
export const pageOfRows = <C extends Columns>(
  { id, newestBy }: RowReads<C>,
  rows: readonly RowView<C>[],
  limit: number,
): Page<RowView<C>> => pageOf(rows, limit, (row) => [Date.parse(String(row[newestBy])), String(row[id])]);
