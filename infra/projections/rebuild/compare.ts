import { keyColumns } from '../../../projections/kernel/fold.ts';
import type { Table } from '../../../projections/kernel.ts';
import { quoted, type TransactionSql } from '../../stores/postgres/client.ts';
import { generationSchema, type View } from '../generation.ts';

/** A row that differs between two generations. */
export interface RowDifference {
  readonly key: Readonly<Record<string, unknown>>;
  /** Null when there was no such row. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** The comparison of one table. */
export interface TableComparison {
  readonly table: string;
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** Digests of all rows, independent of their order; equal when the tables are equal. */
  readonly digestBefore: string;
  readonly digestAfter: string;
  /** Number of rows that only one of them has, or that differ. */
  readonly differences: number;
  /** The first few of the different rows. */
  readonly examples: readonly RowDifference[];
}

const EXAMPLES_MAX = 5;

/** A row as canonical text: jsonb orders its keys and has one form per value. */
const canonical = 'to_jsonb(t)::text';

/** Returns SQL for 64 bits of a digest of all rows, independent of their order. */
const digestOf = (seed: number): string =>
  `lpad(to_hex(coalesce(bit_xor(hashtextextended(${canonical}, ${seed})), 0)), 16, '0')`;

/**
 * Compares two generations of a view row by row. Both must be at the same offsets, and stay there during the
 * comparison.
 */
export async function compareGenerations(
  tx: TransactionSql,
  view: View,
  before: number,
  after: number,
): Promise<readonly TableComparison[]> {
  const { name, tables } = view.projection;
  const results: TableComparison[] = [];
  for (const table of tables)
    results.push(await compareTable(tx, generationSchema(name, before), generationSchema(name, after), table));
  return results;
}

async function compareTable(tx: TransactionSql, before: string, after: string, table: Table): Promise<TableComparison> {
  const totals = async (schema: string) => {
    const [row] = await tx.unsafe<{ rows: number; digest: string }[]>(
      `SELECT count(*)::float8 AS rows, concat(${[0, 1].map(digestOf).join(', ')}) AS digest
       FROM ${quoted(schema)}.${quoted(table.name)} t`,
    );
    return row ?? { rows: 0, digest: '' };
  };
  const [was, is] = [await totals(before), await totals(after)];
  const compared = {
    table: table.name,
    rowsBefore: was.rows,
    rowsAfter: is.rows,
    digestBefore: was.digest,
    digestAfter: is.digest,
  };
  if (was.rows === is.rows && was.digest === is.digest) return { ...compared, differences: 0, examples: [] };
  const keys = keyColumns(table);
  const rowsOf = (schema: string): string =>
    `SELECT ${keys.map((name) => `t.${quoted(name)}`).join(', ')}, md5(${canonical}) AS digest, t AS whole
     FROM ${quoted(schema)}.${quoted(table.name)} t`;
  const differing = `FROM (${rowsOf(before)}) b FULL JOIN (${rowsOf(after)}) a USING (${keys.map(quoted).join(', ')})
    WHERE a.digest IS DISTINCT FROM b.digest`;
  const [count] = await tx.unsafe<{ n: number }[]>(`SELECT count(*)::float8 AS n ${differing}`);
  const examples = await tx.unsafe<RowDifference[]>(
    `SELECT jsonb_build_object(${keys.map((name) => `'${name}', ${quoted(name)}`).join(', ')}) AS key,
            to_jsonb(b.whole) AS before, to_jsonb(a.whole) AS after
     ${differing} ORDER BY ${keys.map(quoted).join(', ')} LIMIT ${EXAMPLES_MAX}`,
  );
  return { ...compared, differences: count?.n ?? 0, examples: [...examples] };
}
