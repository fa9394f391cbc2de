import type { Position } from '../kafka/log.ts';
import type { AnySql, TransactionSql } from '../postgres/client.ts';
import { ProjectionError } from './errors.ts';
import type { Advance } from './sink.ts';

/** What is known of how far a generation has read. */
export async function readOffsets(sql: AnySql, view: string, generation: number): Promise<readonly Position[]> {
  return await sql<Position[]>`
    SELECT topic, partition, next_offset::float8 AS "offset" FROM khipu.projection_offsets
    WHERE view = ${view} AND generation = ${generation}
    ORDER BY topic, partition`;
}

/** Makes the rows that an advance will expect; those that stand stay as they are. */
export async function ensureOffsets(
  sql: AnySql,
  view: string,
  generation: number,
  places: readonly { readonly topic: string; readonly partition: number }[],
): Promise<void> {
  await sql`
    INSERT INTO khipu.projection_offsets (view, generation, topic, partition, next_offset)
    SELECT ${view}, ${generation}, topic, partition, 0
    FROM unnest(${places.map(({ topic }) => topic)}::text[], ${places.map(({ partition }) => partition)}::int[]) AS p(topic, partition)
    ON CONFLICT DO NOTHING`;
}

/**
 * Moves the offsets, each only from where it is expected, and locks them until the transaction ends: whoever else holds
 * the same partition waits, and then finds another offset. Rejects with PROJECTION_ZOMBIE when one does not match.
 */
export async function advanceOffsets(
  tx: TransactionSql,
  view: string,
  generation: number,
  advances: readonly Advance[],
): Promise<void> {
  const moved = await tx`
    UPDATE khipu.projection_offsets o SET next_offset = a.next
    FROM unnest(
      ${advances.map(({ topic }) => topic)}::text[], ${advances.map(({ partition }) => partition)}::int[],
      ${advances.map(({ expected }) => expected)}::bigint[], ${advances.map(({ next }) => next)}::bigint[]
    ) AS a(topic, partition, expected, next)
    WHERE o.view = ${view} AND o.generation = ${generation}
      AND o.topic = a.topic AND o.partition = a.partition AND o.next_offset = a.expected`;
  if (moved.count !== advances.length)
    throw new ProjectionError(
      'PROJECTION_ZOMBIE',
      `${view}: ${advances.length - moved.count} of ${advances.length} offsets of generation ${generation} are not where they were left`,
    );
}
