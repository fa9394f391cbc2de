import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../kit/errors.ts';
import { LogError } from './errors.ts';
import { partitionId } from './partition-id.ts';
import type { CommittedOffset, Log, LogRecord } from './port.ts';

/** The topic in which Kafka keeps committed offsets. Compacted; each group has one partition. */
export const OFFSETS_TOPIC = '__consumer_offsets';

/**
 * Returns the partition of a group, as the coordinator chooses it: `Utils.abs(groupId.hashCode()) % partitions`, over
 * Java's `String.hashCode`.
 */
export function offsetsPartitionOf(group: string, partitions: number): number {
  let hash = 0;
  for (let at = 0; at < group.length; at += 1) hash = (Math.imul(31, hash) + group.charCodeAt(at)) | 0;
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitions;
}

/** Version of the key of a commit (Kafka's OffsetCommitKey.json). */
const COMMIT_KEY = 1;

const sizedText = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const size = Buffer.alloc(2);
  size.writeInt16BE(bytes.length);
  return Buffer.concat([size, bytes]);
};

/** Returns the begin of the keys of all commits of a group, as text, which is how LogRecord holds keys. */
const keyPrefixOf = (group: string): string =>
  Buffer.concat([Buffer.from([0, COMMIT_KEY]), sizedText(group)]).toString('utf8');

/** Returns the key of a commit, as text. */
export function offsetKeyOf(group: string, topic: string, partition: number): string {
  const number = Buffer.alloc(4);
  number.writeInt32BE(partition);
  return keyPrefixOf(group) + Buffer.concat([sizedText(topic), number]).toString('utf8');
}

/** Versions of OffsetCommitValue.json: from 3 a leader epoch precedes the metadata; 4 is the same in compact form. */
const EPOCH_SINCE = 3;
const COMPACT_SINCE = 4;

/** Returns offset and metadata of a commit; null for an unknown version. */
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
type Commit = Pick<CommittedOffset, 'offset' | 'metadata'>;

/** The commits of a group in the log, by key, up to an offset of its partition. */
interface Scan {
  readonly next: number;
  readonly commits: ReadonlyMap<string, Commit>;
}

/** Where the last scan of each group ended: a process reads the log of the offsets once, and then only what is new. */
const scans = new WeakMap<Reads, Map<string, Scan>>();

/**
 * Returns the latest commit of the group for each given partition, read from the log; -1 where there is none or it was
 * deleted.
 */
export async function offsetsInLog(
  log: Reads,
  group: string,
  places: readonly Pick<CommittedOffset, 'topic' | 'partition'>[],
): Promise<readonly CommittedOffset[]> {
  const known = scans.get(log) ?? new Map<string, Scan>();
  scans.set(log, known);
  const scan = await scanned(log, group, known.get(group));
  if (scan.next > (known.get(group)?.next ?? -1)) known.set(group, scan);
  return places.map(({ topic, partition }) => {
    const { offset = -1, metadata = '' } = scan.commits.get(offsetKeyOf(group, topic, partition)) ?? {};
    return { topic, partition, offset, metadata };
  });
}

/** Continues a scan to the end of the log. */
async function scanned(log: Reads, group: string, before: Scan | undefined): Promise<Scan> {
  const marks = await log.watermarks([OFFSETS_TOPIC]);
  const partition = offsetsPartitionOf(group, marks.length);
  const low = marks.find((mark) => mark.partition === partition)?.low ?? 0;
  const prefix = keyPrefixOf(group);
  const commits = new Map(before?.commits);
  let next = Math.max(before?.next ?? 0, low);
  const take = ({ key, value }: LogRecord): void => {
    if (key?.startsWith(prefix) !== true) return;
    const commit = value === null ? { offset: -1, metadata: '' } : offsetValueOf(value);
    if (commit !== null) commits.set(key, commit);
  };
  await log.readTo({
    from: [{ topic: OFFSETS_TOPIC, partition, offset: next }],
    onBatch: (batch) => {
      batch.records.forEach(take);
      next = Math.max(next, batch.next);
    },
  });
  return { next, commits };
}

/**
 * Longest time for which a transaction that is open now can stay open: the timeout of our transactions (15 s), the pause
 * between two looks of its coordinator (10 s), and a margin.
 */
const SETTLED_MS_MAX = 30_000;
const LOOK_MS = 250;

/**
 * Returns the committed offsets of a group from the log, for a coordinator that reports them as pending
 * (UNSTABLE_OFFSET_COMMIT) after every transaction that wrote them has ended. A coordinator that loads its partition twice
 * at once after a restart can keep such an offset permanently; the log is right. The caller has fenced the writers of the group.
 *
 * Waits until no transaction is open before `end`, the end of the group's partition of the offsets topic, committed or not,
 * at the time of the call. Rejects with TRANSACTION_HANGING when one still is after `waitMs`: then the outcome of its
 * offsets is unknown, and only an operator can decide it (KIP-664). Rejects with LogError when a read fails.
 */
export async function settledInLog(
  log: Reads,
  group: string,
  places: readonly Pick<CommittedOffset, 'topic' | 'partition'>[],
  { end, waitMs = SETTLED_MS_MAX }: { readonly end: number; readonly waitMs?: number | undefined },
): Promise<readonly CommittedOffset[]> {
  const until = Date.now() + waitMs;
  for (;;) {
    const marks = await log.watermarks([OFFSETS_TOPIC]);
    const partition = offsetsPartitionOf(group, marks.length);
    const readable = marks.find((mark) => mark.partition === partition)?.high ?? 0;
    if (readable >= end) return offsetsInLog(log, group, places);
    if (Date.now() >= until)
      throw new LogError(
        'TRANSACTION_HANGING',
        `offsets of ${group} are pending in a transaction that nothing ends: ${OFFSETS_TOPIC} ${partition} is readable up to ${readable} of ${end}`,
      );
    await sleep(LOOK_MS);
  }
}

/**
 * Returns true when this process may not read the offsets topic, as on a Kafka run by others: then only the
 * coordinator's answer is available.
 */
export const isHidden = (error: unknown): boolean =>
  /TOPIC_AUTHORIZATION_FAILED|not authorized to access topics/i.test(messageOf(error));

/**
 * Returns the committed offsets of the coordinator, except where the log of the offsets has a later one. A coordinator
 * that restarts after a kill may serve its groups before it has loaded all of their offsets: it then returns none, or
 * older ones (seen with Kafka 4.1.1 under load; the race is also in 4.2.1). A reader that trusted it would process records again. The log is read
 * where the coordinator names no offset, or one before the end of its partition: once in a process, then what is new.
 * Rejects with LogError when the read fails.
 */
export async function recalled(
  log: Reads,
  group: string,
  answered: readonly CommittedOffset[],
): Promise<readonly CommittedOffset[]> {
  if (answered.length === 0) return answered;
  const marks = await log.watermarks([...new Set(answered.map(({ topic }) => topic))]);
  const highs = new Map(marks.map((mark) => [partitionId(mark), mark.high]));
  const behind = answered.filter((place) => (highs.get(partitionId(place)) ?? 0) > Math.max(place.offset, 0));
  if (behind.length === 0) return answered;
  const kept = await offsetsInLog(log, group, behind).catch((error: unknown) => {
    if (isHidden(error)) return [];
    throw error;
  });
  const later = new Map(kept.map((place) => [partitionId(place), place]));
  return answered.map((place) => {
    const found = later.get(partitionId(place));
    return found !== undefined && found.offset > place.offset ? found : place;
  });
}
