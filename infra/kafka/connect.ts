import type { Config } from '../config.ts';
import type { Logger } from '../telemetry/logger.ts';
import { RecordDecoder } from './decode.ts';
import { KafkaJsLog } from './kafkajs/log.ts';
import type { Log } from './log.ts';
import { LatePlatformaticLog } from './platformatic/late.ts';
import { openRegistry } from './registry.ts';

export interface KafkaConnection {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  close(): Promise<void>;
}

/** One copy on a laptop's single broker; three from three brokers on. */
const replicationFactorFor = (brokers: number): number => Math.min(3, brokers);

const drivers = { kafkajs: KafkaJsLog, platformatic: LatePlatformaticLog } as const satisfies Record<
  Config['kafkaClient'],
  unknown
>;

export const openLog = (config: Config, role: string, logger: Logger): Log =>
  new drivers[config.kafkaClient]({
    brokers: config.brokers,
    login: config.kafkaLogin,
    clientId: `khipu-${role}`,
    logger,
    replicationFactor: replicationFactorFor(config.brokers.length),
  });

/** The log and a decoder whose schema ids are known. Rejects with LogError or RegistryError when either is away. */
export async function connectKafka(config: Config, role: string, logger: Logger): Promise<KafkaConnection> {
  const log = openLog(config, role, logger);
  const registry = await openRegistry(config.registryUrl);
  return {
    log,
    decoder: new RecordDecoder(registry.codec, registry.lookup),
    close: () => log.close(),
  };
}
