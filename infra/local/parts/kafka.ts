import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { logTail, startChild } from '../child.ts';
import { archiveArgs } from '../class-archive.ts';
import { downloadDir, versions } from '../fetch/catalogue.mjs';
import { commonJvmArgs, findJava } from '../java.ts';
import {
  type BrokerName,
  type BrokerSettings,
  brokerNames,
  healthOf,
  type Part,
  PartError,
  waitUntilHealthy,
} from '../part.ts';
import { probeKafka } from '../probes.ts';
import { writeFileWhole } from '../state-file.ts';
import { type BrokerPlace, type Cluster, clusterOf } from './kafka-cluster.ts';

const log4jFile = path.join(import.meta.dirname, 'kafka-log4j2.xml');

export const kafkaArchive = () => ({
  name: `kafka-${versions.kafka}`,
  classPath: path.join(downloadDir('kafka'), 'libs', '*'),
});

/**
 * A node that is broker and controller at once; the log is kept until a topic says otherwise. With three of them every
 * record stands on all, and is acknowledged once it stands on two: one may die. `proxyPort` gives clients a second way in,
 * and tells them to go on through the proxy.
 */
function serverProperties(
  { brokers }: Cluster,
  broker: BrokerPlace,
  proxyPort: number | undefined,
  more: BrokerSettings['properties'],
): string {
  const { node, dataDir, port, controllerPort, frontPort } = broker;
  const front = (at: number): string => (proxyPort === undefined ? '' : `,FRONT://127.0.0.1:${at}`);
  const copies = brokers.length;
  const copiesInSync = copies > 1 ? copies - 1 : 1;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': node,
    'controller.quorum.voters': brokers.map((each) => `${each.node}@127.0.0.1:${each.controllerPort}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${front(frontPort)}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${front(proxyPort ?? 0)}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,FRONT:PLAINTEXT',
    'log.dirs': dataDir,
    'auto.create.topics.enable': false,
    'num.partitions': 4,
    'default.replication.factor': copies,
    'min.insync.replicas': copiesInSync,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': copiesInSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': copiesInSync,
    // A first member need not wait for others; a dead one is noticed after the 6 s that our consumers ask for.
    'group.initial.rebalance.delay.ms': 0,
    // Every transaction commits offsets; the coordinator would hold each one 5 ms in wait for others.
    'group.coordinator.append.linger.ms': 0,
    'group.min.session.timeout.ms': 3_000,
    // A killed broker is let in again only when its old session has run out (KIP-631); by default that takes 9 s.
    'broker.session.timeout.ms': 6_000,
    'broker.heartbeat.interval.ms': 1_000,
    'message.max.bytes': 2_097_152,
    'replica.fetch.max.bytes': 2_097_152,
    // The log is the truth: topics name their own retention, and the registry's schemas lie in topics that name none.
    'log.retention.ms': -1,
    // A platform that was switched off for a week must still find its place.
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
 * Both compilers: with the first alone the start takes 4 s of processor time less, and then a transaction among 160 a
 * second 78 ms instead of 9. KHIPU_KAFKA_OPTS comes last.
 */
const jvmArgs = (): string[] => {
  const subject = kafkaArchive();
  const more = (process.env['KHIPU_KAFKA_OPTS'] ?? '').split(' ').filter(Boolean);
  const log = `-Dlog4j2.configurationFile=${log4jFile}`;
  return [...commonJvmArgs, ...archiveArgs(subject), log, ...more, '-cp', subject.classPath];
};

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

/** Of three brokers each gets less heap: together they hold what one would. */
const heapArgs = (brokers: number): string[] => (brokers > 1 ? ['-Xms96m', '-Xmx320m'] : ['-Xms128m', '-Xmx512m']);

/** Asked to stop, a broker hands its partitions over first; the last of three has nobody to hand them to. */
const graceMsOf = (brokers: number): number => (brokers > 1 ? 6_000 : 20_000);

const NOTHING_MORE: BrokerSettings = { properties: {}, format: [] };

/** One Apache Kafka node in KRaft mode, at `data/kafka` or `data/kafka-<node>`. Needs nothing but, of three, one other. */
export const kafkaBroker = (node: 1 | 2 | 3): Part => ({
  name: brokerNames[node - 1] as BrokerName,
  needs: [],
  async start({ dir, signal, brokers: count = 1, fronts = [], more = NOTHING_MORE }) {
    const cluster = await clusterOf(dir, count);
    const broker = cluster.brokers[node - 1];
    if (broker === undefined) throw new PartError(`there is no broker ${node} in a cluster of ${count}`);
    const { name, dataDir } = broker;
    const log = path.join(dir, 'logs', `${name}.log`);
    const properties = path.join(dir, 'state', `${name}.properties`);
    mkdirSync(dataDir, { recursive: true });
    writeFileWhole(properties, serverProperties(cluster, broker, fronts[node - 1], more.properties));
    if (!existsSync(path.join(dataDir, 'meta.properties')))
      await format(cluster.clusterId, properties, log, more.format);
    const args = [...heapArgs(count), ...jvmArgs(), 'kafka.Kafka', properties];
    const child = await startChild({ name, command: findJava().command, args, log, graceMs: graceMsOf(count) });
    const address = `127.0.0.1:${broker.port}`;
    const health = () => healthOf(() => probeKafka(address));
    await waitUntilHealthy(child, health, { timeoutMs: 120_000, signal });
    const url = cluster.brokers.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return { name, url, address, child, health };
  },
});
