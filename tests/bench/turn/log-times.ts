import { loadConfig } from '../../../infra/config.ts';
import { openLog } from '../../../infra/kafka/connect.ts';
import type { Log, LogRecord } from '../../../infra/kafka/port.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { topics } from '../../../schemas/topics.ts';

export type KafkaClient = 'kafkajs' | 'platformatic';

/** Opens the log of the measured platform, with the client under measurement. */
export const openBenchLog = (brokers: string, client: KafkaClient): Log =>
  openLog(
    loadConfig({
      KAFKA_BROKERS: brokers,
      KHIPU_KAFKA_CLIENT: client,
      SCHEMA_REGISTRY_URL: 'http://unused',
      DATABASE_URL: 'postgres://unused/x',
      REDIS_URL: 'redis://unused',
    }),
    'bench',
    createLogger('bench', 'fatal'),
  );

/**
 * Measures append with acks=all until the same process reads the record: the lower bound of everything that passes
 * through the log. Returns ms, one per sample.
 */
export async function logRoundTrip(log: Log, count: number): Promise<number[]> {
  const topic = 'bench.round-trip';
  await log.createTopics([{ name: topic, partitions: 1, config: {} }]);
  let seen: () => void = () => undefined;
  const tail = await log.tail({
    topics: [topic],
    from: 'end',
    onBatch: ({ records }) => {
      if (records.length > 0) seen();
    },
    onCrash: () => undefined,
  });
  const appender = await log.appender({ lingerMs: 0 });
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const back = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const began = performance.now();
    await appender.append([{ topic, partition: 0, key: 'k', value: Buffer.alloc(300), headers: {} }]);
    await back;
    samples.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await appender.close();
  await tail.close();
  return samples;
}

const headerOf = ({ headers }: LogRecord, name: string): string => String(headers[name] ?? '');

/**
 * Measures the time that governance adds between a command and its effects: from the moment a reader sees the command
 * to the moment a read_committed reader sees its decision, ms. Includes the work of policy, the path through the log
 * and one transaction.
 */
export async function watchDecisions(log: Log): Promise<{ readonly samples: number[]; close(): Promise<void> }> {
  const samples: number[] = [];
  const seenAt = new Map<string, number>();
  const tail = await log.tail({
    topics: [topics.sessionsCommands.name, topics.policyDecisions.name],
    from: 'end',
    onBatch: ({ records }) => {
      const now = performance.now();
      for (const record of records) {
        if (record.topic === topics.sessionsCommands.name) seenAt.set(headerOf(record, 'ce_id'), now);
        const commandSeenAt = seenAt.get(headerOf(record, 'ce_causationid'));
        if (record.topic === topics.policyDecisions.name && commandSeenAt !== undefined)
          samples.push(now - commandSeenAt);
      }
    },
    onCrash: () => undefined,
  });
  return { samples, close: () => tail.close() };
}
