import type { Position } from '../../kafka/port.ts';
import type { AnySql, TransactionSql } from '../../stores/postgres/client.ts';
import { ProjectionError } from '../errors.ts';
import type { Advance } from './sink.ts';

/** Returns the stored offsets of a generation. */
export async function readOffsets(sql: AnySql, view: string, generation: number): Promise<readonly Position[]> {
  return await sql<Position[]>`
    SELECT topic, partition, next_offset::float8 AS "offset" FROM khipu.projection_offsets
    WHERE view = ${view} AND generation = ${generation}
    ORDER BY topic, partition`;
}

/** Inserts the rows that an advance expects; existing rows are unchanged. */
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

/** The advances of one view's generation. */
export interface GenerationAdvances {
  readonly view: string;
  readonly generation: number;
  readonly advances: readonly Advance[];
}

/**
 * Advances the offsets of several views, each only from its expected value, and locks them until the transaction ends: a
 * concurrent writer of the same partition waits, and then finds another offset. Rejects with PROJECTION_ZOMBIE, which
 * names the views, when one does not match.
 */
export async function advanceOffsets(tx: TransactionSql, views: readonly GenerationAdvances[]): Promise<void> {
  const rows = views.flatMap(({ view, generation, advances }) =>
    advances.map((advance) => ({ view, generation, ...advance })),
  );
  const moved = await tx<{ view: string }[]>`
    UPDATE khipu.projection_offsets o SET next_offset = a.next
    FROM unnest(
      ${rows.map(({ view }) => view)}::text[], ${rows.map(({ generation }) => generation)}::int[],
      ${rows.map(({ topic }) => topic)}::text[], ${rows.map(({ partition }) => partition)}::int[],
      ${rows.map(({ expected }) => expected)}::bigint[], ${rows.map(({ next }) => next)}::bigint[]
    ) AS a(view, generation, topic, partition, expected, next)
    WHERE o.view = a.view AND o.generation = a.generation
      AND o.topic = a.topic AND o.partition = a.partition AND o.next_offset = a.expected
    RETURNING o.view`;
  const stale = views.flatMap(({ view, generation, advances }) => {
    const missing = advances.length - moved.filter((row) => row.view === view).length;
    return missing === 0 ? [] : [`${view}: ${missing} of ${advances.length} offsets of generation ${generation}`];
  });
  if (stale.length > 0)
    throw new ProjectionError('PROJECTION_ZOMBIE', `${stale.join(', ')} are not where they were left`);
}
