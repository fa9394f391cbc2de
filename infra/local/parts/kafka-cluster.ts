import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type BrokerCount, type BrokerName, brokerNames, PartError } from '../part.ts';
import { claimPort } from '../ports.ts';
import { readJson, writeJson } from '../state-file.ts';

export interface BrokerPlace {
  readonly name: BrokerName;
  readonly node: number;
  readonly dataDir: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Of the second listener, which stands behind a proxy. */
  readonly frontPort: number;
}

export interface Cluster {
  readonly clusterId: string;
  readonly brokers: readonly BrokerPlace[];
}

/** The cluster's id and size lie in the state: the id outlives a dropped data folder, the size belongs to the data. */
interface Kept {
  readonly clusterId: string;
  readonly brokers?: BrokerCount;
}

const stateFile = (dir: string): string => path.join(dir, 'state', 'kafka.json');
const dataDirOf = (dir: string, name: BrokerName): string => path.join(dir, 'data', name);
const isBegun = (dir: string): boolean => existsSync(path.join(dataDirOf(dir, 'kafka'), 'meta.properties'));

/**
 * As many brokers as are wanted, else as the data was begun with, else one. Throws PartError BROKERS_CHANGED when there is
 * data of a cluster of another size: its quorum and its replicas would not be those that the new one expects.
 */
export function brokerCountOf(dir: string, wanted: BrokerCount | undefined): BrokerCount {
  const begunWith = isBegun(dir) ? (readJson<Kept>(stateFile(dir))?.brokers ?? 1) : undefined;
  if (wanted !== undefined && begunWith !== undefined && wanted !== begunWith)
    throw new PartError(
      `the data in ${dir} is of a cluster of ${begunWith}, not ${wanted}: keep that number, or drop the data (npm run reset)`,
      { code: 'BROKERS_CHANGED' },
    );
  return wanted ?? begunWith ?? 1;
}

/** One a folder and process: every broker must know the ports of all, and may start again while the others hold theirs. */
const clusters = new Map<string, Promise<Cluster>>();

export function clusterOf(dir: string, brokers: BrokerCount): Promise<Cluster> {
  const known = clusters.get(dir) ?? plan(dir, brokers);
  clusters.set(dir, known);
  return known;
}

/** Kafka's form of a UUID. One that begins with a dash would be read as an option, so Kafka makes none such either. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

async function plan(dir: string, count: BrokerCount): Promise<Cluster> {
  const clusterId = readJson<Kept>(stateFile(dir))?.clusterId ?? newClusterId();
  writeJson(stateFile(dir), { clusterId, brokers: count } satisfies Kept);
  const brokers: BrokerPlace[] = [];
  for (const [index, name] of brokerNames.slice(0, count).entries())
    brokers.push({
      name,
      node: index + 1,
      dataDir: dataDirOf(dir, name),
      port: await claimPort(dir, name),
      controllerPort: await claimPort(dir, `${name}-controller`),
      frontPort: await claimPort(dir, `${name}-front`),
    });
  return { clusterId, brokers };
}
