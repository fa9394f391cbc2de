/** Where a record stands that is worked on. */
export interface Seat {
  readonly processor: string;
  readonly topic: string;
  readonly partition: number;
}

/** Of the shared cells. Float64, so that an offset fits. */
export const CELLS = { seat: 0, offset: 1, beat: 2 } as const;
export const NOWHERE = 0;

/**
 * Where the main thread is, in memory that another thread reads when this one cannot say it any more. Two plain stores a
 * record: who reads them does so seconds later, when the thread that wrote them stands still.
 */
export class Whereabouts {
  readonly buffer = new SharedArrayBuffer(Object.keys(CELLS).length * Float64Array.BYTES_PER_ELEMENT);
  readonly #cells = new Float64Array(this.buffer);
  readonly #onSeat: (number: number, seat: Seat) => void;
  #seats = NOWHERE;

  constructor(onSeat: (number: number, seat: Seat) => void = () => undefined) {
    this.#onSeat = onSeat;
  }

  /** A number for `enter`, from 1. */
  seat(seat: Seat): number {
    this.#seats += 1;
    this.#onSeat(this.#seats, seat);
    return this.#seats;
  }

  enter(seat: number, offset: number): void {
    this.#cells[CELLS.seat] = seat;
    this.#cells[CELLS.offset] = offset;
  }

  leave(): void {
    this.#cells[CELLS.seat] = NOWHERE;
  }

  /** The event loop turns. */
  beat(): void {
    this.#cells[CELLS.beat] = (this.#cells[CELLS.beat] ?? 0) + 1;
  }
}
