import { partitionId } from '../../kafka/partition-id.ts';
import type { Position } from '../../kafka/port.ts';
import type { Sql } from '../../stores/postgres/client.ts';
import { RebuildError } from '../errors.ts';
import type { View } from '../generation.ts';
import { Committed } from '../run/advances.ts';
import { alone } from '../run/bound-view.ts';
import { before } from '../run/catch-up.ts';
import type { ViewDependencies } from '../run/view-dependencies.ts';
import { ViewsTask } from '../run/views-task.ts';
import { readOffsets } from '../sinks/offsets.ts';
import { PostgresSink } from '../sinks/postgres.ts';

/** Records per transaction: no reader waits for the rows, and folding more records at once writes fewer rows. */
const FILL_RECORDS_MAX = 20_000;

/**
 * Reads the log into a generation, from its offsets up to exactly `targets`. Resolves with the number of records. Records
 * that the view rejects are counted and left out: the live view has put them into the dead letters.
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
  const ends = new Map(targets.map((target) => [partitionId(target), target.offset]));
  const committed = new Committed(positions);
  const from = positions.filter((position) => position.offset < (ends.get(partitionId(position)) ?? 0));
  if (from.length === 0) return { records: 0, refused: 0 };

  let records = 0;
  let refused = 0;
  let failure: unknown = null;
  const begun = new Set<string>();
  const sink = PostgresSink.ofGeneration(sql, projection, generation);
  const bound = { ...projection, sink };
  const task = new ViewsTask({
    batchRecordsMax: FILL_RECORDS_MAX,
    ...dependencies,
    store: alone(bound, { store: 'postgres' }),
    views: [{ ...bound, committed }],
    deadLetter: async () => {
      refused += 1;
    },
    onCrash: (error) => {
      failure = error;
    },
  });
  try {
    await dependencies.log.readTo({
      from,
      onBatch: (batch) => {
        if (failure !== null) return Promise.reject(failure);
        const place = partitionId(batch);
        const end = ends.get(place) ?? 0;
        if (!begun.has(place) && batch.from > committed.nextOf(batch))
          return Promise.reject(new RebuildError('LOG_TRUNCATED', `retention has moved on in ${place}; run it again`));
        begun.add(place);
        if (batch.from >= end) return;
        const part = before(batch, end);
        records += part.records.length;
        return task.push(part);
      },
    });
    await task.finish();
  } finally {
    await task.stop();
  }
  if (failure !== null) throw failure;
  return { records, refused };
}
