import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

const IN_STEP_MS_MAX = 90_000;

/** Resolves when every partition has that many in-sync replicas: the next broker may be killed. */
export async function awaitIsr(brokers: string, copies: number): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const until = Date.now() + IN_STEP_MS_MAX;
    for (;;) {
      const { topics } = await admin.fetchTopicMetadata();
      const behind = topics.filter(({ partitions }) => partitions.some(({ isr }) => isr.length < copies));
      if (topics.length > 0 && behind.length === 0) return;
      if (Date.now() > until) throw new Error(`not in sync: ${behind.map(({ name }) => name).join(', ')}`);
      await sleep(250);
    }
  } finally {
    await admin.disconnect();
  }
}
