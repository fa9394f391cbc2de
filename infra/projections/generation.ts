import type { Projection } from '../../projections/kernel.ts';
import { KHIPU_SCHEMA, migrateBookkeeping } from '../stores/postgres/bookkeeping.ts';
import { type AnySql, quoted, type Sql, type TransactionSql } from '../stores/postgres/client.ts';
import { lockSchemas, type Migration, migrateSchema } from '../stores/postgres/migrate.ts';
import { ensureRoles, PROJECTOR_ROLE, READER_ROLE } from '../stores/postgres/roles.ts';

/** A read model with the SQL of its tables. */
export interface View {
  readonly projection: Projection;
  readonly migrations: readonly Migration[];
}

/** The generation that readers see. */
export interface LiveView {
  readonly generation: number;
  /** Version of the projection that built the generation. */
  readonly version: number;
}

/** Returns the schema of a generation's tables. */
export const generationSchema = (view: string, generation: number): string => `v_${view}_${generation}`;

/** Returns the live generation; undefined before the view is first created. */
export async function liveView(sql: AnySql, view: string): Promise<LiveView | undefined> {
  const [live] = await sql<LiveView[]>`SELECT generation, version FROM khipu.projection_views WHERE view = ${view}`;
  return live;
}

/**
 * Enables row-level security on every table of a generation: a reader sees its tenant's rows, and none when no tenant is
 * set; the projector writes all rows. Throws when a table has no `tenant_id`.
 */
async function protectTables(tx: TransactionSql, schema: string): Promise<void> {
  const tables = await tx<{ name: string; tenanted: boolean }[]>`
    SELECT c.relname AS name, EXISTS (
      SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull
    ) AS tenanted
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema} AND c.relkind IN ('r', 'p')`;
  await tx.unsafe(`GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${READER_ROLE}, ${PROJECTOR_ROLE}`);
  for (const { name, tenanted } of tables) {
    if (!tenanted) throw new Error(`table ${schema}.${name} has no tenant_id that is NOT NULL`);
    const table = `${quoted(schema)}.${quoted(name)}`;
    await tx.unsafe(`
      ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
      DROP POLICY IF EXISTS tenant ON ${table};
      CREATE POLICY tenant ON ${table} FOR SELECT TO ${READER_ROLE}
        USING (tenant_id = current_setting('khipu.tenant_id', true));
      DROP POLICY IF EXISTS projector ON ${table};
      CREATE POLICY projector ON ${table} TO ${PROJECTOR_ROLE} USING (true) WITH CHECK (true);
      GRANT SELECT ON ${table} TO ${READER_ROLE};
      GRANT SELECT, INSERT, UPDATE ON ${table} TO ${PROJECTOR_ROLE};`);
  }
}

/**
 * Creates the tables of a generation, or migrates them to the last migration. Call under `lockSchemas`. Resolves with
 * the number of migrations that ran.
 */
export async function migrateGeneration(tx: TransactionSql, view: View, generation: number): Promise<number> {
  const schema = generationSchema(view.projection.name, generation);
  const ran = await migrateSchema(tx, schema, view.migrations);
  if (ran.length > 0) await protectTables(tx, schema);
  return ran.length;
}

/**
 * Points the stable names (`khipu.<table>`) at a generation. The views run with the rights of the querying role, so that
 * the tables' row-level security applies. Waits for readers that use the names, at most `lock_timeout`.
 */
export async function pointNamesAt(tx: TransactionSql, view: View, generation: number): Promise<void> {
  for (const { name } of view.projection.tables) {
    const stable = `${KHIPU_SCHEMA}.${quoted(name)}`;
    await tx.unsafe(`
      DROP VIEW IF EXISTS ${stable};
      CREATE VIEW ${stable} WITH (security_invoker = true) AS
        SELECT * FROM ${quoted(generationSchema(view.projection.name, generation))}.${quoted(name)};
      GRANT SELECT ON ${stable} TO ${READER_ROLE}, ${PROJECTOR_ROLE};`);
  }
}

/**
 * Creates or migrates everything that the views need: roles, bookkeeping, the first generation of each, stable names.
 * Idempotent, and safe from many processes at once. Throws RolesError or MigrationError. Resolves with the number of
 * migrations that ran now.
 */
export async function prepareViewsOn(sql: Sql, views: readonly View[]): Promise<number> {
  await ensureRoles(sql);
  let ran = await sql.begin(migrateBookkeeping);
  for (const view of views) {
    ran += await sql.begin(async (tx) => {
      await lockSchemas(tx);
      const { name, version } = view.projection;
      const live = await liveView(tx, name);
      const generation = live?.generation ?? 1;
      const changed = await migrateGeneration(tx, view, generation);
      if (live === undefined)
        await tx`INSERT INTO khipu.projection_views (view, generation, version) VALUES (${name}, 1, ${version})`;
      if (changed > 0) await pointNamesAt(tx, view, generation);
      return changed;
    });
  }
  return ran;
}
