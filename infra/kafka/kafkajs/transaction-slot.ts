import type { Kafka, Producer, Transaction } from 'kafkajs';
import type { CommittedOffset, TransactionBatch } from '../port.ts';
import { type Slot, TRANSACTION_TIMEOUT_MS } from '../rotating-transactor.ts';
import { rememberCoordinators } from './coordinators.ts';
import { toLogError } from './failures.ts';
import { toTopicMessages, write, writtenTo } from './messages.ts';
import type { PartitionChooser } from './partitions.ts';

/** Fences older holders of the id: an empty, aborted transaction raises its epoch and ends the open transaction. */
export async function openSlot(kafka: Kafka, partitions: PartitionChooser, transactionalId: string): Promise<Slot> {
  rememberCoordinators();
  const producer = kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: TRANSACTION_TIMEOUT_MS,
    allowAutoTopicCreation: false,
  });
  try {
    await producer.connect();
    await (await producer.transaction()).abort();
  } catch (error) {
    await producer.disconnect().catch(() => undefined);
    throw toLogError(error, 'TRANSACTION_FAILED');
  }
  return new KafkaJsSlot(producer, partitions);
}

class KafkaJsSlot implements Slot {
  readonly #producer: Producer;
  readonly #partitions: PartitionChooser;

  constructor(producer: Producer, partitions: PartitionChooser) {
    this.#producer = producer;
    this.#partitions = partitions;
  }

  async commit(batch: TransactionBatch): Promise<void> {
    try {
      await this.#partitions.learn(batch.records.map(({ topic }) => topic));
      const transaction = await this.#producer.transaction();
      await this.#write(transaction, batch);
      await transaction.commit();
    } catch (error) {
      throw toLogError(error, 'TRANSACTION_FAILED');
    }
  }

  close(): Promise<void> {
    return this.#producer.disconnect();
  }

  async #write(transaction: Transaction, batch: TransactionBatch): Promise<void> {
    const placed = batch.records.map((record) => ({ ...record, partition: this.#partitions.choose(record) }));
    const oneBroker = this.#partitions.haveOneBroker(placed.map(({ topic }) => topic));
    await write(placed, oneBroker, async (part) => {
      const sent = transaction.sendBatch({ acks: -1, topicMessages: toTopicMessages(part) });
      writtenTo(part, await sent, 'TRANSACTION_FAILED');
    });
    if (batch.offsets.length > 0)
      await patiently(() =>
        transaction.sendOffsets({ consumerGroupId: batch.group, topics: toOffsetTopics(batch.offsets) }),
      );
  }
}

/**
 * Retries CONCURRENT_TRANSACTIONS, as kafkajs does when it adds partitions, but not when it adds offsets first. Bound:
 * about 2 s.
 */
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
