import type { Sql } from './client.ts';
import { sqlStateOf } from './errors.ts';

/** May read, under row-level security. Queries use this role. */
export const READER_ROLE = 'khipu_reader';
/**
 * May write rows of every tenant. Projections use this role. A row-level policy gives it the right, so it needs no
 * BYPASSRLS.
 */
export const PROJECTOR_ROLE = 'khipu_projector';

/**
 * The user may switch to the roles, but inherits none of their rights: a query without `withTenant` then sees no rows,
 * where an inherited projector policy would show it the rows of every tenant. PostgreSQL 16 or later.
 */
const MEMBERSHIP = 'WITH INHERIT FALSE, SET TRUE';

const ROLES = [READER_ROLE, PROJECTOR_ROLE] as const;

/**
 * Thrown when the roles are missing and the user may not create them. The message contains the SQL that an
 * administrator must run once.
 */
export class RolesError extends Error {
  override readonly name = 'RolesError';
  readonly code = 'POSTGRES_ROLES_MISSING';
}

const roleExists = async (sql: Sql, role: string): Promise<boolean> =>
  (await sql`SELECT 1 FROM pg_roles WHERE rolname = ${role}`).length > 0;

/** Returns true when the user of the connection can switch to `role`. */
async function canBecome(sql: Sql, role: string): Promise<boolean> {
  try {
    await sql.begin((tx) => tx`SELECT set_config('role', ${role}, true)`);
    return true;
  } catch (error) {
    // 42501: insufficient privilege. 22023: no such role.
    if (['42501', '22023'].includes(sqlStateOf(error))) return false;
    throw error;
  }
}

/** Errors when two processes create the same role at once: duplicate object, unique violation, concurrent update. */
const RACES = ['42710', '23505', 'XX000'];

async function attempt(statement: PromiseLike<unknown>): Promise<void> {
  try {
    await statement;
  } catch (error) {
    if (sqlStateOf(error) !== '42501' && !RACES.includes(sqlStateOf(error))) throw error;
  }
}

/**
 * Creates the two roles, if the user of the connection may. A managed Postgres may forbid it: then they must exist, and
 * the user must be a member of both. Roles belong to the server, not to the database. Throws RolesError.
 */
export async function ensureRoles(sql: Sql): Promise<void> {
  for (const role of ROLES) {
    if (!(await roleExists(sql, role))) await attempt(sql.unsafe(`CREATE ROLE ${role} NOLOGIN`));
    if ((await roleExists(sql, role)) && !(await canBecome(sql, role)))
      await attempt(sql.unsafe(`GRANT ${role} TO CURRENT_USER ${MEMBERSHIP}`));
  }
  const [user] = await sql<{ name: string }[]>`SELECT current_user AS name`;
  const missing: string[] = [];
  for (const role of ROLES) {
    if (!(await roleExists(sql, role)))
      missing.push(`CREATE ROLE ${role} NOLOGIN; GRANT ${role} TO "${user?.name}" ${MEMBERSHIP};`);
    else if (!(await canBecome(sql, role))) missing.push(`GRANT ${role} TO "${user?.name}" ${MEMBERSHIP};`);
  }
  if (missing.length > 0)
    throw new RolesError(`the database user may not create its roles; an administrator must run: ${missing.join(' ')}`);
}
