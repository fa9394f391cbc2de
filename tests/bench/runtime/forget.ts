import { Kafka, logLevel } from 'kafkajs';

/** Drops what a run has left in the log, so that a later one does not find a full disk. Topics that are not there are no matter. */
export async function forget(brokers: string, emptied: string, deleted: readonly string[]): Promise<void> {
  const admin = new Kafka({
    clientId: 'bench-forget',
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
