import type { Position } from '../kafka/port.ts';
import type { Sql } from '../stores/postgres/client.ts';
import { liveView } from './generation.ts';
import { readOffsets } from './sinks/offsets.ts';

/** Returns the positions of the live generation of a view; none when it was never made. */
export async function livePositions(sql: Sql, view: string): Promise<readonly Position[]> {
  const live = await liveView(sql, view);
  return live === undefined ? [] : readOffsets(sql, view, live.generation);
}

/**
 * Sets the live generation of a view to these positions, also for partitions that are new to it. Only for a view that no
 * process keeps up to date now, and whose rows contain all records before the positions. Does nothing for a view that was
 * never made.
 */
export async function setLivePositions(sql: Sql, view: string, positions: readonly Position[]): Promise<void> {
  await sql.begin(async (tx) => {
    const live = await liveView(tx, view);
    if (live === undefined || positions.length === 0) return;
    await tx`
      INSERT INTO khipu.projection_offsets (view, generation, topic, partition, next_offset)
      SELECT ${view}, ${live.generation}, * FROM unnest(
        ${positions.map(({ topic }) => topic)}::text[], ${positions.map(({ partition }) => partition)}::int[],
        ${positions.map(({ offset }) => offset)}::bigint[])
      ON CONFLICT (view, generation, topic, partition) DO UPDATE SET next_offset = excluded.next_offset`;
  });
}
