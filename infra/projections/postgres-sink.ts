import type { Projection, RowChange } from '../../projections/kernel.ts';
import type { Position, Watermark } from '../kafka/log.ts';
import type { Sql, TransactionSql } from '../postgres/client.ts';
import { faultOf } from '../postgres/errors.ts';
import { PROJECTOR_ROLE } from '../postgres/roles.ts';
import { ProjectionError, UnwritableError } from './errors.ts';
import { liveView } from './generation.ts';
import { advanceOffsets, ensureOffsets, readOffsets } from './offsets.ts';
import type { Advance, Item, Sink } from './sink.ts';
import { RowWriter } from './write-rows.ts';

/** Becomes the projector until the transaction ends: may write the rows of every tenant. */
export async function asProjector(tx: TransactionSql): Promise<void> {
  await tx`SELECT set_config('role', ${PROJECTOR_ROLE}, true)`;
}

/**
 * The projector, for a transaction of rows. Its commit does not wait for the disk: rows and offsets are lost together or
 * not at all, so what a crash of the server takes back is read from the log once more (PostgreSQL 18, 28.4).
 * Rows are looked up by index, by one plan for all batches: a plan made while the table was small would read the whole of
 * it for every batch until statistics are gathered, and a plan for each batch would parse its arrays twice.
 */
async function forRows(tx: TransactionSql): Promise<void> {
  await tx`SELECT set_config('role', ${PROJECTOR_ROLE}, true), set_config('synchronous_commit', 'off', true),
    set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;
}

/** A view in Postgres: rows and offsets in one transaction, in the generation that was live when the partitions came. */
export class PostgresSink implements Sink<RowChange> {
  readonly #sql: Sql;
  readonly #projection: Projection;
  #generation = 0;
  #writer: RowWriter | null = null;

  constructor(sql: Sql, projection: Projection) {
    this.#sql = sql;
    this.#projection = projection;
  }

  /** A sink of one generation, live or not: what a rebuild fills. */
  static ofGeneration(sql: Sql, projection: Projection, generation: number): PostgresSink {
    const sink = new PostgresSink(sql, projection);
    sink.#use(generation);
    return sink;
  }

  #use(generation: number): void {
    this.#generation = generation;
    this.#writer = new RowWriter(this.#projection, generation);
  }

  async positions(partitions: readonly Watermark[]): Promise<readonly Position[]> {
    const { name } = this.#projection;
    // One transaction, and the row of the view locked in it: a swap in between would leave offsets of a generation that is gone.
    return await this.#sql.begin(async (tx) => {
      await tx`SELECT FROM khipu.projection_views WHERE view = ${name} FOR SHARE`;
      const live = await liveView(tx, name);
      if (live === undefined) throw new Error(`view ${name} has not been made`);
      this.#use(live.generation);
      await ensureOffsets(tx, name, live.generation, partitions);
      return readOffsets(tx, name, live.generation);
    });
  }

  async holds(): Promise<boolean> {
    return (await liveView(this.#sql, this.#projection.name))?.generation === this.#generation;
  }

  async commit(items: readonly Item<RowChange>[], advances: readonly Advance[]): Promise<void> {
    const writer = this.#writer;
    if (writer === null) throw new Error('positions were not read');
    try {
      await this.#sql.begin(async (tx) => {
        // Sent together: one round trip for all of it, and the offsets are locked before the first row.
        await Promise.all([
          forRows(tx),
          advanceOffsets(tx, this.#projection.name, this.#generation, advances),
          writer.write(
            tx,
            items.flatMap(({ changes }) => changes),
          ),
        ]);
      });
    } catch (error) {
      throw this.#meaningOf(error);
    }
  }

  #meaningOf(error: unknown): unknown {
    if (error instanceof ProjectionError) return error;
    switch (faultOf(error)) {
      case 'data':
        return new UnwritableError((error as Error).message, { cause: error });
      case 'moved':
        return new ProjectionError('PROJECTION_ZOMBIE', `${this.#projection.name}: its tables were dropped`, {
          cause: error,
        });
      case 'retry':
        return error;
    }
  }
}
