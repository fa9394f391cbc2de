import { type Backoff, pauseMs } from '../../kit/backoff.ts';
import { messageOf } from '../../kit/errors.ts';
import { LogError } from '../errors.ts';
import type { TransactionBatch } from '../port.ts';
import { type Slot, TRANSACTION_TIMEOUT_MS } from '../rotating-transactor.ts';
import type { Connection, Request } from './connection.ts';
import { isRefused } from './refusal.ts';
import type { ProducerIdentity } from './transactions.ts';

const CONCURRENT: Backoff = { firstMs: 2, maxMs: 64 };

/** Fences older holders of the id. Waits, up to the transaction timeout, until their decided transactions are completed. */
export async function openSlot(connection: Connection, transactionalId: string): Promise<Slot> {
  const { transactions } = connection.broker;
  const identity = await patiently(connection, () =>
    connection.request('fence', transactionalId, () =>
      transactions.initialize(transactionalId, TRANSACTION_TIMEOUT_MS),
    ),
  );
  return new MemorySlot(connection, identity);
}

class MemorySlot implements Slot {
  readonly #connection: Connection;
  readonly #identity: ProducerIdentity;
  #closed = false;

  constructor(connection: Connection, identity: ProducerIdentity) {
    this.#connection = connection;
    this.#identity = identity;
  }

  /**
   * Sends the requests of a driver, in the same order. A failed transaction stays open, as after the death of a
   * process.
   */
  async commit({ records, group, offsets }: TransactionBatch): Promise<void> {
    const { broker } = this.#connection;
    const identity = this.#identity;
    try {
      const places = records.map((record) => broker.partitionOf(record));
      const enlisted = offsets.length === 0 ? null : ([group, broker.offsetsOf(group)] as const);
      await this.#ask('enlist', () => broker.transactions.enlist(identity, places, enlisted));
      if (records.length > 0) await this.#ask('write', () => broker.write(identity, records));
      if (offsets.length > 0) await this.#ask('stage', () => broker.transactions.stage(identity, group, offsets));
      await this.#ask('commit', () => broker.transactions.end(identity, 'committed'));
    } catch (error) {
      if (error instanceof LogError && error.code !== 'LOG_UNAVAILABLE') throw error;
      throw new LogError('TRANSACTION_FAILED', messageOf(error), { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** Sends a request. Once closed, no requests are sent and answers are ignored. */
  async #ask(request: Request, effect: () => void): Promise<void> {
    const connection = this.#connection;
    const { transactionalId, epoch } = this.#identity;
    await patiently(connection, () => {
      this.#expectOpen();
      return connection.request(request, `${transactionalId} epoch ${epoch}`, effect);
    });
    this.#expectOpen();
  }

  #expectOpen(): void {
    if (this.#closed) throw new LogError('TRANSACTION_FAILED', 'the connection was closed');
  }
}

/** Retries while the previous transaction is being completed. */
async function patiently<T>({ clock }: Connection, work: () => Promise<T>): Promise<T> {
  const until = clock.now() + TRANSACTION_TIMEOUT_MS;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRefused(error, 'CONCURRENT_TRANSACTIONS')) throw error;
      if (clock.now() >= until) throw new LogError('TRANSACTION_FAILED', 'concurrent transactions', { cause: error });
      await clock.sleep(pauseMs(failures, CONCURRENT));
    }
  }
}
