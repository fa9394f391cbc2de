/** Numbers of events in the last seconds, one second a column. */
export class Rates {
  readonly #seconds: number;
  readonly #counts: number[];
  #last: number;

  /** `now` in seconds. */
  constructor(seconds: number, now: number) {
    this.#seconds = seconds;
    this.#counts = Array.from({ length: seconds }, () => 0);
    this.#last = Math.floor(now);
  }

  /** Counts an event at `now`, in seconds. */
  count(now: number): void {
    this.#advance(now);
    const column = this.#last % this.#seconds;
    this.#counts[column] = (this.#counts[column] ?? 0) + 1;
  }

  /** Returns the times and the counts up to `now`, the oldest first; the current second is not complete and left out. */
  columns(now: number): { readonly times: readonly number[]; readonly counts: readonly number[] } {
    this.#advance(now);
    const times = Array.from({ length: this.#seconds - 1 }, (_, index) => this.#last - this.#seconds + 1 + index);
    return { times, counts: times.map((time) => this.#counts[time % this.#seconds] ?? 0) };
  }

  #advance(now: number): void {
    const second = Math.floor(now);
    const from = Math.max(this.#last + 1, second - this.#seconds + 1);
    for (let each = from; each <= second; each += 1) this.#counts[each % this.#seconds] = 0;
    this.#last = Math.max(this.#last, second);
  }
}
