import { formatDecimal, parseDecimal } from '../../schemas/decimal.ts';
import type { Column, Row, Table } from '../kernel.ts';

/** Digits behind the point of every `numeric` column. */
export const DECIMAL_SCALE = 9;

const addDecimals = (a: string, b: string): string =>
  formatDecimal(parseDecimal(a, DECIMAL_SCALE) + parseDecimal(b, DECIMAL_SCALE), DECIMAL_SCALE);

/** Two values of a column, the older first, as one. The same rule stands as SQL in infra/projections/table-sql.ts. */
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

/** Names of the columns that make a row's key. */
export const keyColumns = (table: Table): readonly string[] =>
  Object.keys(table.columns).filter((name) => table.columns[name]?.merge === 'key');

/**
 * Folds the rows of one table, oldest first, so that each key stands once, and orders them by key: two processes that
 * write the same keys then lock them in the same order and never wait for each other in a circle.
 */
export function foldRows(table: Table, rows: readonly Row[]): readonly Row[] {
  const keys = keyColumns(table);
  const folded = new Map<string, Record<string, unknown>>();
  for (const row of rows) {
    const id = keys.map((name) => String(row[name])).join('\u001f');
    const known = folded.get(id);
    if (known === undefined) folded.set(id, { ...row });
    else if (table.mode === 'fold')
      for (const [name, column] of Object.entries(table.columns))
        if (row[name] !== undefined) known[name] = mergeValues(column, known[name], row[name]);
  }
  if (table.mode === 'append') return [...folded.values()];
  return [...folded].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
