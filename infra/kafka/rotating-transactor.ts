import { LogError, messageOf } from './errors.ts';
import type { TransactionBatch, Transactor } from './log.ts';

/**
 * Transactional ids per owner: `<id>-0` and so on. The broker writes the markers of a commit after it has answered, and the
 * same id cannot begin again until they stand; three ids in rotation hide that (3.7 ms a transaction; one id: 9.5, two: 5.2).
 * Every driver uses the same ids, so that each fences the others.
 */
export const SLOTS = 3;

/** A coordinator ends a transaction that is open longer, so that readers are held up no longer than this by a dead writer. */
export const TRANSACTION_TIMEOUT_MS = 15_000;

/** One transactional id, fenced by whoever opened it. */
export interface Slot {
  /** One transaction, never empty. Resolves when the coordinator has decided to commit; the markers may follow later. */
  commit(batch: TransactionBatch): Promise<void>;
  /** Ends every connection of its own. Harmless to repeat. */
  close(): Promise<void>;
}

/** docs/explanation/exactly-once.md: "fence" and "rotate". */
export class RotatingTransactor implements Transactor {
  readonly #slots: readonly Slot[];
  #turn = 0;
  #broken: LogError | null = null;

  private constructor(slots: readonly Slot[]) {
    this.#slots = slots;
  }

  /**
   * Fences every older holder on every slot: any of them may hold a transaction open. `openSlot` initializes the
   * transactional id, which raises its epoch, and resolves when whatever was open before is aborted or committed whole.
   *
   * One slot after the other, and the first commit goes to the first slot: it is the gate. Two owners may take over at once,
   * one of them late (it stalled half-way, and does not know that it was expelled). Opened side by side, the late one could
   * hold some slots and the other the rest, and both commit. In order, only who was last at the first slot ever commits;
   * whoever committed before had to pass that gate earlier, and was fenced on the later slots before this one reads anything.
   */
  static async open(id: string, openSlot: (transactionalId: string) => Promise<Slot>): Promise<RotatingTransactor> {
    const slots: Slot[] = [];
    try {
      for (let slot = 0; slot < SLOTS; slot += 1) slots.push(await openSlot(`${id}-${slot}`));
      return new RotatingTransactor(slots);
    } catch (error) {
      await Promise.allSettled(slots.map((slot) => slot.close()));
      throw broken(error);
    }
  }

  async commit(batch: TransactionBatch): Promise<void> {
    // After any failure the outcome may be unknown: only a new owner, which fences and reads what was committed, may go on.
    if (this.#broken !== null) throw this.#broken;
    if (batch.records.length === 0 && batch.offsets.length === 0) return;
    const slot = this.#slots[this.#turn % SLOTS] as Slot;
    this.#turn += 1;
    try {
      await slot.commit(batch);
    } catch (error) {
      this.#broken = broken(error);
      throw this.#broken;
    }
  }

  async close(): Promise<void> {
    this.#broken ??= new LogError('TRANSACTION_FAILED', 'the transactor is closed');
    await Promise.allSettled(this.#slots.map((slot) => slot.close()));
  }
}

const broken = (error: unknown): LogError =>
  error instanceof LogError ? error : new LogError('TRANSACTION_FAILED', messageOf(error), { cause: error });
