import { createTopicsV7, metadataV12, ProtocolError } from '@platformatic/kafka';
import type { TopicConfig } from '../log.ts';
import type { Cluster } from './cluster.ts';
import { namesOf, PATIENT, patiently } from './failures.ts';

const CREATE_MS_MAX = 10_000;

/** Creates what is missing and waits for its leaders. Tells which this call has made. */
export async function createMissingTopics(
  cluster: Cluster,
  topics: readonly TopicConfig[],
  replicationFactor: number,
): Promise<string[]> {
  const { topics: existing } = await patiently(PATIENT, () => cluster.ask(metadataV12.api, null, false, false));
  const known = new Set(existing.map(({ name }) => name));
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

/** Topics that another process has made meanwhile are left out of the answer. */
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
