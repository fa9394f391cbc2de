import type { Table } from '../../projections/kernel.ts';
import type { Position, Watermark } from '../kafka/log.ts';
import { quoted, type Sql } from '../postgres/client.ts';
import { RebuildError } from './errors.ts';
import { generationSchema, type View } from './generation.ts';
import { asProjector } from './postgres-sink.ts';

const knowsItsRecord = ({ mode, columns }: Table): boolean =>
  mode === 'append' && ['topic', 'partition', 'offset'].every((name) => name in columns);

/**
 * Some topics are kept for days (`slm.responses`, `inference.events`), their rows for ever. What the log no longer has is
 * copied from the live generation as it stands, row by row; from there on the log speaks. Only a table whose rows name
 * their record can be cut like that: another view of a truncated topic cannot be rebuilt (LOG_TRUNCATED).
 * Begins the offsets of the new generation. Resolves with the number of rows copied.
 */
export async function carryOver(
  sql: Sql,
  view: View,
  live: number,
  next: number,
  targets: readonly Position[],
  marks: readonly Watermark[],
): Promise<number> {
  const { name, tables } = view.projection;
  const begins = targets.map(({ topic, partition, offset }) => {
    const low = marks.find((mark) => mark.topic === topic && mark.partition === partition)?.low ?? 0;
    return { topic, partition, low: Math.min(low, offset) };
  });
  const truncated = begins.filter(({ low }) => low > 0);
  if (truncated.length > 0 && !tables.every(knowsItsRecord))
    throw new RebuildError(
      'LOG_TRUNCATED',
      `${name} cannot be rebuilt: ${truncated.map(({ topic, partition, low }) => `${topic}/${partition} begins at ${low}`).join(', ')}`,
    );
  const topicsOf = begins.map(({ topic }) => topic);
  const partitions = begins.map(({ partition }) => partition);
  const lows = begins.map(({ low }) => low);
  return await sql.begin(async (tx) => {
    await asProjector(tx);
    await tx`
      INSERT INTO khipu.projection_offsets (view, generation, topic, partition, next_offset)
      SELECT ${name}, ${next}, * FROM unnest(${topicsOf}::text[], ${partitions}::int[], ${lows}::bigint[])`;
    let rows = 0;
    if (truncated.length === 0) return rows;
    for (const table of tables) {
      const columns = [...Object.keys(table.columns), ...(table.numbered === null ? [] : [table.numbered.column])];
      const list = columns.map(quoted).join(', ');
      const copied = await tx.unsafe(
        `INSERT INTO ${quoted(generationSchema(name, next))}.${quoted(table.name)} (${list})
         SELECT ${columns.map((column) => `t.${quoted(column)}`).join(', ')}
         FROM ${quoted(generationSchema(name, live))}.${quoted(table.name)} t
         JOIN unnest($1::text[], $2::int[], $3::bigint[]) AS begins(topic, partition, low)
           ON t.topic = begins.topic AND t.partition = begins.partition AND t."offset" < begins.low`,
        [topicsOf, partitions, lows],
      );
      rows += copied.count;
    }
    return rows;
  });
}
