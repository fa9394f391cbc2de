import { z } from 'zod';
import type { Sql, TransactionSql } from '../../../stores/postgres/client.ts';
import { sqlStateOf } from '../../../stores/postgres/errors.ts';
import { ToolError } from '../../errors.ts';

/** Longest text of a query, in characters, and most parameters of one. */
export const SQL_CHARS_MAX = 20_000;
const PARAMETERS_MAX = 64;

export const queryArguments = z.strictObject({
  sql: z.string().min(1).max(SQL_CHARS_MAX),
  parameters: z
    .array(z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]))
    .max(PARAMETERS_MAX)
    .default([]),
});
export type QueryArguments = z.output<typeof queryArguments>;

/** Bounds of one query. */
export interface QueryBounds {
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly timeoutMs: number;
}

/** The rows of a query. */
export interface QueryOutput {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  readonly row_count: number;
  /** True when there are more rows than the bounds allow. */
  readonly truncated: boolean;
}

/** Returns a value of the database as JSON: bytes in base64, times in RFC 3339, whole numbers above 2⁵³ as text. */
function jsonOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  return value === undefined ? null : value;
}

/** Codes of Postgres that say more about the query than about the database: it is not run again. */
const isOfQuery = (state: string): boolean => /^(?:0A|22|23|25|26|2F|3D|3F|42|54|57014)/.test(state);

/** Returns an error of the database as ToolError. Queries only read, so nothing happened. */
export function queryError(error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  const state = sqlStateOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  if (state === '57014')
    return new ToolError('TOOL_TIMEOUT', 'The query took too long', { effect: 'none', cause: error });
  const code = isOfQuery(state) ? 'TOOL_REQUEST_REFUSED' : 'TOOL_UNAVAILABLE';
  return new ToolError(code, `${state === '' ? '' : `${state}: `}${detail}`, {
    ...{ effect: 'none', canRetry: code === 'TOOL_UNAVAILABLE', cause: error },
  });
}

const ROWS_A_FETCH = 200;

/** Reads rows up to the bounds. */
async function rowsOf(
  tx: TransactionSql,
  { sql, parameters }: QueryArguments,
  bounds: QueryBounds,
): Promise<QueryOutput> {
  const { rowsMax, bytesMax } = bounds;
  // A query in parentheses is one SELECT: no COPY, no SET, no statement that writes can stand there, and the extended protocol,
  // which `prepare` asks for, takes one statement. The line break ends a comment.
  const text = `SELECT * FROM (\n${sql}\n) AS q LIMIT ${rowsMax + 1}`;
  const rows: (readonly unknown[])[] = [];
  let columns: readonly string[] = [];
  let bytes = 0;
  let truncated = false;
  const query = tx.unsafe(text, [...parameters] as never[], { prepare: true }).values();
  for await (const batch of query.cursor(ROWS_A_FETCH)) {
    const named = (batch as unknown as { readonly columns?: readonly { readonly name: string }[] }).columns;
    columns = named?.map(({ name }) => name) ?? columns;
    for (const values of batch as unknown as readonly (readonly unknown[])[]) {
      const row = values.map(jsonOf);
      bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
      truncated = rows.length >= rowsMax || bytes > bytesMax;
      if (truncated) return { columns, rows, row_count: rows.length, truncated };
      rows.push(row);
    }
  }
  return { columns, rows, row_count: rows.length, truncated };
}

/**
 * Runs one query in a read-only transaction with a timeout of its own. `check` runs first, in the same transaction. Rejects with
 * ToolError.
 */
export async function runQuery(
  sql: Sql,
  given: QueryArguments,
  bounds: QueryBounds,
  check: (tx: TransactionSql) => Promise<void>,
): Promise<QueryOutput> {
  try {
    return (await sql.begin('read only', async (tx) => {
      await tx`SELECT set_config('statement_timeout', ${`${bounds.timeoutMs}ms`}, true), set_config('lock_timeout', '1s', true)`;
      await check(tx);
      return rowsOf(tx, given, bounds);
    })) as QueryOutput;
  } catch (error) {
    throw queryError(error);
  }
}
