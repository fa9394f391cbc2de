import { connectPostgres } from '../stores/postgres/client.ts';
import { prepareViewsOn, type View } from './generation.ts';

/** Runs `prepareViewsOn` with its own connection. Resolves with the number of migrations that ran now. */
export async function prepareViews(databaseUrl: string, views: readonly View[]): Promise<number> {
  const sql = connectPostgres(databaseUrl, { applicationName: 'khipu-setup', connectionsMax: 1 });
  try {
    return await prepareViewsOn(sql, views);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
