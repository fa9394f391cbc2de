import { LogError } from '../../infra/kafka/errors.ts';
import { answers, type Pass } from '../../infra/kafka/memory/connection.ts';
import type { Random } from './random.ts';
import type { Owner, Scheduler } from './scheduler.ts';

const requests: ReadonlySet<string> = new Set(Object.keys(answers));
/** An idle fetch waits at the broker for data; its request takes no turn of the scheduler. */
const FREE = 'fetch';

/** Random delays and broken connections. While calm, delays are short and nothing breaks. */
export class Network {
  readonly #random: Random;
  readonly #scheduler: Scheduler;
  readonly #broken = new Map<Owner, number>();
  /** Share of requests, and of answers, that are lost with their connection. */
  readonly #lossy: number;
  calm = false;

  constructor(random: Random, scheduler: Scheduler) {
    this.#random = random;
    this.#scheduler = scheduler;
    this.#lossy = random.pick([0, 0.001, 0.004]);
  }

  /** Returns the owner's path to the broker: request and answer are each delayed, or lost. */
  passOf(owner: Owner): Pass {
    return async (point, subject) => {
      if (point !== FREE)
        await this.#scheduler.wait(owner, `${point} ${subject}`, this.#latencyMs(), requests.has(point));
      if (!this.calm && (this.#isBroken(owner) || this.#random.chance(this.#lossy)))
        throw new LogError('LOG_UNAVAILABLE', `the connection broke at ${point}`);
    };
  }

  /** Delays a transaction marker. */
  marker(broker: Owner, subject: string): Promise<void> {
    const { calm } = this;
    const latencyMs = calm || this.#random.chance(0.7) ? this.#random.between(0, 5) : this.#random.between(5, 3_000);
    return this.#scheduler.wait(broker, `mark ${subject}`, latencyMs);
  }

  /** Breaks every connection of the owner for `ms`. */
  cut(owner: Owner, ms: number): void {
    this.#broken.set(owner, this.#scheduler.now + ms);
  }

  #isBroken(owner: Owner): boolean {
    return (this.#broken.get(owner) ?? 0) > this.#scheduler.now;
  }

  #latencyMs(): number {
    const dice = this.#random.next();
    if (this.calm || dice < 0.85) return this.#random.between(0, 2);
    if (dice < 0.97) return this.#random.between(2, 60);
    if (dice < 0.996) return this.#random.between(60, 1_500);
    return this.#random.between(1_500, 12_000);
  }
}
