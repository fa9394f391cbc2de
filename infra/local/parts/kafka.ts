import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { logTail, startChild } from '../child.ts';
import { archiveArgs } from '../class-archive.ts';
import { downloadDir, versions } from '../fetch/catalogue.mjs';
import { commonJvmArgs, findJava } from '../java.ts';
import { healthOf, type Part, PartError, waitUntilHealthy } from '../part.ts';
import { claimPort } from '../ports.ts';
import { probeKafka } from '../probes.ts';
import { readJson, writeFileWhole, writeJson } from '../state-file.ts';

const log4jFile = path.join(import.meta.dirname, 'kafka-log4j2.xml');

export const kafkaArchive = () => ({
  name: `kafka-${versions.kafka}`,
  classPath: path.join(downloadDir('kafka'), 'libs', '*'),
});

/** A second way in, for clients that come through a proxy: the broker tells them to go on through it. */
interface Front {
  readonly port: number;
  readonly proxyPort: number;
}

/** One node that is broker and controller at once; the log is kept until a topic says otherwise. */
function serverProperties(dataDir: string, port: number, controllerPort: number, front: Front | null): string {
  const listen = front === null ? '' : `,FRONT://127.0.0.1:${front.port}`;
  const advertise = front === null ? '' : `,FRONT://127.0.0.1:${front.proxyPort}`;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${listen}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${advertise}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,FRONT:PLAINTEXT',
    'log.dirs': dataDir,
    'auto.create.topics.enable': false,
    'num.partitions': 4,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
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

/** Kafka's form of a UUID. One that begins with a dash would be read as an option, so Kafka makes none such either. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

/** Formats the storage once (KIP-631). The cluster's id lies in the state, so that it outlives a dropped data folder. */
async function format(dir: string, properties: string, log: string): Promise<void> {
  const stateFile = path.join(dir, 'state', 'kafka.json');
  const clusterId = readJson<{ clusterId: string }>(stateFile)?.clusterId ?? newClusterId();
  writeJson(stateFile, { clusterId });
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
  ];
  const child = await startChild({ name: 'kafka format', command: findJava().command, args, log });
  const { code } = await child.exited;
  if (code !== 0) throw new PartError(`kafka could not format its storage:\n${logTail(child)}`);
}

/** Apache Kafka in KRaft mode on one node, at `data/kafka`. Needs nothing. */
export const kafka: Part = {
  name: 'kafka',
  needs: [],
  async start({ dir, signal, fronts = [] }) {
    const dataDir = path.join(dir, 'data', 'kafka');
    const log = path.join(dir, 'logs', 'kafka.log');
    const port = await claimPort(dir, 'kafka');
    const controllerPort = await claimPort(dir, 'kafka-controller');
    const properties = path.join(dir, 'state', 'kafka.properties');
    mkdirSync(dataDir, { recursive: true });
    const [proxyPort] = fronts;
    const front = proxyPort === undefined ? null : { port: await claimPort(dir, 'kafka-front'), proxyPort };
    writeFileWhole(properties, serverProperties(dataDir, port, controllerPort, front));
    if (!existsSync(path.join(dataDir, 'meta.properties'))) await format(dir, properties, log);
    const args = ['-Xms128m', '-Xmx512m', ...jvmArgs(), 'kafka.Kafka', properties];
    const child = await startChild({ name: 'kafka', command: findJava().command, args, log, graceMs: 20_000 });
    const address = `127.0.0.1:${port}`;
    const health = () => healthOf(() => probeKafka(address));
    await waitUntilHealthy(child, health, { timeoutMs: 120_000, signal });
    return { name: 'kafka', url: address, address, child, health };
  },
};
