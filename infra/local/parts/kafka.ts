import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { downloadDir, versions } from '../fetch/catalogue.mjs';
import { logTail, startChild } from '../process/child.ts';
import { writeFileWhole } from '../process/state-file.ts';
import { brokerTls } from '../tls/broker-settings.ts';
import { ADMIN_NAME } from '../tls/local-tls.ts';
import { archiveArgs } from './class-archive.ts';
import { commonJvmArgs, findJava } from './java.ts';
import { type BrokerPlace, type Cluster, clusterOf } from './kafka-cluster.ts';
import {
  type BrokerName,
  type BrokerSettings,
  brokerNames,
  healthOf,
  type Part,
  PartError,
  waitUntilHealthy,
} from './part.ts';
import { probeKafka } from './probes.ts';

const log4jFile = path.join(import.meta.dirname, 'kafka-log4j2.xml');

/** Returns the subject of Kafka's class archive. */
export const kafkaArchive = () => ({
  name: `kafka-${versions.kafka}`,
  classPath: path.join(downloadDir('kafka'), 'libs', '*'),
});

/**
 * Returns the settings of a node that is both broker and controller. Records are kept permanently unless a topic sets a
 * retention. With three nodes every record has three replicas, and is acknowledged when two have it: one node may die.
 * `proxyPort` adds a second listener, which is advertised with the address of the proxy.
 */
function serverProperties(
  { brokers }: Cluster,
  broker: BrokerPlace,
  proxyPort: number | undefined,
  more: BrokerSettings['properties'],
  protocol: 'PLAINTEXT' | 'SSL',
): string {
  const { node, dataDir, port, controllerPort, frontPort } = broker;
  const front = (at: number): string => (proxyPort === undefined ? '' : `,FRONT://127.0.0.1:${at}`);
  const copies = brokers.length;
  const copiesInSync = copies > 1 ? copies - 1 : 1;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': node,
    'controller.quorum.voters': brokers.map((each) => `${each.node}@127.0.0.1:${each.controllerPort}`).join(','),
    listeners: `${protocol}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${front(frontPort)}`,
    'advertised.listeners': `${protocol}://127.0.0.1:${port}${front(proxyPort ?? 0)}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': [protocol, 'CONTROLLER', 'FRONT'].map((name) => `${name}:${protocol}`).join(','),
    'log.dirs': dataDir,
    'auto.create.topics.enable': false,
    'num.partitions': 4,
    'default.replication.factor': copies,
    'min.insync.replicas': copiesInSync,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': copies,
    // Only closed segments are compacted, and a coordinator that starts reads all that is left: with the default of 100 MB,
    // hours of commits. While it reads, it notices only between two buffers that it is not the leader any more. One that
    // notices too late activates the next one before that has read anything: docs/reference/reliability.md, "Bugs found".
    'offsets.topic.segment.bytes': 1_048_576,
    'offsets.load.buffer.size': 65_536,
    'transaction.state.log.segment.bytes': 1_048_576,
    'transaction.state.log.load.buffer.size': 65_536,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': copiesInSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': copiesInSync,
    // A first member need not wait for others; a dead one is noticed after the 6 s that our consumers request.
    'group.initial.rebalance.delay.ms': 0,
    // Every transaction commits offsets; the coordinator would delay each one by 5 ms to batch it with others.
    'group.coordinator.append.linger.ms': 0,
    'group.min.session.timeout.ms': 3_000,
    // 9 s by default.
    'broker.session.timeout.ms': SESSION_MS,
    'broker.heartbeat.interval.ms': 1_000,
    'message.max.bytes': 2_097_152,
    'replica.fetch.max.bytes': 2_097_152,
    // The log is the source of truth: topics set their own retention, and the registry's schemas are in topics that set
    // none.
    'log.retention.ms': -1,
    // A platform that was off for a week must still find its committed offsets.
    'offsets.retention.minutes': 525_600,
    'log.cleaner.threads': 1,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'log.index.size.max.bytes': 2_097_152,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    ...more,
  };
  return `${Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}

/**
 * Returns the JVM arguments. Both compilers stay on: with only the first one the start takes 4 s less of processor
 * time, but a transaction among 160 per second takes 78 ms instead of 9. KHIPU_KAFKA_OPTS comes last.
 */
const jvmArgs = (): string[] => {
  const subject = kafkaArchive();
  const more = (process.env['KHIPU_KAFKA_OPTS'] ?? '').split(' ').filter(Boolean);
  const log = `-Dlog4j2.configurationFile=${log4jFile}`;
  return [...commonJvmArgs, ...archiveArgs(subject), log, ...more, '-cp', subject.classPath];
};

/** How long the controllers keep a broker that they do not hear from (KIP-631): a killed one is accepted again only then. */
const SESSION_MS = 6_000;
/** Written by a broker that stops in order, deleted when it starts. */
const CLEAN_STOP = '.kafka_cleanshutdown';

/**
 * Waits, after a broker of several was killed, until its session has ended: others then lead its partitions. One that starts
 * before leads them at once by what it knew, and its transaction coordinator commits what its own log alone has; the next
 * leader aborts the rest of the same transaction (docs/reference/reliability.md, "Bugs found").
 */
async function awaitEndOfSession({ dataDir }: BrokerPlace, brokers: number, signal?: AbortSignal): Promise<void> {
  const hasRun = existsSync(path.join(dataDir, 'meta.properties'));
  if (brokers === 1 || !hasRun || existsSync(path.join(dataDir, CLEAN_STOP))) return;
  await pause(SESSION_MS + 1_000, undefined, { signal });
}

/** Formats the storage once (KIP-631). */
async function format(clusterId: string, properties: string, log: string, more: readonly string[]): Promise<void> {
  const args = [
    ...commonJvmArgs,
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${log4jFile}`,
    '-cp',
    kafkaArchive().classPath,
    'kafka.tools.StorageTool',
    'format',
    '--cluster-id',
    clusterId,
    '--config',
    properties,
    ...more,
  ];
  const child = await startChild({ name: 'kafka format', command: findJava().command, args, log });
  const { code } = await child.exited;
  if (code !== 0) throw new PartError(`kafka could not format its storage:\n${logTail(child)}`);
}

/** Returns heap limits. Each of three brokers gets less: together they have about the heap of a single one. */
const heapArgs = (brokers: number): string[] => (brokers > 1 ? ['-Xms96m', '-Xmx320m'] : ['-Xms128m', '-Xmx512m']);

/**
 * Returns the time for an orderly stop. A broker first moves its partitions; the last of three has no broker to move
 * them to.
 */
const graceMsOf = (brokers: number): number => (brokers > 1 ? 6_000 : 20_000);

const NOTHING_MORE: BrokerSettings = { properties: {}, format: [] };

/**
 * Returns one Apache Kafka node in KRaft mode, at `data/kafka` or `data/kafka-<node>`. It needs no other part; one of
 * three needs one other node.
 */
export const kafkaBroker = (node: 1 | 2 | 3): Part => ({
  name: brokerNames[node - 1] as BrokerName,
  needs: [],
  async start({ dir, signal, brokers: count = 1, fronts = [], more = NOTHING_MORE, tls }) {
    const cluster = await clusterOf(dir, count);
    const broker = cluster.brokers[node - 1];
    if (broker === undefined) throw new PartError(`there is no broker ${node} in a cluster of ${count}`);
    const { name, dataDir } = broker;
    const log = path.join(dir, 'logs', `${name}.log`);
    const properties = path.join(dir, 'state', `${name}.properties`);
    await awaitEndOfSession(broker, count, signal);
    mkdirSync(dataDir, { recursive: true });
    const secured = tls === undefined ? more.properties : { ...brokerTls(tls), ...more.properties };
    const protocol = tls === undefined ? 'PLAINTEXT' : 'SSL';
    writeFileWhole(properties, serverProperties(cluster, broker, fronts[node - 1], secured, protocol), 0o600);
    if (!existsSync(path.join(dataDir, 'meta.properties')))
      await format(cluster.clusterId, properties, log, more.format);
    const args = [...heapArgs(count), ...jvmArgs(), 'kafka.Kafka', properties];
    const child = await startChild({ name, command: findJava().command, args, log, graceMs: graceMsOf(count) });
    const address = `127.0.0.1:${broker.port}`;
    const health = () => healthOf(() => probeKafka(address, tls?.files(ADMIN_NAME)));
    await waitUntilHealthy(child, health, { timeoutMs: 120_000, signal });
    const url = cluster.brokers.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return { name, url, address, child, health };
  },
});
