import { allTopics } from '../../schemas/topics.ts';
import type { Logger } from '../kit/logger.ts';
import { CutLog } from './cut-log.ts';
import { RecordDecoder } from './decode.ts';
import { KafkaJsLog } from './kafkajs/log.ts';
import { expectLayout, type Layout, type WantedLayout } from './layout.ts';
import type { KafkaLogin } from './login.ts';
import { LatePlatformaticLog } from './platformatic/late.ts';
import type { Log } from './port.ts';
import { expectActive, readRegion } from './region.ts';
import { openRegistry, type Registry } from './registry.ts';
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

const connectionOf = (log: Log, registry: Registry): KafkaConnection => ({
  log,
  decoder: new RecordDecoder(registry.codec, registry.lookup),
  close: () => log.close(),
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
  return connectionOf(log, await openRegistry(config.registryUrl));
}

/** A connection of a role, with the layout in which it started. */
export interface RoleConnection extends KafkaConnection {
  readonly layout: Layout;
}

/** What a role brings to its connection. */
export interface RoleOptions {
  readonly onRequest?: OnRequest;
  /**
   * Returns the names of the topics that the role reads or writes: it asks the registry for the ids of their schemas when it
   * starts. Default: all topics.
   */
  readonly topicsOf?: (layout: Layout) => readonly string[];
}

/**
 * Opens a connection for a role, after it has checked that the role may start: see `expectLayout`. Rejects like
 * `connectKafka`, with LayoutError, and with RegionError REGION_NOT_ACTIVE.
 */
export async function connectRole(
  config: KafkaSettings & { readonly wantedLayout: WantedLayout },
  role: string,
  logger: Logger,
  { onRequest, topicsOf }: RoleOptions = {},
): Promise<RoleConnection> {
  const log = openLog(config, role, logger, onRequest);
  try {
    const layout = await expectLayout(log, config.wantedLayout);
    await expectActive(log, config.region ?? null);
    const named = topicsOf && new Set(topicsOf(layout));
    const registry = await openRegistry(config.registryUrl, named && allTopics.filter(({ name }) => named.has(name)));
    return { ...connectionOf(log, registry), layout };
  } catch (error) {
    await log.close();
    throw error;
  }
}
