import { foldRows } from '../../../projections/kernel/fold.ts';
import type { Projection, Row, RowChange } from '../../../projections/kernel.ts';
import type { TransactionSql } from '../../stores/postgres/client.ts';
import { generationSchema } from '../generation.ts';
import { type TableWriter, tableWriter } from './table-sql.ts';

/** Writes row changes of one view into one of its generations: one statement per table, for any number of rows. */
export class RowWriter {
  readonly #projection: Projection;
  readonly #writers: ReadonlyMap<string, TableWriter>;

  constructor(projection: Projection, generation: number) {
    this.#projection = projection;
    const schema = generationSchema(projection.name, generation);
    this.#writers = new Map(projection.tables.map((table) => [table.name, tableWriter(schema, table)]));
  }

  /** Writes changes, given in log order per partition. The statements are sent at once; all have run when it resolves. */
  async write(tx: TransactionSql, changes: readonly RowChange[]): Promise<void> {
    const byTable = new Map<string, Row[]>(this.#projection.tables.map(({ name }) => [name, []]));
    for (const { table, row } of changes) {
      const rows = byTable.get(table);
      if (rows === undefined) throw new Error(`${this.#projection.name} has no table ${table}`);
      rows.push(row);
    }
    await Promise.all(
      this.#projection.tables.map(async (table) => {
        const writer = this.#writers.get(table.name);
        const rows = foldRows(table, byTable.get(table.name) ?? []);
        if (writer === undefined || rows.length === 0) return;
        await tx.unsafe(writer.sql, writer.parameters(rows), { prepare: true });
      }),
    );
  }
}
