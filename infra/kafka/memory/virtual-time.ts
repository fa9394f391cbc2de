import type { Clock } from '../clock.ts';

interface Sleep {
  readonly until: number;
  readonly over: () => void;
}

/** Time that passes only when it is told to. Sleeps end in the order of their times. */
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

  /** Lets everything run that waits for no time. */
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
