import type { Table } from '../../../projections/kernel.ts';
import type { Layout } from '../../kafka/layout.ts';
import type { Position, Watermark } from '../../kafka/port.ts';
import { quoted, type Sql } from '../../stores/postgres/client.ts';
import { RebuildError } from '../errors.ts';
import { generationSchema, type View } from '../generation.ts';
import { asProjector } from '../sinks/postgres.ts';

const knowsItsRecord = ({ mode, columns }: Table): boolean =>
  mode === 'append' && ['topic', 'partition', 'offset'].every((name) => name in columns);

/**
 * Copies rows of records that the log no longer has: some topics are retained for days (`slm.responses`,
 * `inference.events`), their rows permanently. These rows come from the live generation; rows of later records are built
 * from the log. Only a table whose rows name their record can be split like that: another view of a truncated topic cannot
 * be rebuilt (RebuildError LOG_TRUNCATED).
 * `layout`: since which offsets the log holds its records; what lay before was copied, not lost.
 * Inserts the first offsets of the new generation. Resolves with the number of rows copied.
 */
export async function carryOver(
  sql: Sql,
  view: View,
  live: number,
  next: number,
  targets: readonly Position[],
  marks: readonly Watermark[],
  layout: Pick<Layout, 'begins'>,
): Promise<number> {
  const { name, tables } = view.projection;
  const begins = targets.map(({ topic, partition, offset }) => {
    const low = marks.find((mark) => mark.topic === topic && mark.partition === partition)?.low ?? 0;
    return { topic, partition, low: Math.min(low, offset) };
  });
  const truncated = begins.filter(({ topic, partition, low }) => low > (layout.begins[topic]?.[partition] ?? 0));
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
