import { createTopicsV7, metadataV12, ProtocolError } from '@platformatic/kafka';
import type { TopicConfig } from '../port.ts';
import type { Cluster } from './cluster.ts';
import { namesOf, PATIENT, patiently } from './failures.ts';

const CREATE_MS_MAX = 10_000;

/** Returns the number of partitions of each existing topic, or of those among `topics` that exist. */
export async function readPartitionCounts(
  cluster: Cluster,
  topics?: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { topics: existing } = await patiently(PATIENT, () => cluster.ask(metadataV12.api, null, false, false));
  const counts = existing.map(({ name, partitions }) => [name ?? '', partitions.length] as const);
  return new Map(counts.filter(([name]) => topics?.includes(name) ?? true));
}

/** Creates missing topics and waits for their leaders. Returns the names that this call created. */
export async function createMissingTopics(
  cluster: Cluster,
  topics: readonly TopicConfig[],
  replicationFactor: number,
): Promise<string[]> {
  const known = await readPartitionCounts(cluster);
  const missing = topics.filter(({ name }) => !known.has(name));
  if (missing.length === 0) return [];
  const made = await patiently(PATIENT, () => create(cluster, missing, replicationFactor));
  const names = missing.map(({ name }) => name);
  await patiently(PATIENT, async () => {
    await cluster.refresh(names);
    for (const { name, partitions } of missing)
      for (let partition = 0; partition < partitions; partition += 1)
        if (cluster.leaderOf(name, partition) < 0) throw new ProtocolError('LEADER_NOT_AVAILABLE', name);
  });
  return made;
}

/** Returns the created names, without topics that another process created meanwhile. */
async function create(cluster: Cluster, topics: readonly TopicConfig[], replicationFactor: number): Promise<string[]> {
  const wanted = topics.map(({ name, partitions, config }) => ({
    name,
    numPartitions: partitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(config).map(([key, value]) => ({ name: key, value })),
  }));
  try {
    await cluster.ask(createTopicsV7.api, wanted, CREATE_MS_MAX, false);
    return topics.map(({ name }) => name);
  } catch (error) {
    const answer = (error as { response?: createTopicsV7.CreateTopicsResponse }).response;
    if (answer?.topics === undefined || [...namesOf(error)].some((name) => name !== 'TOPIC_ALREADY_EXISTS'))
      throw error;
    return answer.topics.filter(({ errorCode }) => errorCode === 0).map(({ name }) => name);
  }
}
