import { formatDecimal, parseDecimal } from '../../schemas/decimal.ts';
import type { Column, Row, Table } from '../kernel.ts';

/** Digits after the point of every `numeric` column. */
export const DECIMAL_SCALE = 9;

const addDecimals = (a: string, b: string): string =>
  formatDecimal(parseDecimal(a, DECIMAL_SCALE) + parseDecimal(b, DECIMAL_SCALE), DECIMAL_SCALE);

/**
 * Merges two values of a column, the older first. The same rule is written as SQL in
 * infra/projections/sinks/table-sql.ts.
 */
export function mergeValues({ merge, type }: Column, older: unknown, newer: unknown): unknown {
  if (newer === null || newer === undefined) return older ?? null;
  if (older === null || older === undefined) return newer;
  switch (merge) {
    case 'key':
    case 'first':
      return older;
    case 'last':
      return newer;
    case 'sum':
      return type === 'numeric' ? addDecimals(String(older), String(newer)) : Number(older) + Number(newer);
    case 'max':
      return (newer as string) > (older as string) ? newer : older;
    case 'min':
      return (newer as string) < (older as string) ? newer : older;
  }
}

/** Returns the names of a table's key columns. */
export const keyColumns = (table: Table): readonly string[] =>
  Object.keys(table.columns).filter((name) => table.columns[name]?.merge === 'key');

/** Sums of money are added as whole numbers and formatted once, at the end. */
const isMoney = ({ merge, type }: Column): boolean => merge === 'sum' && type === 'numeric';

/** Adds a row to the fold of its key. A sum of money is held as a bigint from the first addition on. */
function addTo(
  known: Record<string, unknown>,
  row: Row,
  columns: readonly (readonly [name: string, column: Column, money: boolean])[],
): void {
  for (const [name, column, money] of columns) {
    const newer = row[name];
    if (newer === undefined) continue;
    const older = known[name];
    known[name] =
      money && newer !== null && older !== undefined && older !== null
        ? wholeOf(older) + wholeOf(newer)
        : mergeValues(column, older, newer);
  }
}

const wholeOf = (money: unknown): bigint =>
  typeof money === 'bigint' ? money : parseDecimal(String(money), DECIMAL_SCALE);

/**
 * Folds the rows of one table, oldest first, to one row per key, and orders them by key: two processes that write the
 * same keys then lock them in the same order and cannot deadlock.
 */
export function foldRows(table: Table, rows: readonly Row[]): readonly Row[] {
  const keys = keyColumns(table);
  const columns = Object.entries(table.columns)
    .filter(([, { merge }]) => merge !== 'key')
    .map(([name, column]) => [name, column, isMoney(column)] as const);
  const folded = new Map<string, Record<string, unknown>>();
  for (const row of rows) {
    let id = '';
    for (const name of keys) id += `${String(row[name])}\u001f`;
    const known = folded.get(id);
    if (known === undefined) folded.set(id, { ...row });
    else if (table.mode === 'fold') addTo(known, row, columns);
  }
  if (table.mode === 'append') return [...folded.values()];
  for (const [name, , money] of columns)
    if (money)
      for (const row of folded.values())
        if (typeof row[name] === 'bigint') row[name] = formatDecimal(row[name], DECIMAL_SCALE);
  return [...folded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
