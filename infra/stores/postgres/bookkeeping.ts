import { fileURLToPath } from 'node:url';
import type { TransactionSql } from './client.ts';
import { lockSchemas, migrateSchema, readMigrations } from './migrate.ts';
import { PROJECTOR_ROLE, READER_ROLE } from './roles.ts';

/** Schema of the bookkeeping tables, and of the views through which read models are queried. */
export const KHIPU_SCHEMA = 'khipu';

const MIGRATIONS = fileURLToPath(new URL('./migrations/', import.meta.url));

/** The tables that must exist before any migration: the migrations table itself. */
const FOUNDATION = `
  CREATE SCHEMA IF NOT EXISTS ${KHIPU_SCHEMA};
  CREATE TABLE IF NOT EXISTS ${KHIPU_SCHEMA}.migrations (
    schema text NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (schema, name)
  );`;

/**
 * Creates the tables that all read models need. The roles must exist (`ensureRoles`). Takes the schema lock. Resolves
 * with the number of migrations that ran.
 */
export async function migrateBookkeeping(tx: TransactionSql): Promise<number> {
  await lockSchemas(tx);
  await tx.unsafe(FOUNDATION);
  const ran = await migrateSchema(tx, KHIPU_SCHEMA, await readMigrations(MIGRATIONS));
  if (ran.length === 0) return 0;
  await tx.unsafe(`
    GRANT USAGE ON SCHEMA ${KHIPU_SCHEMA} TO ${READER_ROLE}, ${PROJECTOR_ROLE};
    GRANT SELECT ON ${KHIPU_SCHEMA}.projection_positions TO ${READER_ROLE}, ${PROJECTOR_ROLE};
    GRANT SELECT ON ${KHIPU_SCHEMA}.projection_views TO ${PROJECTOR_ROLE};
    GRANT SELECT, INSERT, UPDATE ON ${KHIPU_SCHEMA}.projection_offsets TO ${PROJECTOR_ROLE};`);
  return ran.length;
}
