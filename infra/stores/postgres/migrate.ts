import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoted, type TransactionSql } from './client.ts';

/** One migration file. */
export interface Migration {
  /** File name, such as `0001-sessions.sql`. */
  readonly name: string;
  readonly sql: string;
  /** sha256 of the text, hex. */
  readonly checksum: string;
}

/** Thrown when the migrations that ran differ from the files. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code = 'MIGRATION_MISMATCH';
}

/**
 * Reads `<number>-<name>.sql` files in order. Throws MigrationError for another name, a repeated number, or an empty
 * folder.
 */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).sort();
  const wrong = names.filter(
    (name, index) => !name.startsWith(`${String(index + 1).padStart(4, '0')}-`) || !name.endsWith('.sql'),
  );
  if (names.length === 0 || wrong.length > 0)
    throw new MigrationError(
      `${folder} must hold 0001-….sql, 0002-….sql and so on; got ${names.join(', ') || 'nothing'}`,
    );
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Key of the advisory lock for all changes of tables: one at a time in a database. */
export const SCHEMA_LOCK = 7_233_001;

/** Takes the lock until the transaction ends. */
export const lockSchemas = async (tx: TransactionSql): Promise<void> => {
  await tx`SELECT pg_advisory_xact_lock(${SCHEMA_LOCK})`;
};

/**
 * Migrates the tables of one schema to the last migration. Every schema has its own version, so that two generations of a
 * view can exist together. A migration that ran must never change: add the next one. Throws MigrationError.
 * Call it under `lockSchemas`. Resolves with the names of the migrations that ran now.
 */
export async function migrateSchema(
  tx: TransactionSql,
  schema: string,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  await tx.unsafe(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
  const applied = await tx<{ name: string; checksum: string }[]>`
    SELECT name, checksum FROM khipu.migrations WHERE schema = ${schema} ORDER BY name`;
  for (const [index, { name, checksum }] of applied.entries()) {
    const migration = migrations[index];
    if (migration === undefined || migration.name !== name)
      throw new MigrationError(`${schema}: ${name} ran in this database, but this older release does not include it`);
    if (migration.checksum !== checksum) throw new MigrationError(`${schema}: ${name} was changed after it ran`);
  }
  const pending = migrations.slice(applied.length);
  for (const { name, sql, checksum } of pending) {
    await tx.unsafe(`SET LOCAL search_path TO ${quoted(schema)}`);
    await tx.unsafe(sql);
    await tx`INSERT INTO khipu.migrations (schema, name, checksum) VALUES (${schema}, ${name}, ${checksum})`;
  }
  await tx.unsafe('RESET search_path');
  return pending.map(({ name }) => name);
}
