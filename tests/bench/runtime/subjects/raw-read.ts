import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

/**
 * Reads a topic of one partition with a bare kafkajs consumer that discards its records. Returns the seconds from the
 * first batch to the last record, without the time to join the group.
 */
export async function rawRead(brokers: string, topic: string, records: number): Promise<number> {
  const kafka = new Kafka({ clientId: 'bench-raw', brokers: brokers.split(','), logLevel: logLevel.ERROR });
  const consumer = kafka.consumer({ groupId: `bench-raw-${randomUUID()}`, readUncommitted: false });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    let began = 0;
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.GROUP_JOIN, () => {
        began = performance.now();
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      const eachBatch = async ({ batch }: { batch: { lastOffset(): string } }): Promise<void> => {
        if (Number(batch.lastOffset()) >= records - 1) resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
    return (performance.now() - began) / 1_000;
  } finally {
    await consumer.disconnect();
  }
}
