import { partitionId } from '../../kafka/partition-id.ts';
import type { Log, Position, Watermark } from '../../kafka/port.ts';
import { lagOf } from '../../projections/run/lag.ts';

/** A reader with its next offset of each partition. */
export interface ReaderPositions {
  readonly name: string;
  readonly kind: 'processor' | 'view';
  readonly topics: readonly string[];
  readonly positions: readonly Position[];
}

/** What a reader has not read of one partition. */
export interface Unread extends Position {
  readonly reader: string;
  readonly kind: ReaderPositions['kind'];
  /** Offset after the last record. */
  readonly end: number;
  /** Records; above 64 offsets, the offsets, which include transaction markers. */
  readonly lag: number;
}

/** Above this many offsets, transaction markers no longer matter, and records are not counted one by one. */
const COUNTED_MAX = 64;

/** Returns the offsets of the records in the given ranges: markers and aborted records take offsets, and are not records. */
async function recordOffsets(log: Log, ranges: readonly Unread[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const from = new Map<string, Position>();
  for (const { topic, partition, offset } of ranges) {
    const id = partitionId({ topic, partition });
    from.set(id, { topic, partition, offset: Math.min(offset, from.get(id)?.offset ?? offset) });
  }
  const found = new Map<string, number[]>();
  await log.readTo({
    from: [...from.values()],
    onBatch: (batch) => {
      const offsets = found.get(partitionId(batch)) ?? [];
      found.set(partitionId(batch), offsets);
      offsets.push(...batch.records.map(({ offset }) => offset));
    },
  });
  return found;
}

/** Returns what each reader has not read of each partition. A small lag is counted in records, so that it is 0 at rest. */
export async function unreadOf(
  log: Log,
  readers: readonly ReaderPositions[],
  marks: readonly Watermark[],
): Promise<readonly Unread[]> {
  const rough = readers.flatMap(({ name, kind, topics, positions }) => {
    const mine = marks.filter(({ topic }) => topics.includes(topic));
    const ends = new Map(mine.map((mark) => [partitionId(mark), mark.high]));
    return lagOf(mine, positions).map(({ records, ...position }): Unread => {
      const end = ends.get(partitionId(position)) ?? 0;
      return { reader: name, kind, ...position, offset: end - records, end, lag: records };
    });
  });
  const isSmall = ({ lag }: Unread): boolean => lag > 0 && lag <= COUNTED_MAX;
  const offsets = await recordOffsets(log, rough.filter(isSmall));
  return rough.map((each) => {
    if (!isSmall(each)) return each;
    const read = offsets.get(partitionId(each)) ?? [];
    return { ...each, lag: read.filter((offset) => offset >= each.offset && offset < each.end).length };
  });
}
