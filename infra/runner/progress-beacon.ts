/** An input partition of a processor; `enter` names it by its number. */
export interface Slot {
  readonly processor: string;
  readonly topic: string;
  readonly partition: number;
}

/** Indices of the shared cells. The cells are Float64, so that an offset fits. */
export const CELLS = { slot: 0, offset: 1, tick: 2 } as const;
/** Slot number while no record is being decided. */
export const IDLE = 0;

/**
 * Shared memory in which the main thread reports the record it is deciding. The watchdog thread reads it when the main
 * thread hangs. A report costs two plain stores per record without synchronization: the reader reads seconds later,
 * when the writer no longer runs.
 */
export class ProgressBeacon {
  readonly buffer = new SharedArrayBuffer(Object.keys(CELLS).length * Float64Array.BYTES_PER_ELEMENT);
  readonly #cells = new Float64Array(this.buffer);
  readonly #onSlot: (number: number, slot: Slot) => void;
  #slots = IDLE;

  constructor(onSlot: (number: number, slot: Slot) => void = () => undefined) {
    this.#onSlot = onSlot;
  }

  /** Returns the slot number for `enter`, from 1. */
  register(slot: Slot): number {
    this.#slots += 1;
    this.#onSlot(this.#slots, slot);
    return this.#slots;
  }

  /** Reports that the record at `offset` of this slot is being decided. */
  enter(slot: number, offset: number): void {
    this.#cells[CELLS.slot] = slot;
    this.#cells[CELLS.offset] = offset;
  }

  /** Reports that no record is being decided. */
  leave(): void {
    this.#cells[CELLS.slot] = IDLE;
  }

  /** Reports that the event loop turns. */
  tick(): void {
    this.#cells[CELLS.tick] = (this.#cells[CELLS.tick] ?? 0) + 1;
  }
}
