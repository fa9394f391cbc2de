import { messageOf } from '../../kit/errors.ts';
import type { Sql } from './client.ts';

/** Queries one row. Returns the server version, or the error as `detail`. For `startAdminServer`, which bounds its time. */
export async function postgresHealth(sql: Sql): Promise<{ ok: boolean; detail: string }> {
  try {
    const [row] = await sql<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
    return { ok: true, detail: `PostgreSQL ${row?.version}` };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}
