import type { RowChange } from '../../projections/kernel.ts';
import type { FetchedBatch, Position } from '../kafka/log.ts';
import type { Sql } from '../postgres/client.ts';
import { Committed } from './advances.ts';
import { RebuildError } from './errors.ts';
import type { View } from './generation.ts';
import { readOffsets } from './offsets.ts';
import { PostgresSink } from './postgres-sink.ts';
import type { ViewDependencies } from './run-view.ts';
import { ViewTask } from './view-task.ts';

const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic} ${partition}`;

/** Of one transaction: nobody waits for its rows, and the more records are folded at once the fewer rows are written. */
const FILL_RECORDS_MAX = 20_000;

/** The part of a batch that lies before `end`. */
const before = (batch: FetchedBatch, end: number): FetchedBatch =>
  batch.next <= end ? batch : { ...batch, next: end, records: batch.records.filter(({ offset }) => offset < end) };

/**
 * Reads the log into a generation, from where the generation stands up to `targets`, exactly. Resolves with the number of
 * records. Records that the view cannot take are counted and left out: the live view has put them to the dead letters.
 */
export async function fillGeneration(
  sql: Sql,
  view: View,
  generation: number,
  targets: readonly Position[],
  dependencies: ViewDependencies,
): Promise<{ readonly records: number; readonly refused: number }> {
  const { projection } = view;
  const positions = await readOffsets(sql, projection.name, generation);
  const ends = new Map(targets.map((target) => [placeOf(target), target.offset]));
  const committed = new Committed(positions);
  const from = positions.filter((position) => position.offset < (ends.get(placeOf(position)) ?? 0));
  if (from.length === 0) return { records: 0, refused: 0 };

  let records = 0;
  let refused = 0;
  let failure: unknown = null;
  const begun = new Set<string>();
  const task = new ViewTask<RowChange>(
    {
      batchRecordsMax: FILL_RECORDS_MAX,
      ...dependencies,
      view: projection.name,
      apply: projection.apply,
      sink: PostgresSink.ofGeneration(sql, projection, generation),
      deadLetter: async () => {
        refused += 1;
      },
    },
    committed,
    (error) => {
      failure = error;
    },
  );
  try {
    await dependencies.log.readTo({
      from,
      onBatch: (batch) => {
        if (failure !== null) return Promise.reject(failure);
        const place = placeOf(batch);
        const end = ends.get(place) ?? 0;
        if (!begun.has(place) && batch.from > committed.nextOf(batch))
          return Promise.reject(new RebuildError('LOG_TRUNCATED', `retention has moved on in ${place}; run it again`));
        begun.add(place);
        if (batch.from >= end) return;
        const part = before(batch, end);
        records += part.records.length;
        return task.put(part);
      },
    });
    await task.finish();
  } finally {
    await task.close();
  }
  if (failure !== null) throw failure;
  return { records, refused };
}
