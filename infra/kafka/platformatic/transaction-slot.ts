import { type API, addOffsetsToTxnV3, addPartitionsToTxnV3, initProducerIdV4 } from '@platformatic/kafka';
import type { CommittedOffset, OutgoingRecord, TransactionBatch } from '../port.ts';
import { type Slot, TRANSACTION_TIMEOUT_MS } from '../rotating-transactor.ts';
import type { Cluster } from './cluster.ts';
import { isUnsettled, type Patience, toLogError } from './failures.ts';
import { choosePartition } from './partitions.ts';
import { Producer } from './producer.ts';
import { requestsFor, type TransactionRequests } from './transaction-requests.ts';

const ABORT_MS_MAX = 1_000;

/**
 * Retries while the previous transaction is being completed, or the coordinator moves. Bounded by the transaction
 * timeout.
 */
const SETTLING: Patience = {
  forMs: TRANSACTION_TIMEOUT_MS,
  pauseMs: 2,
  passes: (names) => isUnsettled(names, 'CONCURRENT_TRANSACTIONS'),
};

/** Connections that the slots of one owner share: a broker answers the requests of one connection one after another. */
export interface Lane {
  readonly ask: string;
  readonly produce: string;
}

let lanesMade = 0;

/** Returns the lane of a new owner of `id`. */
export const laneOf = (id: string): Lane => {
  const ask = `transactor ${id} ${lanesMade++}`;
  return { ask, produce: `${ask} produce` };
};

/** Fences older holders: initializing an id raises its epoch, and the coordinator first ends the open transaction. */
export async function openSlot(cluster: Cluster, lane: Lane, transactionalId: string): Promise<Slot> {
  try {
    const identity = await cluster.withCoordinator(
      'TRANSACTION',
      transactionalId,
      (node) => cluster.call(node, lane.ask, initProducerIdV4.api, transactionalId, TRANSACTION_TIMEOUT_MS),
      SETTLING,
    );
    const requests = requestsFor(await cluster.transactionVersion());
    const { produce } = requests;
    const options = { lane: lane.produce, produce, transactionalId, timeoutMs: TRANSACTION_TIMEOUT_MS };
    return new PlatformaticSlot(cluster, lane, transactionalId, new Producer(cluster, identity, options), requests);
  } catch (error) {
    await closeLane(cluster, lane);
    throw toLogError(error, 'TRANSACTION_FAILED');
  }
}

/**
 * The same protocol as in the first driver: fixed transactional ids, all of them initialized before any read.
 *
 * KIP-447 (member and generation in TxnOffsetCommit, ids chosen by the process) is not used. It prevents a zombie from
 * committing offsets, but does not end the zombie's open transaction: the new owner would wait for the timeout (15 s)
 * before it can read stable offsets, would have to restore state after that and not before, and a transaction without
 * offsets (state folded again) would not be fenced at all. Initializing the ids ends open transactions at once, and
 * state and offsets can then be read in any order.
 */
class PlatformaticSlot implements Slot {
  readonly #cluster: Cluster;
  readonly #lane: Lane;
  readonly #id: string;
  readonly #producer: Producer;
  readonly #requests: TransactionRequests;

  constructor(cluster: Cluster, lane: Lane, id: string, producer: Producer, requests: TransactionRequests) {
    this.#cluster = cluster;
    this.#lane = lane;
    this.#id = id;
    this.#producer = producer;
    this.#requests = requests;
  }

  async commit(batch: TransactionBatch): Promise<void> {
    let begun = false;
    let ending = false;
    try {
      await this.#cluster.learn(batch.records.map(({ topic }) => topic));
      const partitions = batch.records.map((record) => choosePartition(this.#cluster, record));
      begun = true;
      if (!this.#requests.implicit) await this.#announce(partitions, batch);
      // Not in parallel: the broker asks the transaction's coordinator for both (KIP-890), and of two such questions for one
      // id it fails the first with NOT_ENOUGH_REPLICAS, which is retried 50 ms later. This happened in one of ten.
      await this.#producer.send(batch.records, partitions);
      await this.#sendOffsets(batch);
      ending = true;
      await this.#end(true);
    } catch (error) {
      const failure = toLogError(error, 'TRANSACTION_FAILED');
      if (begun && !ending && failure.code !== 'FENCED') await this.#abandon();
      throw failure;
    }
  }

  async close(): Promise<void> {
    await closeLane(this.#cluster, this.#lane);
  }

  /** Sends the coordinator the partitions and the group of the transaction. The first of these requests begins it. */
  async #announce(partitions: readonly number[], { records, group, offsets }: TransactionBatch): Promise<void> {
    const { producerId, producerEpoch } = this.#producer.identity;
    const topics = toTopics(records, partitions);
    const transaction = { transactionalId: this.#id, producerId, producerEpoch, verifyOnly: false, topics };
    const work: Promise<unknown>[] = [];
    if (topics.length > 0) work.push(this.#ask(addPartitionsToTxnV3.api, [transaction]));
    if (offsets.length > 0) work.push(this.#ask(addOffsetsToTxnV3.api, this.#id, producerId, producerEpoch, group));
    await settled(work);
  }

  async #sendOffsets({ group, offsets }: TransactionBatch): Promise<void> {
    if (offsets.length === 0) return;
    const { producerId, producerEpoch } = this.#producer.identity;
    const topics = toOffsetTopics(offsets);
    await this.#cluster.withCoordinator(
      'GROUP',
      group,
      (node) =>
        this.#cluster.call(
          node,
          this.#lane.ask,
          this.#requests.commitOffsets,
          this.#id,
          group,
          producerId,
          producerEpoch,
          -1,
          '',
          null,
          topics,
        ),
      SETTLING,
    );
  }

  async #end(commit: boolean): Promise<void> {
    const { producerId, producerEpoch } = this.#producer.identity;
    const next = await this.#ask(this.#requests.end, this.#id, producerId, producerEpoch, commit);
    if ('producerId' in next) this.#producer.renew(next);
  }

  /**
   * Aborts the transaction, so that readers need not wait for its timeout. If this fails, the timeout or the next owner
   * ends it.
   */
  async #abandon(): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, ABORT_MS_MAX).unref());
    await Promise.race([this.#end(false).catch(() => undefined), late]);
  }

  #ask<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R> {
    const cluster = this.#cluster;
    return cluster.withCoordinator(
      'TRANSACTION',
      this.#id,
      (node) => cluster.call(node, this.#lane.ask, api, ...args),
      SETTLING,
    );
  }
}

const closeLane = (cluster: Cluster, { ask, produce }: Lane): Promise<unknown> =>
  Promise.all([cluster.connections.closeLane(ask), cluster.connections.closeLane(produce)]);

/** Waits for all promises, even when one failed: no request of a transaction may be pending when it is ended. */
async function settled(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function toTopics(records: readonly OutgoingRecord[], partitions: readonly number[]) {
  const byTopic = new Map<string, Set<number>>();
  for (const [index, { topic }] of records.entries()) {
    const touched = byTopic.get(topic) ?? new Set();
    byTopic.set(topic, touched.add(partitions[index] as number));
  }
  return [...byTopic].map(([name, touched]) => ({ name, partitions: [...touched] }));
}

function toOffsetTopics(offsets: readonly CommittedOffset[]) {
  const byTopic = Map.groupBy(offsets, ({ topic }) => topic);
  return [...byTopic].map(([name, places]) => ({
    name,
    partitions: places.map(({ partition, offset, metadata }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: -1,
      committedMetadata: metadata,
    })),
  }));
}
