import type { Projection, RowChange } from '../../../projections/kernel.ts';
import type { Position, Watermark } from '../../kafka/port.ts';
import type { Sql, TransactionSql } from '../../stores/postgres/client.ts';
import { faultOf } from '../../stores/postgres/errors.ts';
import { PROJECTOR_ROLE } from '../../stores/postgres/roles.ts';
import { ProjectionError, UnwritableError } from '../errors.ts';
import { liveView } from '../generation.ts';
import type { Part, StoreViews } from '../run/bound-view.ts';
import { advanceOffsets, ensureOffsets, type GenerationAdvances, readOffsets } from './offsets.ts';
import type { Advance, Item, Sink } from './sink.ts';
import { RowWriter } from './write-rows.ts';

/** Switches to the projector role until the transaction ends: it may write the rows of every tenant. */
export async function asProjector(tx: TransactionSql): Promise<void> {
  await tx`SELECT set_config('role', ${PROJECTOR_ROLE}, true)`;
}

/**
 * Prepares a transaction of rows, in the projector role. Its commit does not wait for the disk: rows and offsets are lost
 * together or not at all, so a crash of the server only causes them to be read from the log again (PostgreSQL 18, 28.4).
 * Rows are looked up by index, by one plan for all batches: a plan made while the table was small would read the whole
 * table for every batch until statistics are gathered, and a plan per batch would parse its arrays twice.
 */
async function forRows(tx: TransactionSql, lockWaitMs: number): Promise<void> {
  await tx`SELECT set_config('role', ${PROJECTOR_ROLE}, true), set_config('synchronous_commit', 'off', true),
    set_config('lock_timeout', ${`${lockWaitMs}ms`}, true),
    set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
    set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`;
}

/**
 * A view in Postgres: rows and offsets in one transaction, in the generation that was live when the partitions were
 * assigned.
 */
export class PostgresSink implements Sink<RowChange> {
  readonly #sql: Sql;
  readonly #projection: Projection;
  #generation = 0;
  #writer: RowWriter | null = null;

  constructor(sql: Sql, projection: Projection) {
    this.#sql = sql;
    this.#projection = projection;
  }

  /** Returns a sink of one generation, live or not. A rebuild fills such a sink. */
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
    // One transaction with a lock on the view's row: a swap in between would return offsets of a dropped generation.
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

  commit(items: readonly Item<RowChange>[], advances: readonly Advance[]): Promise<void> {
    return commitTogether(this.#sql, [{ sink: this, items, advances }], { waits: true });
  }

  /** Returns the advances with the generation to which they belong. */
  advancesOf(advances: readonly Advance[]): GenerationAdvances {
    return { view: this.#projection.name, generation: this.#generation, advances };
  }

  /** Writes rows within a transaction. Rejects when the positions were not read. */
  async write(tx: TransactionSql, items: readonly Item<RowChange>[]): Promise<void> {
    if (this.#writer === null) throw new Error('positions were not read');
    await this.#writer.write(
      tx,
      items.flatMap(({ changes }) => changes),
    );
  }
}

/** The part of one view in a transaction. */
interface SinkPart extends Part<RowChange> {
  readonly sink: PostgresSink;
}

/** Longest wait for a lock in a transaction that should not wait, in ms; a rebuild holds the locks of one view. */
const LOCK_WAIT_MS = 250;

/**
 * Writes rows and offsets of several views in one transaction. Rejects as `Sink.commit` does. All statements are sent
 * together: one round trip, and the offsets are locked before the first row.
 */
async function commitTogether(
  sql: Sql,
  parts: readonly SinkPart[],
  { waits }: { readonly waits: boolean },
): Promise<void> {
  const advances = parts.map((part) => part.sink.advancesOf(part.advances));
  try {
    await sql.begin(async (tx) => {
      await Promise.all([
        forRows(tx, waits ? 0 : LOCK_WAIT_MS),
        advanceOffsets(tx, advances),
        ...parts.map(({ sink, items }) => sink.write(tx, items)),
      ]);
    });
  } catch (error) {
    throw meaningOf(error, advances.map(({ view }) => view).join(', '));
  }
}

function meaningOf(error: unknown, views: string): unknown {
  if (error instanceof ProjectionError) return error;
  switch (faultOf(error)) {
    case 'data':
      return new UnwritableError((error as Error).message, { cause: error });
    case 'moved':
      return new ProjectionError('PROJECTION_ZOMBIE', `${views}: tables were dropped`, { cause: error });
    case 'retry':
      return error;
  }
}

/** Returns the views in Postgres that a process runs: one transaction writes all of them. */
export function postgresViews(sql: Sql, projections: readonly Projection[]): StoreViews<RowChange> {
  const views = projections.map((projection) => ({ ...projection, sink: new PostgresSink(sql, projection) }));
  const sinks = new Map(views.map(({ name, sink }) => [name, sink]));
  return {
    ...{ store: 'postgres', views },
    commit: (parts, options) =>
      commitTogether(
        sql,
        parts.flatMap(({ view, items, advances }) => {
          const sink = sinks.get(view);
          return sink === undefined ? [] : [{ sink, items, advances }];
        }),
        options,
      ),
  };
}
