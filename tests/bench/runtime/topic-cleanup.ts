import { Kafka, logLevel } from 'kafkajs';

/**
 * Deletes the records and topics of a run, so that a later run does not find a full disk. Missing topics are ignored.
 */
export async function deleteRunTopics(brokers: string, emptied: string, deleted: readonly string[]): Promise<void> {
  const admin = new Kafka({
    clientId: 'bench-cleanup',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(emptied);
    const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
    await admin.deleteTopicRecords({ topic: emptied, partitions });
    const known = new Set(await admin.listTopics());
    const topics = deleted.filter((topic) => known.has(topic));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
