import { type Config, loadConfig } from '../../config.ts';
import { connectKafka, type KafkaConnection, openLog } from '../../kafka/connect.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/port.ts';
import { RegistryError, readOnlyRegistry } from '../../kafka/registry.ts';
import { createLogger } from '../../kit/logger.ts';
import { platformDown } from '../api/platform-down.ts';

const PING_MS = 5_000;

/** Runs one command with a connection to the log, then closes it. Rejects with PLATFORM_DOWN when no broker answers. */
export async function withLog<T>(work: (log: Log, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const log = openLog(config, 'cli', createLogger('cli', 'fatal'));
  try {
    await log.ping(PING_MS).catch((cause: unknown) => {
      throw platformDown('KAFKA_BROKERS', process.env, cause);
    });
    return await work(log, config);
  } finally {
    await log.close();
  }
}

/** Like `withLog`, with a decoder of the records. It registers no schemas. */
export const withRecords = <T>(
  work: (kafka: Pick<KafkaConnection, 'log' | 'decoder'>, config: Config) => Promise<T>,
): Promise<T> =>
  withLog((log, config) => {
    const { codec, lookup } = readOnlyRegistry(config.registryUrl);
    return work({ log, decoder: new RecordDecoder(codec, lookup) }, config);
  });

/**
 * Runs one command with a connection to the log and a codec of its records, then closes it. Rejects with PLATFORM_DOWN when
 * the registry does not answer.
 */
export async function withKafka<T>(work: (kafka: KafkaConnection, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const kafka = await connectKafka(config, 'cli', createLogger('cli', 'fatal')).catch((cause: unknown) => {
    if (cause instanceof RegistryError && cause.code === 'REGISTRY_UNAVAILABLE')
      throw platformDown('SCHEMA_REGISTRY_URL', process.env, cause);
    throw cause;
  });
  try {
    return await work(kafka, config);
  } finally {
    await kafka.close();
  }
}
