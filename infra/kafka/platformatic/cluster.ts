import {
  type API,
  apiVersionsV3,
  type Broker,
  FindCoordinatorKeyTypes,
  findCoordinatorV4,
  metadataV12,
  ProtocolError,
} from '@platformatic/kafka';
import { LogError } from '../errors.ts';
import type { Connections } from './connections.ts';
import { isUnsettled, namesOf, PATIENT, type Patience, patiently } from './failures.ts';

type CoordinatorKind = keyof typeof FindCoordinatorKeyTypes;

const brokerOf = (text: string): Broker => {
  const [host = '', port] = text.split(':');
  return { host, port: Number(port ?? 9092) };
};

/**
 * Leaders and coordinators of a cluster. Each request uses one fixed version, the oldest with the needed fields: brokers
 * from 3.2 to 4.x support all of them, except those that a feature of the cluster turns on. (For AddPartitionsToTxn the
 * client would choose the newest, which is for brokers only and requires cluster rights.)
 */
export class Cluster {
  readonly connections: Connections;
  readonly #bootstrap: readonly Broker[];
  readonly #brokers = new Map<number, Broker>();
  /** Leader of each partition, by topic. */
  readonly #leaders = new Map<string, readonly number[]>();
  readonly #coordinators = new Map<string, number>();
  #turn = 0;
  #transactionVersion: number | null = null;

  constructor(brokers: readonly string[], connections: Connections) {
    this.connections = connections;
    this.#bootstrap = brokers.map(brokerOf);
  }

  /** Sends a request to the first broker that accepts a connection. */
  async ask<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R> {
    const brokers = [...this.#brokers.values(), ...this.#bootstrap];
    let failure: unknown;
    for (const _ of brokers) {
      const broker = brokers[this.#turn % brokers.length] as Broker;
      try {
        return await api.async(await this.connections.to(broker, 'ask'), ...args);
      } catch (error) {
        if (!isUnsettled(namesOf(error))) throw error;
        failure = error;
        this.#turn += 1;
      }
    }
    throw failure;
  }

  async call<A extends unknown[], R>(node: number, lane: string, api: API<A, R>, ...args: A): Promise<R> {
    const broker = this.#brokers.get(node);
    if (broker === undefined) throw new ProtocolError('LEADER_NOT_AVAILABLE', `broker ${node} is away`);
    return api.async(await this.connections.to(broker, lane), ...args);
  }

  /** Asks for unknown topics. Partition counts never change while a process runs (ADR 0003). */
  async learn(topics: Iterable<string>, patience: Patience = PATIENT): Promise<void> {
    const unknown = [...new Set(topics)].filter((topic) => !this.#leaders.has(topic));
    if (unknown.length > 0) await patiently(patience, () => this.refresh(unknown));
  }

  /** Reads the metadata of topics. Throws when a topic is unknown. */
  async refresh(topics: readonly string[]): Promise<void> {
    const { brokers, topics: found } = await this.#metadata(topics);
    this.#brokers.clear();
    for (const { nodeId, host, port } of brokers) this.#brokers.set(nodeId, { host, port });
    for (const { name, partitions } of found) {
      const leaders: number[] = [];
      for (const { partitionIndex, leaderId } of partitions) leaders[partitionIndex] = leaderId;
      if (name) this.#leaders.set(name, leaders);
    }
  }

  /** Returns the partition count; 0 for a topic that was not learned. */
  partitionCount(topic: string): number {
    return this.#leaders.get(topic)?.length ?? 0;
  }

  leaderOf(topic: string, partition: number): number {
    return this.#leaders.get(topic)?.[partition] ?? -1;
  }

  /** Returns the cluster's level of the feature `transaction.version`; 0 where brokers do not know it. */
  async transactionVersion(): Promise<number> {
    if (this.#transactionVersion === null) {
      const { finalizedFeatures = [] } = await this.ask(apiVersionsV3.api, 'khipu', '0');
      this.#transactionVersion =
        finalizedFeatures.find(({ name }) => name === 'transaction.version')?.maxVersionLevel ?? 0;
    }
    return this.#transactionVersion;
  }

  /** Runs `work` with the coordinator of a group or a transactional id; looks it up again when it has moved. */
  async withCoordinator<T>(
    kind: CoordinatorKind,
    id: string,
    work: (node: number) => Promise<T>,
    patience: Patience = PATIENT,
  ): Promise<T> {
    return patiently(patience, async () => {
      try {
        return await work(await this.#coordinator(kind, id));
      } catch (error) {
        if (isUnsettled(namesOf(error))) this.#coordinators.delete(`${kind} ${id}`);
        throw error;
      }
    });
  }

  /** The client throws a whole answer when one partition has no leader; its other entries are valid and are returned. */
  async #metadata(topics: readonly string[]): Promise<metadataV12.MetadataResponse> {
    try {
      return await this.ask(metadataV12.api, [...topics], false, false);
    } catch (error) {
      const { response } = error as { response?: metadataV12.MetadataResponse };
      if (response?.topics === undefined || response.topics.some(({ errorCode }) => errorCode !== 0)) throw error;
      return response;
    }
  }

  async #coordinator(kind: CoordinatorKind, id: string): Promise<number> {
    const known = this.#coordinators.get(`${kind} ${id}`);
    if (known !== undefined && this.#brokers.has(known)) return known;
    const { coordinators } = await this.ask(findCoordinatorV4.api, FindCoordinatorKeyTypes[kind], [id]);
    const [found] = coordinators;
    if (found === undefined) throw new LogError('LOG_PROTOCOL', `no coordinator of ${id} was named`);
    this.#brokers.set(found.nodeId, { host: found.host, port: found.port });
    this.#coordinators.set(`${kind} ${id}`, found.nodeId);
    return found.nodeId;
  }
}
