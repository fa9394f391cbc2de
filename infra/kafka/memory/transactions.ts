import type { Clock } from '../../kit/clock.ts';
import { LogError } from '../errors.ts';
import { partitionId } from '../partition-id.ts';
import type { CommittedOffset, LogRecord } from '../port.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { MemoryPartition } from './partition.ts';
import { Refusal } from './refusal.ts';

/** The identity that a producer sends with every request. */
export interface ProducerIdentity {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
}

/** A transaction with a decided commit: it cannot be undone, although some markers may not be written yet. */
export interface DecidedTransaction extends ProducerIdentity {
  readonly records: readonly LogRecord[];
  readonly group: string | null;
  readonly offsets: readonly CommittedOffset[];
}

interface Transaction {
  readonly transactionalId: string;
  readonly producerId: number;
  epoch: number;
  /** KIP-98: Empty, Ongoing, PrepareCommit, PrepareAbort; a completed one is empty again. */
  state: 'empty' | 'ongoing' | 'committing' | 'aborting';
  timeoutMs: number;
  timeout: AbortController;
  readonly partitions: Map<string, MemoryPartition>;
  readonly groups: Map<string, GroupOffsets>;
  records: LogRecord[];
}

/** Clock and hooks of the coordinator. */
export interface CoordinatorDependencies {
  readonly clock: Clock;
  /** Awaited before each marker, so that markers may be late and in any order. */
  readonly pass: (point: 'mark', subject: string) => Promise<void>;
  readonly onDecided: (transaction: DecidedTransaction) => void;
}

/**
 * The transaction coordinator (KIP-98), with the check that a write belongs to an ongoing transaction (KIP-890). Each
 * method is the effect of one request: it takes no time, and throws the error that the broker would answer.
 */
export class TransactionCoordinator {
  readonly #d: CoordinatorDependencies;
  readonly #transactions = new Map<string, Transaction>();

  constructor(dependencies: CoordinatorDependencies) {
    this.#d = dependencies;
  }

  /** InitProducerId: fences older holders. Their open transaction is aborted first; a decided one is completed first. */
  initialize(transactionalId: string, timeoutMs: number): ProducerIdentity {
    const known = this.#transactions.get(transactionalId);
    if (known === undefined) {
      const producerId = this.#transactions.size;
      const fresh = { transactionalId, producerId, epoch: 0, state: 'empty', timeoutMs } as const;
      const rest = { timeout: new AbortController(), partitions: new Map(), groups: new Map(), records: [] };
      this.#transactions.set(transactionalId, { ...fresh, ...rest });
      return { transactionalId, producerId, epoch: 0 };
    }
    if (known.state === 'ongoing') {
      known.epoch += 1;
      this.#decide(known, 'aborted');
    }
    if (known.state !== 'empty') throw new Refusal('CONCURRENT_TRANSACTIONS');
    known.epoch += 1;
    known.timeoutMs = timeoutMs;
    return { transactionalId, producerId: known.producerId, epoch: known.epoch };
  }

  /** AddPartitionsToTxn and AddOffsetsToTxn: the first of them begins the transaction. */
  enlist(
    identity: ProducerIdentity,
    partitions: Iterable<MemoryPartition>,
    group: readonly [name: string, offsets: GroupOffsets] | null,
  ): void {
    const transaction = this.#holder(identity);
    if (transaction.state === 'committing' || transaction.state === 'aborting')
      throw new Refusal('CONCURRENT_TRANSACTIONS');
    if (transaction.state === 'empty') this.#begin(transaction);
    for (const partition of partitions) transaction.partitions.set(partitionId(partition), partition);
    if (group !== null) transaction.groups.set(...group);
  }

  /** Throws unless the transaction is ongoing and includes the partition. */
  expect(identity: ProducerIdentity, partition: MemoryPartition): void {
    if (!this.#ongoing(identity).partitions.has(partitionId(partition)))
      throw invalid(identity, 'does not include the partition');
  }

  remember(identity: ProducerIdentity, records: readonly LogRecord[]): void {
    this.#ongoing(identity).records.push(...records);
  }

  /** TxnOffsetCommit. */
  stage(identity: ProducerIdentity, group: string, offsets: readonly CommittedOffset[]): void {
    const enlisted = this.#ongoing(identity).groups.get(group);
    if (enlisted === undefined) throw invalid(identity, 'does not include the group');
    enlisted.stage(identity.producerId, offsets);
  }

  /** EndTxn: answered once decided; the markers follow. */
  end(identity: ProducerIdentity, outcome: 'committed' | 'aborted'): void {
    this.#decide(this.#ongoing(identity), outcome);
  }

  #begin(transaction: Transaction): void {
    const timeout = new AbortController();
    transaction.state = 'ongoing';
    transaction.timeout = timeout;
    void this.#d.clock.sleep(transaction.timeoutMs, timeout.signal).then(() => {
      if (timeout.signal.aborted || transaction.timeout !== timeout) return;
      transaction.epoch += 1;
      this.#decide(transaction, 'aborted');
    });
  }

  #decide(transaction: Transaction, outcome: 'committed' | 'aborted'): void {
    transaction.timeout.abort('decided');
    transaction.state = outcome === 'committed' ? 'committing' : 'aborting';
    if (outcome === 'committed') this.#reportDecided(transaction);
    void this.#complete(transaction, outcome);
  }

  #reportDecided({ transactionalId, producerId, epoch, records, groups }: Transaction): void {
    const [group = null, ...others] = groups.keys();
    if (others.length > 0) throw new LogError('LOG_PROTOCOL', 'a transaction must have one group');
    const offsets = [...groups.values()].flatMap((each) => each.pendingOf(producerId));
    this.#d.onDecided({ transactionalId, producerId, epoch, records, group, offsets });
  }

  /** Writes the markers, each independently; then the next transaction of the id may begin. */
  async #complete(transaction: Transaction, outcome: 'committed' | 'aborted'): Promise<void> {
    const { producerId, transactionalId } = transaction;
    const mark = async (place: string, target: MemoryPartition | GroupOffsets): Promise<void> => {
      await this.#d.pass('mark', `${transactionalId} ${outcome} ${place}`);
      target.mark(producerId, outcome);
    };
    await Promise.all([...transaction.partitions, ...transaction.groups].map(([place, target]) => mark(place, target)));
    transaction.partitions.clear();
    transaction.groups.clear();
    transaction.records = [];
    transaction.state = 'empty';
  }

  #holder(identity: ProducerIdentity): Transaction {
    const transaction = this.#transactions.get(identity.transactionalId);
    if (transaction === undefined) throw invalid(identity, 'is unknown');
    if (transaction.epoch !== identity.epoch)
      throw new LogError('FENCED', `a newer holder of ${identity.transactionalId} exists`);
    return transaction;
  }

  #ongoing(identity: ProducerIdentity): Transaction {
    const transaction = this.#holder(identity);
    if (transaction.state !== 'ongoing') throw invalid(identity, `is ${transaction.state}`);
    return transaction;
  }
}

const invalid = ({ transactionalId }: ProducerIdentity, why: string): LogError =>
  new LogError('TRANSACTION_FAILED', `transaction of ${transactionalId} ${why}`);
