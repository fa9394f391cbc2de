import { partitionId } from '../kafka/partition-id.ts';
import type { Position } from '../kafka/port.ts';
import type { ClosedPrefix, MirroredRecord } from './closure.ts';

/** A reader of the mirror: a topology, or a worker. */
export interface MirrorReader {
  readonly name: string;
  readonly kind: 'processor' | 'worker';
  readonly topics: readonly string[];
}

/** Where a reader begins in one partition after a promotion. */
export interface ReaderStart {
  readonly reader: string;
  readonly topic: string;
  readonly partition: number;
  /** First offset to read. */
  readonly offset: number;
  /** Records from there on that it has not handled; those between them it has. Only of a worker. */
  readonly open: readonly MirroredRecord[];
  /** Records before `offset` whose outputs were lost or dropped: they are run again one by one. Only of a processor. */
  readonly again: readonly MirroredRecord[];
}

/** The offset below which a reader had handled everything at the source; null where it is not known. */
export type Committed = (reader: string, topic: string, partition: number) => number | null;

/**
 * Returns where each reader begins, in all partitions of `begins`: the first offsets that were checked. A record counts
 * as handled when its outputs are kept, or when the source had passed it so long ago that outputs, had there been any,
 * would be on the mirror. Any other record is run, for a second time if the source had run it: a decider then writes the
 * same records under the same ids.
 */
export function readerStarts(
  readers: readonly MirrorReader[],
  { kept, dropped }: Pick<ClosedPrefix, 'kept' | 'dropped'>,
  begins: readonly Position[],
  committed: Committed,
): readonly ReaderStart[] {
  const done = new Set(
    kept.flatMap(({ outputs }) => (outputs === null ? [] : [outputs.name, ofOriginal(outputs.name)])),
  );
  const lost = new Set(dropped.flatMap(({ outputs }) => outputs?.name ?? []));
  const partitions = Map.groupBy(kept, partitionId);
  const inputs = Map.groupBy(begins, ({ topic }) => topic);
  return readers.flatMap(({ name, kind, topics }) =>
    topics
      .flatMap((topic) => inputs.get(topic) ?? [])
      .map(({ topic, partition, offset: begin }): ReaderStart => {
        const passed = committed(name, topic, partition);
        const isHandled = ({ input, offset, settled }: MirroredRecord): boolean => {
          const outputs = `${name}/${input}`;
          if (done.has(outputs)) return true;
          return !lost.has(outputs) && settled && passed !== null && offset < passed;
        };
        const records = partitions.get(partitionId({ topic, partition })) ?? [];
        return { reader: name, topic, partition, ...startOf(kind, records, begin, isHandled) };
      }),
  );
}

/** Outputs of an input that was appended again, `<reader>/<id>/<member>`, are those of the original as well. */
const ofOriginal = (outputs: string): string => outputs.split('/').slice(0, 2).join('/');

function startOf(
  kind: MirrorReader['kind'],
  records: readonly MirroredRecord[],
  begin: number,
  isHandled: (record: MirroredRecord) => boolean,
): Pick<ReaderStart, 'offset' | 'open' | 'again'> {
  const open = records.filter((record) => !isHandled(record));
  const end = (records.at(-1)?.offset ?? begin - 1) + 1;
  if (kind === 'worker') return { offset: open[0]?.offset ?? end, open, again: [] };
  const offset = records[records.findLastIndex(isHandled) + 1]?.offset ?? end;
  return { offset, open: [], again: open.filter((record) => record.offset < offset) };
}
