import type { Kafka, Producer, Transaction } from 'kafkajs';
import { LogError } from '../errors.ts';
import type { CommittedOffset, TransactionBatch, Transactor } from '../log.ts';
import { rememberCoordinators } from './coordinators.ts';
import { toLogError } from './failures.ts';
import { sends, toTopicMessages } from './messages.ts';
import type { PartitionChooser } from './partitions.ts';

/**
 * Transactional ids per owner. The broker writes the markers of a commit after it has answered, and the same id cannot
 * begin again until they stand; three ids in rotation hide that (3.7 ms a transaction; one id: 9.5, two: 5.2).
 */
export const SLOTS = 3;

/** A coordinator ends a transaction that is open longer, so that readers are held up no longer than this by a dead writer. */
const TRANSACTION_TIMEOUT_MS = 15_000;

/** docs/explanation/exactly-once.md: "rotate" and "fence". */
export class KafkaJsTransactor implements Transactor {
  readonly #slots: readonly Producer[];
  readonly #partitions: PartitionChooser;
  #turn = 0;
  #broken: LogError | null = null;

  private constructor(slots: readonly Producer[], partitions: PartitionChooser) {
    this.#slots = slots;
    this.#partitions = partitions;
  }

  /** Fences every older holder: an empty, aborted transaction on each slot raises its epoch and ends what was open. */
  static async open(kafka: Kafka, partitions: PartitionChooser, id: string): Promise<KafkaJsTransactor> {
    rememberCoordinators();
    const slots = Array.from({ length: SLOTS }, (_, slot) =>
      kafka.producer({
        transactionalId: `${id}-${slot}`,
        idempotent: true,
        maxInFlightRequests: 1,
        transactionTimeout: TRANSACTION_TIMEOUT_MS,
        allowAutoTopicCreation: false,
      }),
    );
    try {
      await Promise.all(
        slots.map(async (slot) => {
          await slot.connect();
          await (await slot.transaction()).abort();
        }),
      );
    } catch (error) {
      await Promise.allSettled(slots.map((slot) => slot.disconnect()));
      throw toLogError(error, 'TRANSACTION_FAILED');
    }
    return new KafkaJsTransactor(slots, partitions);
  }

  async commit(batch: TransactionBatch): Promise<void> {
    // After any failure the outcome may be unknown: only a new owner, which fences and reads what was committed, may go on.
    if (this.#broken !== null) throw this.#broken;
    const slot = this.#slots[this.#turn % SLOTS] as Producer;
    this.#turn += 1;
    try {
      await this.#partitions.learn(batch.records.map(({ topic }) => topic));
      const transaction = await slot.transaction();
      await this.#write(transaction, batch);
      await transaction.commit();
    } catch (error) {
      this.#broken = toLogError(error, 'TRANSACTION_FAILED');
      throw this.#broken;
    }
  }

  async close(): Promise<void> {
    this.#broken ??= new LogError('TRANSACTION_FAILED', 'the transactor is closed');
    await Promise.allSettled(this.#slots.map((slot) => slot.disconnect()));
  }

  async #write(transaction: Transaction, batch: TransactionBatch): Promise<void> {
    const placed = batch.records.map((record) => ({ ...record, partition: this.#partitions.choose(record) }));
    for (const part of sends(placed)) await transaction.sendBatch({ acks: -1, topicMessages: toTopicMessages(part) });
    if (batch.offsets.length > 0)
      await patiently(() =>
        transaction.sendOffsets({ consumerGroupId: batch.group, topics: toOffsetTopics(batch.offsets) }),
      );
  }
}

/** kafkajs retries CONCURRENT_TRANSACTIONS when it adds partitions, but not when it adds offsets first. Bound: about 2 s. */
async function patiently(send: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if ((error as { type?: string }).type !== 'CONCURRENT_TRANSACTIONS' || attempt === 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function toOffsetTopics(offsets: readonly CommittedOffset[]) {
  const byTopic = new Map<string, { partition: number; offset: string; metadata: string }[]>();
  for (const { topic, partition, offset, metadata } of offsets)
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), { partition, offset: String(offset), metadata }]);
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
}
