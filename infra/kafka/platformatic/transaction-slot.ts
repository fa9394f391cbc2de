import {
  type API,
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  endTxnV3,
  initProducerIdV4,
  txnOffsetCommitV3,
} from '@platformatic/kafka';
import type { CommittedOffset, OutgoingRecord, TransactionBatch } from '../log.ts';
import { type Slot, TRANSACTION_TIMEOUT_MS } from '../rotating-transactor.ts';
import type { Cluster } from './cluster.ts';
import { isUnsettled, type Patience, toLogError } from './failures.ts';
import { choosePartition } from './partitions.ts';
import { Producer } from './producer.ts';

const ABORT_MS_MAX = 1_000;

/** The transaction before is still being settled, or the coordinator moves. Bound by the time-out of a transaction. */
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

export const laneOf = (id: string): Lane => {
  const ask = `transactor ${id} ${lanesMade++}`;
  return { ask, produce: `${ask} produce` };
};

/** Fences older holders: initializing an id raises its epoch, and the coordinator ends what was open first. */
export async function openSlot(cluster: Cluster, lane: Lane, transactionalId: string): Promise<Slot> {
  try {
    const identity = await cluster.withCoordinator(
      'TRANSACTION',
      transactionalId,
      (node) => cluster.call(node, lane.ask, initProducerIdV4.api, transactionalId, TRANSACTION_TIMEOUT_MS),
      SETTLING,
    );
    const producer = new Producer(cluster, lane.produce, identity, transactionalId, TRANSACTION_TIMEOUT_MS);
    return new PlatformaticSlot(cluster, lane, transactionalId, producer);
  } catch (error) {
    await closeLane(cluster, lane);
    throw toLogError(error, 'TRANSACTION_FAILED');
  }
}

/**
 * The same protocol as the first driver's: fixed transactional ids, all of them initialized before anything is read.
 *
 * KIP-447 (member and generation in TxnOffsetCommit, ids chosen by the process) is not used. It keeps a zombie from
 * committing offsets, but does not end what the zombie has open: the new owner would wait for the time-out (15 s)
 * before it can read stable offsets, would have to restore state after that and not before, and a transaction without
 * offsets (state folded anew) would not be fenced at all. Initializing the ids ends open transactions at once, and
 * restores and offsets may then be read in any order.
 */
class PlatformaticSlot implements Slot {
  readonly #cluster: Cluster;
  readonly #lane: Lane;
  readonly #id: string;
  readonly #producer: Producer;

  constructor(cluster: Cluster, lane: Lane, id: string, producer: Producer) {
    this.#cluster = cluster;
    this.#lane = lane;
    this.#id = id;
    this.#producer = producer;
  }

  async commit(batch: TransactionBatch): Promise<void> {
    let begun = false;
    let ending = false;
    try {
      await this.#cluster.learn(batch.records.map(({ topic }) => topic));
      const partitions = batch.records.map((record) => choosePartition(this.#cluster, record));
      begun = true;
      await this.#enlist(partitions, batch);
      // Not side by side: the broker has the coordinator verify the transaction for both (KIP-890), and of two verifications
      // of one id it fails the first with NOT_ENOUGH_REPLICAS, which is tried again 50 ms later. One in ten met it.
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

  /** Tells the coordinator what the transaction will touch. It begins with the first of these. */
  async #enlist(partitions: readonly number[], { records, group, offsets }: TransactionBatch): Promise<void> {
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
          txnOffsetCommitV3.api,
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
    await this.#ask(endTxnV3.api, this.#id, producerId, producerEpoch, commit);
  }

  /** Spares readers the wait for the time-out. If it fails, that or the next owner ends the transaction. */
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

/** Waits for all, also when one failed: nothing of a transaction may be under way when it is ended. */
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
