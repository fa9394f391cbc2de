import { type Config, loadConfig } from '../../config.ts';
import { connectKafka, type KafkaConnection, openLog } from '../../kafka/connect.ts';
import type { Log } from '../../kafka/log.ts';
import { createLogger } from '../../telemetry/logger.ts';

/** Runs one command against the log, then lets go of it. */
export async function withLog<T>(work: (log: Log, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const log = openLog(config, 'cli', createLogger('cli', 'fatal'));
  try {
    return await work(log, config);
  } finally {
    await log.close();
  }
}

/** The same for a command that reads what stands in the records. */
export async function withKafka<T>(work: (kafka: KafkaConnection, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const kafka = await connectKafka(config, 'cli', createLogger('cli', 'fatal'));
  try {
    return await work(kafka, config);
  } finally {
    await kafka.close();
  }
}
