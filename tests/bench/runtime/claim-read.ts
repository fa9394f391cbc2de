import type { Log } from '../../../infra/kafka/log.ts';
import type { Sql } from '../../../infra/postgres/client.ts';

/** As if the live view had read all of a topic. Its rows are not looked at: no projection runs here. */
export async function claimRead(sql: Sql, log: Pick<Log, 'watermarks'>, view: string, topic: string): Promise<void> {
  for (const { partition, high } of await log.watermarks([topic]))
    await sql`
      INSERT INTO khipu.projection_offsets (view, generation, topic, partition, next_offset)
      SELECT view, generation, ${topic}, ${partition}, ${high} FROM khipu.projection_views WHERE view = ${view}
      ON CONFLICT (view, generation, topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;
}
