import type { Sql } from './client.ts';
import { sqlStateOf } from './errors.ts';

/** May read, under row-level security: what queries run as. */
export const READER_ROLE = 'khipu_reader';
/** May write rows of every tenant: what projections run as. Its right is a policy, so no BYPASSRLS is needed. */
export const PROJECTOR_ROLE = 'khipu_projector';

/**
 * The user may become the roles, but has none of their rights until it does: a query that forgets `withTenant` then sees
 * nothing, where an inherited projector policy would show it every tenant's rows. PostgreSQL 16 or later.
 */
const MEMBERSHIP = 'WITH INHERIT FALSE, SET TRUE';

const ROLES = [READER_ROLE, PROJECTOR_ROLE] as const;

/** The roles are missing and may not be made. The message holds the SQL that an administrator must run once. */
export class RolesError extends Error {
  override readonly name = 'RolesError';
  readonly code = 'POSTGRES_ROLES_MISSING';
}

const roleExists = async (sql: Sql, role: string): Promise<boolean> =>
  (await sql`SELECT 1 FROM pg_roles WHERE rolname = ${role}`).length > 0;

/** True when the user of the connection can become `role`. */
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

/** Errors of two processes that make the same role at once: duplicate object, unique violation, concurrent update. */
const RACES = ['42710', '23505', 'XX000'];

async function attempt(statement: PromiseLike<unknown>): Promise<void> {
  try {
    await statement;
  } catch (error) {
    if (sqlStateOf(error) !== '42501' && !RACES.includes(sqlStateOf(error))) throw error;
  }
}

/**
 * Makes the two roles, where the user of the connection may. A managed Postgres may forbid it: then they must exist, and
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
    throw new RolesError(`the database user may not make its roles; an administrator must run: ${missing.join(' ')}`);
}
