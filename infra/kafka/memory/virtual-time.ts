import type { Clock } from '../../kit/clock.ts';

interface Sleep {
  readonly until: number;
  readonly over: () => void;
}

/** A clock that the test advances. Sleeps end in the order of their times. */
export class VirtualTime {
  readonly clock: Clock;
  #now = 0;
  #sleeps: Sleep[] = [];

  constructor(random: () => number = () => 0) {
    this.clock = { now: () => this.#now, sleep: (ms, signal) => this.#sleep(ms, signal), random };
  }

  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#sleeps.filter((sleep) => sleep.until <= until).sort((a, b) => a.until - b.until)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.until);
      next.over();
      await this.settle();
    }
    this.#now = until;
  }

  /** Runs all work that does not wait for time. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const over = (): void => {
        this.#sleeps = this.#sleeps.filter((sleep) => sleep !== entry);
        signal?.removeEventListener('abort', over);
        resolve();
      };
      const entry = { until: this.#now + ms, over };
      this.#sleeps.push(entry);
      signal?.addEventListener('abort', over, { once: true });
    });
  }
}
