import { FetchIsolationLevels, ListOffsetTimestamps, listOffsetsV7, offsetFetchV8 } from '@platformatic/kafka';
import { partitionId } from '../partition-id.ts';
import type { CommittedOffset, Position, Watermark } from '../port.ts';
import type { Cluster } from './cluster.ts';
import { isUnsettled, namesOf, PATIENT, type Patience, patiently } from './failures.ts';

const LANE = 'offsets';

/** Returns the first offset of every partition of the topics, and its end as a read_committed reader sees it. */
export async function readWatermarks(cluster: Cluster, topics: readonly string[]): Promise<Watermark[]> {
  const [lows, highs] = await listSettled(cluster, topics, ListOffsetTimestamps.EARLIEST, ListOffsetTimestamps.LATEST);
  return [...highs.values()].map(({ topic, partition, offset: high }) => {
    const low = lows.get(partitionId({ topic, partition }))?.offset ?? 0;
    return { topic, partition, offset: high, low, high };
  });
}

/** Returns the offset of the first record at or after a time, by partition; the end where there is none. */
export async function readOffsetsAt(cluster: Cluster, topics: readonly string[], timeMs: number): Promise<Position[]> {
  const [found, highs] = await listSettled(cluster, topics, BigInt(timeMs), ListOffsetTimestamps.LATEST);
  return [...highs.values()].map(({ topic, partition, offset: high }) => {
    const offset = found.get(partitionId({ topic, partition }))?.offset ?? -1;
    return { topic, partition, offset: offset < 0 ? high : offset };
  });
}

type Listed = Awaited<ReturnType<typeof listOffsets>>;

/** Lists the offsets of two timestamps, again while leaders move. */
async function listSettled(
  cluster: Cluster,
  topics: readonly string[],
  first: bigint,
  second: bigint,
): Promise<readonly [Listed, Listed]> {
  await cluster.learn(topics);
  return patiently(PATIENT, async () => {
    try {
      return await Promise.all([listOffsets(cluster, topics, first), listOffsets(cluster, topics, second)]);
    } catch (error) {
      if (isUnsettled(namesOf(error))) await cluster.refresh(topics);
      throw error;
    }
  });
}

/** Returns the end of a partition as a reader sees it that also reads what is not committed. */
export async function readUncommittedEnd(cluster: Cluster, topic: string, partition: number): Promise<number> {
  const { READ_UNCOMMITTED } = FetchIsolationLevels;
  await cluster.learn([topic]);
  const ends = await listOffsets(cluster, [topic], ListOffsetTimestamps.LATEST, READ_UNCOMMITTED);
  return ends.get(partitionId({ topic, partition }))?.offset ?? 0;
}

async function listOffsets(
  cluster: Cluster,
  topics: readonly string[],
  timestamp: bigint,
  isolation: number = FetchIsolationLevels.READ_COMMITTED,
) {
  const byLeader = new Map<number, { name: string; partitions: number[] }[]>();
  for (const name of new Set(topics))
    for (let partition = 0; partition < cluster.partitionCount(name); partition += 1) {
      const leader = cluster.leaderOf(name, partition);
      const asked = byLeader.get(leader) ?? [];
      byLeader.set(leader, asked);
      const last = asked.at(-1);
      if (last?.name === name) last.partitions.push(partition);
      else asked.push({ name, partitions: [partition] });
    }
  const answers = await Promise.all(
    [...byLeader].map(([leader, asked]) => {
      const places = asked.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })),
      }));
      return cluster.call(leader, LANE, listOffsetsV7.api, -1, isolation, places);
    }),
  );
  const found = new Map<string, { topic: string; partition: number; offset: number }>();
  for (const { name: topic, partitions } of answers.flatMap((answer) => answer.topics))
    for (const { partitionIndex: partition, offset } of partitions)
      found.set(partitionId({ topic, partition }), { topic, partition, offset: Number(offset) });
  return found;
}

/** The coordinator's code for offsets of a transaction that has not ended. */
const PENDING = 'UNSTABLE_OFFSET_COMMIT';

/** Retries for partitions of a transaction that is being committed: their offsets are stable a moment later. */
const STABLE: Patience = {
  forMs: 20_000,
  pauseMs: 5,
  passes: (names) => isUnsettled(names, PENDING),
};

/** Returns true when the coordinator reported offsets as pending until the patience with it ended. */
export const arePending = (error: unknown): boolean => namesOf(error).has(PENDING);

/**
 * Returns committed offsets that no pending transaction can change (`require_stable` of KIP-447). After fencing only
 * offsets that brokers before 4.0 apply shortly after their answer are pending.
 */
export async function readCommittedOffsets(
  cluster: Cluster,
  group: string,
  topics: readonly string[],
  stableMs = STABLE.forMs,
): Promise<CommittedOffset[]> {
  await cluster.learn(topics);
  const missing = new Map(
    topics.map((name) => [name, new Set(Array.from({ length: cluster.partitionCount(name) }, (_, at) => at))]),
  );
  const found: CommittedOffset[] = [];
  const take = ({ groups }: offsetFetchV8.OffsetFetchResponse): void => {
    for (const { name: topic, partitions } of groups.flatMap((answer) => answer.topics))
      for (const { partitionIndex: partition, committedOffset, metadata, errorCode } of partitions)
        if (errorCode === 0 && missing.get(topic)?.delete(partition))
          found.push({ topic, partition, offset: Number(committedOffset), metadata: metadata ?? '' });
  };
  const ask = async (node: number): Promise<void> => {
    const asked = [...missing]
      .filter(([, partitions]) => partitions.size > 0)
      .map(([name, partitions]) => ({ name, partitionIndexes: [...partitions] }));
    try {
      take(
        await cluster.call(node, LANE, offsetFetchV8.api, [{ groupId: group, memberEpoch: -1, topics: asked }], true),
      );
    } catch (error) {
      const answer = (error as { response?: offsetFetchV8.OffsetFetchResponse }).response;
      if (answer?.groups !== undefined) take(answer);
      throw error;
    }
  };
  await cluster.withCoordinator('GROUP', group, ask, { ...STABLE, forMs: stableMs });
  return found;
}
