import { messageOf } from '../kafka/errors.ts';
import type { Sql } from './client.ts';

/** Asks the server for one row. For `startAdminServer`, which bounds its time. */
export async function postgresHealth(sql: Sql): Promise<{ ok: boolean; detail: string }> {
  try {
    const [row] = await sql<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
    return { ok: true, detail: `PostgreSQL ${row?.version}` };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}
