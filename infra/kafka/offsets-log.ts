import { messageOf } from './errors.ts';
import type { CommittedOffset, Log, LogRecord } from './log.ts';

/** Where Kafka keeps what groups commit. Compacted; one partition a group. */
export const OFFSETS_TOPIC = '__consumer_offsets';

/** As the coordinator chooses it: `Utils.abs(groupId.hashCode()) % partitions`, over Java's `String.hashCode`. */
export function offsetsPartitionOf(group: string, partitions: number): number {
  let hash = 0;
  for (let at = 0; at < group.length; at += 1) hash = (Math.imul(31, hash) + group.charCodeAt(at)) | 0;
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitions;
}

/** Key of a commit, version 1 (OffsetCommitKey.json of Kafka), as the text that a log record has of its bytes. */
export function offsetKeyOf(group: string, topic: string, partition: number): string {
  const [groupBytes, topicBytes] = [Buffer.from(group), Buffer.from(topic)];
  const key = Buffer.alloc(10 + groupBytes.length + topicBytes.length);
  let at = key.writeInt16BE(1);
  at = key.writeInt16BE(groupBytes.length, at);
  at += groupBytes.copy(key, at);
  at = key.writeInt16BE(topicBytes.length, at);
  at += topicBytes.copy(key, at);
  key.writeInt32BE(partition, at);
  return key.toString('utf8');
}

/** Versions of OffsetCommitValue.json: 3 has a leader's epoch before the metadata, 4 the same in compact form. */
const EPOCH_SINCE = 3;
const COMPACT_SINCE = 4;

/** Offset and metadata of a commit; null for a version that is not known. */
export function offsetValueOf(value: Buffer): { readonly offset: number; readonly metadata: string } | null {
  const version = value.readInt16BE(0);
  if (version > COMPACT_SINCE) return null;
  const offset = Number(value.readBigInt64BE(2));
  let at = version >= EPOCH_SINCE ? 14 : 10;
  let length = 0;
  if (version < COMPACT_SINCE) {
    length = value.readInt16BE(at);
    at += 2;
  } else {
    for (let shift = 0; ; shift += 7, at += 1) {
      const byte = value[at] ?? 0;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    length -= 1;
    at += 1;
  }
  return { offset, metadata: value.toString('utf8', at, at + Math.max(0, length)) };
}

type Reads = Pick<Log, 'watermarks' | 'readTo'>;

/** What the log says that a group committed for these places, the latest of each; -1 where it says nothing, or took it back. */
export async function offsetsInLog(
  log: Reads,
  group: string,
  places: readonly Pick<CommittedOffset, 'topic' | 'partition'>[],
): Promise<readonly CommittedOffset[]> {
  const marks = await log.watermarks([OFFSETS_TOPIC]);
  const partition = offsetsPartitionOf(group, marks.length);
  const low = marks.find((mark) => mark.partition === partition)?.low ?? 0;
  const found = new Map<string, CommittedOffset>(
    places.map((place) => [offsetKeyOf(group, place.topic, place.partition), { ...place, offset: -1, metadata: '' }]),
  );
  const take = ({ key, value }: LogRecord): void => {
    const place = key === null ? undefined : found.get(key);
    if (key === null || place === undefined) return;
    const commit = value === null ? { offset: -1, metadata: '' } : offsetValueOf(value);
    if (commit !== null) found.set(key, { ...place, ...commit });
  };
  await log.readTo({
    from: [{ topic: OFFSETS_TOPIC, partition, offset: low }],
    onBatch: ({ records }) => records.forEach(take),
  });
  return [...found.values()];
}

/** The log is not ours to read, as where somebody else runs Kafka: the coordinator's word is all there is. */
const isHidden = (error: unknown): boolean =>
  /TOPIC_AUTHORIZATION_FAILED|not authorized to access topics/i.test(messageOf(error));

/**
 * Committed offsets as the coordinator told them, and those of which it knows nothing from the log in which it keeps them. A
 * coordinator that was killed and comes back may serve its groups before it has read them (seen with Kafka 4.1.1, once in
 * some forty restarts under load): whoever believed it would do all of the partition again. Where nothing was ever
 * committed this costs one read of one partition, until the first commit.
 */
export async function recalled(
  log: Reads,
  group: string,
  told: readonly CommittedOffset[],
): Promise<readonly CommittedOffset[]> {
  const unknown = told.filter(({ offset }) => offset < 0);
  if (unknown.length === 0) return told;
  const marks = await log.watermarks([...new Set(unknown.map(({ topic }) => topic))]);
  const written = unknown.filter(({ topic, partition }) =>
    marks.some((mark) => mark.topic === topic && mark.partition === partition && mark.high > 0),
  );
  if (written.length === 0) return told;
  const kept = await offsetsInLog(log, group, written).catch((error: unknown) => {
    if (isHidden(error)) return [];
    throw error;
  });
  return told.map(
    (place) => kept.find(({ topic, partition }) => topic === place.topic && partition === place.partition) ?? place,
  );
}
