import {
  type API,
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  endTxnV3,
  initProducerIdV4,
  txnOffsetCommitV3,
} from '@platformatic/kafka';
import { LogError } from '../errors.ts';
import type { CommittedOffset, OutgoingRecord, TransactionBatch, Transactor } from '../log.ts';
import type { Cluster } from './cluster.ts';
import { isUnsettled, type Patience, toLogError } from './failures.ts';
import { choosePartition } from './partitions.ts';
import { Producer } from './producer.ts';

/** Transactional ids per owner: see KafkaJsTransactor, whose ids these are, so that either driver fences the other. */
export const SLOTS = 3;
/** A coordinator ends a transaction that is open longer. */
const TRANSACTION_TIMEOUT_MS = 15_000;
const ABORT_MS_MAX = 1_000;

/** The transaction before is still being settled, or the coordinator moves. Bound by the time-out of a transaction. */
const SETTLING: Patience = {
  forMs: TRANSACTION_TIMEOUT_MS,
  pauseMs: 2,
  passes: (names) => isUnsettled(names, 'CONCURRENT_TRANSACTIONS'),
};

interface Slot {
  readonly id: string;
  readonly producer: Producer;
}

/**
 * docs/explanation/exactly-once.md: "rotate" and "fence". The same protocol as the first driver's: fixed transactional
 * ids, all of them initialized before anything is read.
 *
 * KIP-447 (member and generation in TxnOffsetCommit, ids chosen by the process) is not used. It keeps a zombie from
 * committing offsets, but does not end what the zombie has open: the new owner would wait for the time-out (15 s)
 * before it can read stable offsets, would have to restore state after that and not before, and a transaction without
 * offsets (state folded anew) would not be fenced at all. Initializing the ids ends open transactions at once, and
 * restores and offsets may then be read in any order.
 */
export class PlatformaticTransactor implements Transactor {
  readonly #cluster: Cluster;
  readonly #lane: string;
  readonly #slots: readonly Slot[];
  #turn = 0;
  #broken: LogError | null = null;

  private constructor(cluster: Cluster, lane: string, slots: readonly Slot[]) {
    this.#cluster = cluster;
    this.#lane = lane;
    this.#slots = slots;
  }

  /** Fences every older holder: initializing an id raises its epoch, and the coordinator ends what was open first. */
  static async open(cluster: Cluster, id: string): Promise<PlatformaticTransactor> {
    const lane = `transactor ${id} ${transactorsMade++}`;
    try {
      const slots = await Promise.all(
        Array.from({ length: SLOTS }, async (_, nth) => {
          const slot = `${id}-${nth}`;
          const identity = await cluster.withCoordinator(
            'TRANSACTION',
            slot,
            (node) => cluster.call(node, lane, initProducerIdV4.api, slot, TRANSACTION_TIMEOUT_MS),
            SETTLING,
          );
          return {
            id: slot,
            producer: new Producer(cluster, `${lane} produce`, identity, slot, TRANSACTION_TIMEOUT_MS),
          };
        }),
      );
      return new PlatformaticTransactor(cluster, lane, slots);
    } catch (error) {
      await closeLanes(cluster, lane);
      throw toLogError(error, 'TRANSACTION_FAILED');
    }
  }

  async commit(batch: TransactionBatch): Promise<void> {
    // After any failure the outcome may be unknown: only a new owner, which fences and reads what was committed, may go on.
    if (this.#broken !== null) throw this.#broken;
    const slot = this.#slots[this.#turn % SLOTS] as Slot;
    this.#turn += 1;
    let begun = false;
    let ending = false;
    try {
      await this.#cluster.learn(batch.records.map(({ topic }) => topic));
      const partitions = batch.records.map((record) => choosePartition(this.#cluster, record));
      if (partitions.length === 0 && batch.offsets.length === 0) return;
      begun = true;
      await this.#enlist(slot, partitions, batch);
      await settled([slot.producer.send(batch.records, partitions), this.#sendOffsets(slot, batch)]);
      ending = true;
      await this.#end(slot, true);
    } catch (error) {
      this.#broken = toLogError(error, 'TRANSACTION_FAILED');
      if (begun && !ending && this.#broken.code !== 'FENCED') await this.#abandon(slot);
      throw this.#broken;
    }
  }

  async close(): Promise<void> {
    this.#broken ??= new LogError('TRANSACTION_FAILED', 'the transactor is closed');
    await closeLanes(this.#cluster, this.#lane);
  }

  /** Tells the coordinator what the transaction will touch. It begins with the first of these. */
  async #enlist(
    slot: Slot,
    partitions: readonly number[],
    { records, group, offsets }: TransactionBatch,
  ): Promise<void> {
    const { producerId, producerEpoch } = slot.producer.identity;
    const topics = toTopics(records, partitions);
    const transaction = { transactionalId: slot.id, producerId, producerEpoch, verifyOnly: false, topics };
    const work: Promise<unknown>[] = [];
    if (topics.length > 0) work.push(this.#ask(slot, addPartitionsToTxnV3.api, [transaction]));
    if (offsets.length > 0)
      work.push(this.#ask(slot, addOffsetsToTxnV3.api, slot.id, producerId, producerEpoch, group));
    await settled(work);
  }

  async #sendOffsets(slot: Slot, { group, offsets }: TransactionBatch): Promise<void> {
    if (offsets.length === 0) return;
    const { producerId, producerEpoch } = slot.producer.identity;
    const topics = toOffsetTopics(offsets);
    await this.#cluster.withCoordinator(
      'GROUP',
      group,
      (node) =>
        this.#cluster.call(
          node,
          this.#lane,
          txnOffsetCommitV3.api,
          slot.id,
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

  async #end(slot: Slot, commit: boolean): Promise<void> {
    const { producerId, producerEpoch } = slot.producer.identity;
    await this.#ask(slot, endTxnV3.api, slot.id, producerId, producerEpoch, commit);
  }

  /** Spares readers the wait for the time-out. If it fails, that or the next owner ends the transaction. */
  async #abandon(slot: Slot): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, ABORT_MS_MAX).unref());
    await Promise.race([this.#end(slot, false).catch(() => undefined), late]);
  }

  #ask<A extends unknown[], R>(slot: Slot, api: API<A, R>, ...args: A): Promise<R> {
    const cluster = this.#cluster;
    return cluster.withCoordinator(
      'TRANSACTION',
      slot.id,
      (node) => cluster.call(node, this.#lane, api, ...args),
      SETTLING,
    );
  }
}

let transactorsMade = 0;

const closeLanes = (cluster: Cluster, lane: string): Promise<unknown> =>
  Promise.all([cluster.connections.closeLane(lane), cluster.connections.closeLane(`${lane} produce`)]);

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
