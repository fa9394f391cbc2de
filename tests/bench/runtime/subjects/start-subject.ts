import { join } from 'node:path';
import type { Log } from '../../../../infra/kafka/port.ts';
import { type StreamsOptions, startStreams } from '../../kafka-streams/streams.ts';
import type { BenchContext } from '../figure.ts';
import { createJobTopics, jobTopics, OUTPUT_TOPIC } from '../job.ts';
import { type Driver, openBenchLog, startKhipu } from './khipu.ts';
import type { SubjectProcess } from './subject-process.ts';

/** Starts a side for one job. Jobs of different names share only the input. */
export type Start = (job: {
  readonly name: string;
  readonly input: string;
  readonly partitions: number;
}) => Promise<SubjectProcess>;

/** Returns the brokers of the figure. Throws when it does not require Kafka. */
export const brokersOf = ({ env }: BenchContext): string => {
  if (env.KAFKA_BROKERS === undefined) throw new Error('the figure did not ask for kafka');
  return env.KAFKA_BROKERS;
};

/** Creates the topics of the job and starts Khipu's runner on it. */
export const startKhipuOn =
  (context: BenchContext, log: Log, driver: Driver, transactions = true): Start =>
  async ({ name, input, partitions }) => {
    await createJobTopics(log, jobTopics(name, input), partitions);
    return startKhipu({ driver, brokers: brokersOf(context), name, input, dir: context.dir, transactions });
  };

/** Starts Kafka Streams on the job; it creates its own changelog. */
export const startStreamsOn =
  (context: BenchContext, settings: Pick<StreamsOptions, 'store' | 'caching' | 'config'>): Start =>
  ({ name, input }) =>
    startStreams({
      ...settings,
      brokers: brokersOf(context),
      applicationId: name,
      input,
      output: OUTPUT_TOPIC,
      dir: join(context.dir, name),
      note: context.note,
    });

/** Runs `work` with the log on which a figure itself appends and reads: the same for all sides. */
export async function withBenchLog<T>(context: BenchContext, work: (log: Log) => Promise<T>): Promise<T> {
  const log = openBenchLog('platformatic', brokersOf(context));
  try {
    await settle(log);
    return await work(log);
  } finally {
    await log.close();
  }
}

const SETTLE_MS_MAX = 60_000;

/** Waits until one append is accepted: a broker that has just started is slow, and appends fail after two seconds. */
async function settle(log: Log): Promise<void> {
  const topic = 'bench-settle';
  await log.createTopics([{ name: topic, partitions: 1, config: {} }]);
  const appender = await log.appender({ lingerMs: 0 });
  const late = performance.now() + SETTLE_MS_MAX;
  for (;;) {
    try {
      await appender.append([{ topic, partition: 0, key: null, value: Buffer.from('settled'), headers: {} }]);
      return await appender.close();
    } catch (error) {
      if (performance.now() > late) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
