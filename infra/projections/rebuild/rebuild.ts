import { type Layout, readLayout } from '../../kafka/layout.ts';
import type { Position, Watermark } from '../../kafka/port.ts';
import type { Sql, TransactionSql } from '../../stores/postgres/client.ts';
import { sqlStateOf } from '../../stores/postgres/errors.ts';
import { lockSchemas } from '../../stores/postgres/migrate.ts';
import { RebuildError } from '../errors.ts';
import { liveView, migrateGeneration, pointNamesAt, type View } from '../generation.ts';
import type { ViewDependencies } from '../run/view-dependencies.ts';
import { readOffsets } from '../sinks/offsets.ts';
import { asProjector } from '../sinks/postgres.ts';
import { carryOver } from './carry-over.ts';
import { compareGenerations, type TableComparison } from './compare.ts';
import { fillGeneration } from './fill.ts';
import { aloneInRebuild, dropGeneration } from './session.ts';

/** The layout of a log that has not grown. */
const UNGROWN: Pick<Layout, 'begins'> = { begins: {} };

/** The result of a rebuild. */
export interface RebuildReport {
  readonly view: string;
  /** The generation that was live at the start. */
  readonly from: number;
  readonly to: number;
  /** True when readers now see the new generation. */
  readonly swapped: boolean;
  readonly records: number;
  /** Number of records that the view rejects. */
  readonly refused: number;
  /** Number of rows of records that the log no longer has. */
  readonly carriedOver: number;
  readonly seconds: number;
  /** Null when no comparison was requested. */
  readonly comparison: readonly TableComparison[] | null;
}

/** The view to rebuild, and the goal. */
export interface RebuildOptions {
  readonly sql: Sql;
  readonly view: View;
  readonly dependencies: ViewDependencies;
  /**
   * `swap` makes the new generation live; `swap-if-equal` only when it equals the live one row by row; `compare` only
   * reports, and changes nothing.
   */
  readonly goal: 'swap' | 'swap-if-equal' | 'compare';
}

/**
 * The most records by which the new generation may be behind when the live one is locked for the swap: they take
 * milliseconds to read.
 */
const NEAR_RECORDS = 1_000;
const ROUNDS_MAX = 10;
const SWAP_ATTEMPTS_MAX = 20;
/**
 * Readers that begin during the swap wait for earlier readers, at most this long; then the swap is rolled back and
 * retried.
 */
const SWAP_LOCK_WAIT_MS = 300;

/**
 * Rebuilds a view blue/green: fills a new generation from the log beside the live one, follows the live one until it is
 * near, then, in one transaction, locks the live one, reads the rest, and points the names at the new one. Readers continue
 * throughout. The live engine waits at its next commit, finds its offsets gone, and continues in the new generation: no
 * record is lost or applied twice. Reads the log only as far as the live view has, so that readers never see an older state
 * and the generations can be compared. Rejects with RebuildError.
 */
export function rebuildView(options: RebuildOptions): Promise<RebuildReport> {
  const { sql, view, dependencies } = options;
  const { name } = view.projection;
  return aloneInRebuild(sql, async () => {
    const began = dependencies.now();
    const live = await liveView(sql, name);
    if (live === undefined) throw new RebuildError('VIEW_NOT_MADE', `view ${name} was never made`);
    const next = live.generation + 1;
    await sql.begin(async (tx) => {
      await lockSchemas(tx);
      await migrateGeneration(tx, view, next);
    });
    const marks = await dependencies.log.watermarks(view.projection.inputs.map((topic) => topic.name));
    const targets = await targetsOf(sql, options, marks);
    const layout = (await readLayout(dependencies.log)) ?? UNGROWN;
    const carriedOver = await carryOver(sql, view, live.generation, next, targets, marks, layout);
    const total = { records: 0, refused: 0 };
    const follow = async (targets: readonly Position[]): Promise<number> => {
      const { records, refused } = await fillGeneration(sql, view, next, targets, dependencies);
      total.records += records;
      total.refused += refused;
      return records;
    };
    for (let round = 0; round < ROUNDS_MAX; round += 1)
      if ((await follow(await targetsOf(sql, options, marks))) < NEAR_RECORDS) break;
    const { swapped, comparison } = await finish(options, live.generation, next, follow);
    await dropGeneration(sql, name, swapped ? live.generation : next);
    const seconds = (dependencies.now() - began) / 1000;
    return { view: name, from: live.generation, to: next, swapped, ...total, carriedOver, seconds, comparison };
  });
}

/** Returns the offsets of the live generation, bounded by the end of the log, which a shorter one may have replaced. */
async function targetsOf(
  sql: Sql | TransactionSql,
  { view, dependencies }: RebuildOptions,
  begun: readonly Watermark[],
): Promise<readonly Position[]> {
  const { name, inputs } = view.projection;
  const live = await liveView(sql, name);
  const positions = await readOffsets(sql, name, live?.generation ?? 0);
  const marks = positions.length === 0 ? begun : await dependencies.log.watermarks(inputs.map((topic) => topic.name));
  return marks.map(({ topic, partition, high }) => {
    const stands = positions.find((position) => position.topic === topic && position.partition === partition);
    return { topic, partition, offset: Math.min(stands?.offset ?? 0, high) };
  });
}

type Finished = Pick<RebuildReport, 'swapped' | 'comparison'>;

async function finish(
  options: RebuildOptions,
  live: number,
  next: number,
  follow: (targets: readonly Position[]) => Promise<number>,
): Promise<Finished> {
  const { sql, dependencies } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sql.begin((tx) => finishHeld(tx, options, live, next, follow));
    } catch (error) {
      // 55P03 lock not available, 40P01 deadlock: a reader held a lock on a name for too long.
      if (!['55P03', '40P01'].includes(sqlStateOf(error))) throw error;
      if (attempt === SWAP_ATTEMPTS_MAX)
        throw new RebuildError('SWAP_TIMED_OUT', `readers of ${options.view.projection.name} never let go`, {
          cause: error,
        });
      dependencies.logger.info(
        { view: options.view.projection.name, attempt },
        'readers are at work; tries the swap again',
      );
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
    }
  }
}

/** Locks the live engine out; then reads the rest of the log, compares and swaps. */
async function finishHeld(
  tx: TransactionSql,
  options: RebuildOptions,
  live: number,
  next: number,
  follow: (targets: readonly Position[]) => Promise<number>,
): Promise<Finished> {
  const { view, goal } = options;
  const { name, version } = view.projection;
  await lockSchemas(tx);
  await tx`SELECT FROM khipu.projection_views WHERE view = ${name} FOR UPDATE`;
  await tx`SELECT FROM khipu.projection_offsets WHERE view = ${name} AND generation = ${live} ORDER BY topic, partition FOR UPDATE`;
  await follow(await targetsOf(tx, options, []));
  let comparison: readonly TableComparison[] | null = null;
  if (goal !== 'swap') {
    await asProjector(tx);
    comparison = await compareGenerations(tx, view, live, next);
    await tx.unsafe('RESET ROLE');
    const equal = comparison.every(({ differences }) => differences === 0);
    if (goal === 'compare' || !equal) return { swapped: false, comparison };
  }
  await tx`SELECT set_config('lock_timeout', ${`${SWAP_LOCK_WAIT_MS}ms`}, true), set_config('synchronous_commit', 'on', true)`;
  await pointNamesAt(tx, view, next);
  await tx`UPDATE khipu.projection_views SET generation = ${next}, version = ${version}, live_since = now() WHERE view = ${name}`;
  await tx`DELETE FROM khipu.projection_offsets WHERE view = ${name} AND generation = ${live}`;
  return { swapped: true, comparison };
}
