import { setTimeout as sleep } from 'node:timers/promises';
import { partitionId } from '../../kafka/partition-id.ts';
import type { Log, Position, Watermark } from '../../kafka/port.ts';

/** What happens in a topic. */
export interface TopicActivity {
  readonly topic: string;
  readonly partitions: number;
  /** Offsets between the first and the end, including transaction markers. */
  readonly offsets: number;
  /** Records appended per second while the command watched. */
  readonly records_per_second: number;
  /** Time of the last record, ms since 1970; null for an empty topic. */
  readonly lastMs: number | null;
}

/** The last offsets of a partition, among which a record is looked for: a transaction ends with one marker. */
const LAST_OFFSETS = 8;

/** Reads the time of the newest record in each topic. */
async function lastTimes(log: Log, marks: readonly Watermark[]): Promise<ReadonlyMap<string, number>> {
  const last = new Map<string, number>();
  const from = marks
    .filter(({ low, high }) => high > low)
    .map(({ topic, partition, low, high }) => ({ topic, partition, offset: Math.max(low, high - LAST_OFFSETS) }));
  await log.readTo({
    from,
    onBatch: ({ topic, records }) => {
      for (const { timestampMs } of records) last.set(topic, Math.max(last.get(topic) ?? 0, timestampMs));
    },
  });
  return last;
}

/** Counts the records appended after the positions, by topic. */
async function appendedSince(log: Log, from: readonly Position[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  await log.readTo({
    from,
    onBatch: ({ topic, records }) => void counts.set(topic, (counts.get(topic) ?? 0) + records.length),
  });
  return counts;
}

/** Watches topics for `watchMs`, and returns the activity of each. */
export async function topicActivity(
  log: Log,
  topics: readonly string[],
  watchMs: number,
): Promise<readonly TopicActivity[]> {
  const marks = await log.watermarks(topics);
  const began = performance.now();
  const [last] = await Promise.all([lastTimes(log, marks), sleep(watchMs)]);
  const ends = new Map((await log.watermarks(topics)).map((mark) => [partitionId(mark), mark.high]));
  const seconds = (performance.now() - began) / 1_000;
  const moved = marks
    .filter((mark) => (ends.get(partitionId(mark)) ?? 0) > mark.high)
    .map(({ topic, partition, high }) => ({ topic, partition, offset: high }));
  const counts = await appendedSince(log, moved);
  return topics.map((topic) => {
    const mine = marks.filter((mark) => mark.topic === topic);
    return {
      topic,
      partitions: mine.length,
      offsets: mine.reduce((sum, { low, high }) => sum + high - low, 0),
      records_per_second: Math.round(((counts.get(topic) ?? 0) / seconds) * 10) / 10,
      lastMs: last.get(topic) ?? null,
    };
  });
}
