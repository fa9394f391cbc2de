import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readJson, writeJson } from '../process/state-file.ts';
import { type BrokerCount, type BrokerName, brokerNames, PartError } from './part.ts';
import { claimPort } from './ports.ts';

/** The name and the ports of one broker. */
export interface BrokerPlace {
  readonly name: BrokerName;
  readonly node: number;
  readonly dataDir: string;
  readonly port: number;
  readonly controllerPort: number;
  /** Port of the second listener, which is behind a proxy. */
  readonly frontPort: number;
}

/** The id and the brokers of a cluster. */
export interface Cluster {
  readonly clusterId: string;
  readonly brokers: readonly BrokerPlace[];
}

/** The stored id and size of the cluster: the id survives a deleted data folder; the size belongs to the data. */
interface Kept {
  readonly clusterId: string;
  readonly brokers?: BrokerCount;
}

const stateFile = (dir: string): string => path.join(dir, 'state', 'kafka.json');
const dataDirOf = (dir: string, name: BrokerName): string => path.join(dir, 'data', name);
const isBegun = (dir: string): boolean => existsSync(path.join(dataDirOf(dir, 'kafka'), 'meta.properties'));

/**
 * Returns the requested number of brokers, else the number in the existing data, else 1. Throws PartError BROKERS_CHANGED
 * when there is data of a cluster of another size: its quorum and its replicas would not match the new cluster.
 */
export function brokerCountOf(dir: string, wanted: BrokerCount | undefined): BrokerCount {
  const begunWith = isBegun(dir) ? (readJson<Kept>(stateFile(dir))?.brokers ?? 1) : undefined;
  if (wanted !== undefined && begunWith !== undefined && wanted !== begunWith)
    throw new PartError(
      `the data in ${dir} belongs to a cluster of ${begunWith}, not ${wanted}: keep that number, or delete the data (npm run reset)`,
      { code: 'BROKERS_CHANGED' },
    );
  return wanted ?? begunWith ?? 1;
}

/**
 * One cluster per folder and process: every broker must know the ports of all, and may restart while the others keep
 * theirs.
 */
const clusters = new Map<string, Promise<Cluster>>();

/** Returns the cluster of a folder. Claims its ports at the first call. */
export function clusterOf(dir: string, brokers: BrokerCount): Promise<Cluster> {
  const known = clusters.get(dir) ?? plan(dir, brokers);
  clusters.set(dir, known);
  return known;
}

/**
 * Returns Kafka's form of a UUID. One with a leading dash would be read as an option, so Kafka does not make such ids
 * either.
 */
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
