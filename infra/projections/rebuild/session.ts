import { quoted, type Sql } from '../../stores/postgres/client.ts';
import { lockSchemas } from '../../stores/postgres/migrate.ts';
import { RebuildError } from '../errors.ts';
import { generationSchema } from '../generation.ts';

/** Key of the lock for one rebuild at a time in a database. The connection holds it, so it ends with the process. */
const REBUILD_LOCK = 7_233_002;
/** Longest wait for readers that still use tables which no later query reads. */
const DROP_WAIT_MS = 5_000;

/**
 * Runs a rebuild under the lock, after removing the remains of a crashed one. Needs its own connection for that time:
 * not one behind a pooler in transaction mode. Rejects with RebuildError REBUILD_RUNNING.
 */
export async function aloneInRebuild<Result>(sql: Sql, rebuild: () => Promise<Result>): Promise<Result> {
  const session = await sql.reserve();
  try {
    const [lock] = await session<{ held: boolean }[]>`SELECT pg_try_advisory_lock(${REBUILD_LOCK}) AS held`;
    if (lock?.held !== true) throw new RebuildError('REBUILD_RUNNING', 'another rebuild is at work on this database');
    try {
      await dropRetired(sql);
      return await rebuild();
    } finally {
      await session`SELECT pg_advisory_unlock(${REBUILD_LOCK})`;
    }
  } finally {
    session.release();
  }
}

/**
 * Drops generations that no reader can reach: those of crashed rebuilds, and those whose readers took too long to
 * leave.
 */
async function dropRetired(sql: Sql): Promise<void> {
  const retired = await sql<{ view: string; generation: number }[]>`
    SELECT v.view, substring(n.nspname FROM '[0-9]+$')::int AS generation
    FROM pg_namespace n JOIN khipu.projection_views v
      ON n.nspname ~ ('^v_' || v.view || '_[0-9]+$') AND n.nspname <> 'v_' || v.view || '_' || v.generation`;
  for (const { view, generation } of retired) await dropGeneration(sql, view, generation);
}

/** Drops a generation that is not live. Resolves with false when readers still use it: the next rebuild drops it. */
export async function dropGeneration(sql: Sql, view: string, generation: number): Promise<boolean> {
  const schema = generationSchema(view, generation);
  try {
    await sql.begin(async (tx) => {
      await lockSchemas(tx);
      await tx`SELECT set_config('lock_timeout', ${`${DROP_WAIT_MS}ms`}, true)`;
      await tx.unsafe(`DROP SCHEMA IF EXISTS ${quoted(schema)} CASCADE`);
      await tx`DELETE FROM khipu.migrations WHERE schema = ${schema}`;
      await tx`DELETE FROM khipu.projection_offsets WHERE view = ${view} AND generation = ${generation}`;
    });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === '55P03') return false;
    throw error;
  }
}
