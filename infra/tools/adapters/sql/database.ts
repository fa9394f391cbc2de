import { messageOf } from '../../../kit/errors.ts';
import type { AnySql, Sql } from '../../../stores/postgres/client.ts';
import { ToolError } from '../../errors.ts';

/** A database by what no name and no proxy changes: the cluster's own identifier, and its name there. */
export interface DatabaseIdentity {
  readonly system: string;
  readonly database: string;
}

/** Resolves with the identity of the database of a connection. Rejects with the error of the database. */
export async function identityOf(sql: AnySql): Promise<DatabaseIdentity> {
  const [found] = await sql<{ system: string; database: string }[]>`
    SELECT system_identifier::text AS system, current_database() AS database FROM pg_control_system()`;
  if (found === undefined) throw new Error('the database has no system identifier');
  return found;
}

const refused = (detail: string, cause?: unknown): ToolError =>
  new ToolError('TOOL_DATABASE_REFUSED', detail, { effect: 'none', cause });

/** Roles whose members reach files, programs or other sessions of the server, from a read-only transaction as well. */
const POWERS = ['pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_signal_backend'];

/** Rejects with ToolError TOOL_DATABASE_REFUSED for a user that a read-only transaction does not hold. */
export async function requireHarmless(sql: AnySql): Promise<void> {
  const [user] = await sql<{ is_super: boolean; powers: readonly string[] }[]>`
    SELECT rolsuper AS is_super, ARRAY(
      SELECT power FROM unnest(${POWERS}::text[]) AS power WHERE pg_has_role(current_user, power, 'MEMBER')
    ) AS powers FROM pg_roles WHERE rolname = current_user`;
  if (user === undefined || user.is_super)
    throw refused('The user of the database is a superuser; give it a role that reads');
  if (user.powers.length > 0) throw refused(`The user of the database is a member of ${user.powers.join(', ')}`);
}

/** Finds whether a database is that of this platform. */
export class OwnDatabase {
  readonly #sql: Sql;
  #identity: Promise<DatabaseIdentity> | null = null;

  /** `sql` is connected to the database of this platform. */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * Rejects with ToolError TOOL_DATABASE_REFUSED when the connection ends at the database of this platform, by whatever name, or
   * when either has no identity that can be read.
   */
  async requireOther(sql: AnySql): Promise<void> {
    const [own, other] = await Promise.all([this.#own(), this.#identityOf(sql)]);
    if (own.system === other.system && own.database === other.database)
      throw refused('It is the database of this platform, which tools never reach');
  }

  async #own(): Promise<DatabaseIdentity> {
    this.#identity ??= identityOf(this.#sql);
    try {
      return await this.#identity;
    } catch (cause) {
      this.#identity = null;
      throw refused(`The database of this platform cannot be identified now: ${messageOf(cause)}`, cause);
    }
  }

  async #identityOf(sql: AnySql): Promise<DatabaseIdentity> {
    try {
      return await identityOf(sql);
    } catch (cause) {
      throw refused(`The database says no identity: ${messageOf(cause)}`, cause);
    }
  }
}
