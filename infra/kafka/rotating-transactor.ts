import { messageOf } from '../kit/errors.ts';
import { LogError } from './errors.ts';
import type { TransactionBatch, Transactor } from './port.ts';

/**
 * Number of transactional ids per owner: `<id>-0` and so on. The broker writes the markers of a commit after its
 * answer, and the same id cannot begin again until they are written; three ids in rotation hide that (3.7 ms per
 * transaction; one id: 9.5, two: 5.2). Every driver uses the same ids, so that each fences the others.
 */
export const SLOTS = 3;

/** The coordinator aborts a transaction that is open longer: the bound for which a dead writer can block readers. */
export const TRANSACTION_TIMEOUT_MS = 15_000;

/** One transactional id, fenced by the process that opened it. */
export interface Slot {
  /**
   * Commits one non-empty transaction. Resolves when the coordinator has decided to commit; the markers may follow
   * later.
   */
  commit(batch: TransactionBatch): Promise<void>;
  /** Closes the connections of this slot. Safe to repeat. */
  close(): Promise<void>;
}

/** A transactor over SLOTS transactional ids in turn. See docs/explanation/exactly-once.md: "fence" and "rotate". */
export class RotatingTransactor implements Transactor {
  readonly #slots: readonly Slot[];
  #turn = 0;
  #broken: LogError | null = null;

  private constructor(slots: readonly Slot[]) {
    this.#slots = slots;
  }

  /**
   * Fences every older holder on every slot, because any of them may have an open transaction. `openSlot` initializes
   * the transactional id, which raises its epoch, and resolves when the previous transaction is completely aborted or
   * committed.
   *
   * Slots are opened one after the other, and the first commit goes to the first slot: it is the gate. Two owners may take
   * over at once, one of them late (it stalled half-way, and does not know that it was expelled). If slots were opened in
   * parallel, the late owner could hold some slots and the other the rest, and both would commit. In order, only the last
   * owner to open the first slot ever commits; an owner that committed before had passed that gate earlier, and was fenced
   * on the later slots before the new owner reads anything.
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
    // After any failure the outcome may be unknown: only a new owner, which fences and reads the committed state, may
    // continue.
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
