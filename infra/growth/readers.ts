import type { TopicAdmin } from '../kafka/admin.ts';
import { partitionId } from '../kafka/partition-id.ts';
import type { Log, Position } from '../kafka/port.ts';

/** A reader of the log that keeps its own positions: a consumer group, or a read model with the offsets in its store. */
export interface PositionedReader {
  readonly name: string;
  readonly topics: readonly string[];
  /** Next offsets to read; a partition without one is read from its beginning. */
  readonly positions: () => Promise<readonly Position[]>;
}

/** Records that a reader has not read. */
export interface Backlog {
  readonly reader: string;
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
}

/** Returns a consumer group as a reader. */
export const groupReader = (log: Log, group: string, topics: readonly string[]): PositionedReader => ({
  ...{ name: group, topics },
  positions: () => log.committed(group, topics),
});

/**
 * Returns the records that the readers have not read, by partition. Offsets alone do not tell: behind the last record lie
 * the markers of its transaction, so the rest of each partition is read.
 */
export async function backlogOf(log: Log, readers: readonly PositionedReader[]): Promise<readonly Backlog[]> {
  const backlog: Backlog[] = [];
  for (const { name, topics, positions } of readers) {
    if (topics.length === 0) continue;
    const known = new Map((await positions()).map((position) => [partitionId(position), position.offset]));
    const marks = await log.watermarks(topics);
    const from = marks
      .map((mark) => ({ ...mark, offset: Math.max(known.get(partitionId(mark)) ?? 0, mark.low) }))
      .filter(({ offset, high }) => offset < high);
    const counts = new Map<string, Backlog>();
    await log.readTo({
      from,
      onBatch: ({ topic, partition, records: { length } }) => {
        const id = partitionId({ topic, partition });
        if (length > 0)
          counts.set(id, { reader: name, topic, partition, records: length + (counts.get(id)?.records ?? 0) });
      },
    });
    backlog.push(...counts.values());
  }
  return backlog;
}

/** Returns the groups with members that read one of the topics, without those whose names begin with one of `except`. */
export const runningGroups = async (
  admin: TopicAdmin,
  topics: ReadonlySet<string>,
  except: readonly string[],
): Promise<readonly string[]> =>
  (await admin.groups())
    .filter(
      ({ name, subscribed }) =>
        subscribed.some((topic) => topics.has(topic)) && !except.some((prefix) => name.startsWith(prefix)),
    )
    .map(({ name }) => name);

/** Returns the grown topics of which each group has committed offsets; groups without any are left out. */
export async function groupTopics(
  admin: TopicAdmin,
  topics: ReadonlySet<string>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {};
  for (const { name } of await admin.groups()) {
    const read = (await admin.topicsOf(name)).filter((topic) => topics.has(topic));
    if (read.length > 0) found[name] = read;
  }
  return found;
}
