import type { Logger } from '../kit/logger.ts';
import { CutLog } from './cut-log.ts';
import { RecordDecoder } from './decode.ts';
import { KafkaJsLog } from './kafkajs/log.ts';
import { expectLayout, type Layout, type WantedLayout } from './layout.ts';
import type { KafkaLogin } from './login.ts';
import { LatePlatformaticLog } from './platformatic/late.ts';
import type { Log } from './port.ts';
import { expectActive, readRegion } from './region.ts';
import { openRegistry } from './registry.ts';
import type { OnRequest } from './request-count.ts';

/** The settings that a connection needs; the configuration of each role extends them. */
export interface KafkaSettings {
  /** Each one is `host:port`. */
  readonly brokers: readonly string[];
  readonly kafkaLogin: KafkaLogin;
  readonly kafkaClient: 'kafkajs' | 'platformatic';
  /** Base URL of a Confluent-compatible schema registry. */
  readonly registryUrl: string;
  /** KHIPU_REGION; null or absent where the platform has one region. */
  readonly region?: string | null;
}

/** An open log with a decoder for its records. */
export interface KafkaConnection {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  close(): Promise<void>;
}

/** Returns 1 for a single broker (a laptop), and 3 from three brokers up. */
const replicationFactorFor = (brokers: number): number => Math.min(3, brokers);

const drivers = { kafkajs: KafkaJsLog, platformatic: LatePlatformaticLog } as const satisfies Record<
  KafkaSettings['kafkaClient'],
  unknown
>;

/** Returns the log of the configured client. Opens no connection before the first use. */
export function openLog(config: KafkaSettings, role: string, logger: Logger, onRequest?: OnRequest): Log {
  const log = openWholeLog(config, role, logger, onRequest);
  const cuts = async () => (await readRegion(log))?.cuts ?? [];
  return config.region == null ? log : new CutLog(log, cuts);
}

/** Returns the same log with what promotions cut off. */
export const openWholeLog = (config: KafkaSettings, role: string, logger: Logger, onRequest?: OnRequest): Log =>
  new drivers[config.kafkaClient]({
    brokers: config.brokers,
    login: config.kafkaLogin,
    clientId: `khipu-${role}`,
    logger,
    replicationFactor: replicationFactorFor(config.brokers.length),
    onRequest,
  });

/**
 * Opens the log and a decoder that knows all schema ids. Rejects with LogError or RegistryError when either is
 * unavailable.
 */
export async function connectKafka(
  config: KafkaSettings,
  role: string,
  logger: Logger,
  onRequest?: OnRequest,
): Promise<KafkaConnection> {
  const log = openLog(config, role, logger, onRequest);
  const registry = await openRegistry(config.registryUrl);
  return {
    log,
    decoder: new RecordDecoder(registry.codec, registry.lookup),
    close: () => log.close(),
  };
}

/** A connection of a role, with the layout in which it started. */
export interface RoleConnection extends KafkaConnection {
  readonly layout: Layout;
}

/**
 * Opens a connection for a role, after it has checked that the role may start: see `expectLayout`. Rejects like
 * `connectKafka`, with LayoutError, and with RegionError REGION_NOT_ACTIVE.
 */
export async function connectRole(
  config: KafkaSettings & { readonly wantedLayout: WantedLayout },
  role: string,
  logger: Logger,
  onRequest?: OnRequest,
): Promise<RoleConnection> {
  const kafka = await connectKafka(config, role, logger, onRequest);
  try {
    const layout = await expectLayout(kafka.log, config.wantedLayout);
    await expectActive(kafka.log, config.region ?? null);
    return { ...kafka, layout };
  } catch (error) {
    await kafka.close();
    throw error;
  }
}
