import path from 'node:path';
import { downloadDir } from '../fetch/catalogue.mjs';
import { type Child, startChild } from '../process/child.ts';
import { writeFileWhole } from '../process/state-file.ts';
import { commonJvmArgs, findJava } from './java.ts';
import { claimPort } from './ports.ts';

/** A cluster of a mirror. */
export interface MirrorEnd {
  /** Lower-case letters, digits and -. */
  readonly region: string;
  readonly brokers: string;
}

export interface MirrorOptions {
  /** Folder for logs/ and state/. */
  readonly dir: string;
  readonly from: MirrorEnd;
  readonly to: MirrorEnd;
  /** Topics that are not mirrored: states, which are rebuilt from the events. */
  readonly excluded: readonly string[];
}

/**
 * Returns the settings of MirrorMaker 2 for one direction. Topics keep their names, transactions of the source are read
 * when they are committed, and each record is written once. docs/how-to/run-two-regions.md explains each.
 */
export function mirrorProperties({ from, to, excluded }: Omit<MirrorOptions, 'dir'>, restPort: number): string {
  const flow = `${from.region}->${to.region}`;
  const back = `${to.region}->${from.region}`;
  const internal = ['.*[\\-\\.]internal', '__.*', 'mm2.*', 'heartbeats'];
  const names = excluded.map((topic) => topic.replaceAll('.', '\\.'));
  const factors = ['checkpoints.topic', 'heartbeats.topic', 'offset-syncs.topic', 'offset.storage', 'status.storage'];
  const settings = {
    clusters: `${from.region}, ${to.region}`,
    [`${from.region}.bootstrap.servers`]: from.brokers,
    [`${to.region}.bootstrap.servers`]: to.brokers,
    [`${flow}.enabled`]: true,
    [`${back}.enabled`]: false,
    // Otherwise a worker of the disabled flow runs all the same, and with identical names records would go round.
    [`${back}.emit.heartbeats.enabled`]: false,
    [`${flow}.emit.heartbeats.enabled`]: false,
    [`${flow}.topics`]: '.*',
    [`${flow}.topics.exclude`]: [...internal, ...names].join(','),
    [`${flow}.groups`]: 'khipu.*',
    'replication.policy.class': 'org.apache.kafka.connect.mirror.IdentityReplicationPolicy',
    // A setting of the target cluster: without its name in front it is ignored.
    [`${to.region}.exactly.once.source.support`]: 'enabled',
    // Exactly-once in a dedicated mirror needs the listener (KIP-710), for one node as well.
    'dedicated.mode.enable.internal.rest': true,
    [`${to.region}.listeners`]: `http://127.0.0.1:${restPort}`,
    // By default a mirror copies aborted records as good ones.
    [`${from.region}.consumer.isolation.level`]: 'read_committed',
    [`${flow}.consumer.isolation.level`]: 'read_committed',
    'offset.lag.max': 0,
    'emit.checkpoints.interval.seconds': 1,
    'sync.group.offsets.enabled': true,
    'sync.group.offsets.interval.seconds': 1,
    'sync.topic.acls.enabled': false,
    'refresh.topics.interval.seconds': 5,
    'refresh.groups.interval.seconds': 5,
    'offset.flush.interval.ms': 500,
    'tasks.max': 2,
    'replication.factor': 1,
    ...Object.fromEntries([...factors, 'config.storage'].map((name) => [`${name}.replication.factor`, 1])),
  };
  return `${Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}`)
    .join('\n')}\n`;
}

/** Starts MirrorMaker 2. It is of use once its topics appear at the target; its log is `logs/mirror.log`. */
export async function startMirror(options: MirrorOptions): Promise<Child> {
  const { dir } = options;
  const file = path.join(dir, 'state', 'mirror.properties');
  writeFileWhole(file, mirrorProperties(options, await claimPort(dir, 'mirror')), 0o600);
  const classPath = path.join(downloadDir('mirror'), 'libs', '*');
  const log4j = `-Dlog4j2.configurationFile=${path.join(import.meta.dirname, 'kafka-log4j2.xml')}`;
  const jvm = ['-Xmx384m', ...commonJvmArgs, '-XX:TieredStopAtLevel=1', log4j, '-cp', classPath];
  const args = [...jvm, 'org.apache.kafka.connect.mirror.MirrorMaker', file];
  return startChild({ name: 'mirror', command: findJava().command, args, log: path.join(dir, 'logs', 'mirror.log') });
}
