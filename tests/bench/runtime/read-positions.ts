import type { Log } from '../../../infra/kafka/port.ts';
import type { Sql } from '../../../infra/stores/postgres/client.ts';

/** Sets the read positions of the live view to the end of a topic. The rows do not matter: no projection runs here. */
export async function markAsRead(sql: Sql, log: Pick<Log, 'watermarks'>, view: string, topic: string): Promise<void> {
  for (const { partition, high } of await log.watermarks([topic]))
    await sql`
      INSERT INTO khipu.projection_offsets (view, generation, topic, partition, next_offset)
      SELECT view, generation, ${topic}, ${partition}, ${high} FROM khipu.projection_views WHERE view = ${view}
      ON CONFLICT (view, generation, topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;
}
