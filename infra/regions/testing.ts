import fc from 'fast-check';
import { partitionId } from '../kafka/partition-id.ts';
import type { MirroredRecord } from './closure.ts';

/** What a platform wrote, in the order of its commits. */
export interface History {
  readonly records: readonly MirroredRecord[];
}

const TOPICS = ['commands', 'decisions', 'events', 'work', 'results'] as const;
const PARTITIONS = 2;

interface Write {
  /** Which of the records so far is the input. */
  readonly input: number;
  /** Topics and partitions of the outputs. */
  readonly outputs: readonly { readonly topic: number; readonly partition: number }[];
}

const places = fc.record({ topic: fc.nat(TOPICS.length - 1), partition: fc.nat(PARTITIONS - 1) });
const writes = fc.array(
  fc.record<Write>({ input: fc.nat(40), outputs: fc.array(places, { minLength: 1, maxLength: 4 }) }),
  { maxLength: 12 },
);

/** Histories of commands, and of outputs that are written together because of one record before them. */
export const histories: fc.Arbitrary<History> = fc.tuple(fc.nat(5), writes).map(([commands, list]) => {
  const records: MirroredRecord[] = [];
  const ends = new Map<string, number>();
  const add = (topic: string, partition: number, more: Partial<MirroredRecord>): void => {
    const place = { topic, partition };
    const offset = ends.get(partitionId(place)) ?? 0;
    // Markers of transactions take offsets as well.
    ends.set(partitionId(place), offset + 1 + (offset % 3));
    const id = `r${records.length}`;
    records.push({ ...place, offset, id, input: id, cause: null, outputs: null, settled: false, ...more });
  };
  for (let n = 0; n <= commands; n += 1) add('commands', n % PARTITIONS, {});
  for (const [at, { input, outputs }] of list.entries()) {
    const cause = records[input % records.length]?.id ?? null;
    for (const { topic, partition } of outputs)
      add(TOPICS[topic] ?? 'events', partition, {
        cause,
        outputs: { name: `reader${at}/${cause}`, count: outputs.length },
      });
  }
  return { records };
});

/** Number of records of each partition that a mirror has when the source is lost. */
export const cutsOf = (history: History): fc.Arbitrary<[History, ReadonlyMap<string, number>]> => {
  const partitions = [...Map.groupBy(history.records, partitionId)];
  const counts = partitions.map(([name, { length }]) =>
    fc.tuple(fc.constant(name), fc.integer({ min: 0, max: length })),
  );
  return fc.tuple(
    fc.constant(history),
    fc.tuple(...counts).map((list) => new Map(list)),
  );
};

/** Returns what of a history has reached a mirror. */
export function mirrorOf(
  records: readonly MirroredRecord[],
  cuts: ReadonlyMap<string, number>,
): readonly MirroredRecord[] {
  const seen = new Map<string, number>();
  return records.filter((record) => {
    const name = partitionId(record);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count <= (cuts.get(name) ?? 0);
  });
}
