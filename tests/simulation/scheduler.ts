import type { Clock } from '../../infra/kit/clock.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** The owner of a waiting point. A dead owner never continues; a frozen one not before its time. */
export interface Owner {
  readonly name: string;
  dead: boolean;
  /** Virtual time, ms. */
  frozenUntil: number;
}

interface Pending {
  readonly owner: Owner;
  readonly label: string;
  /** True for a request in transit: it arrives although its sender is frozen, and possibly although it is dead. */
  readonly travels: boolean;
  readonly readyAt: number;
  readonly go: () => void;
}

/**
 * Virtual time, and the order in which waiting points continue. One point at a time is released, chosen by the seed
 * among the due ones; then all code runs until it waits for another point. Takes no wall time.
 */
export class Scheduler {
  readonly #random: Random;
  readonly #trace: Trace;
  #now = 0;
  #pending: Pending[] = [];
  #steps = 0;

  constructor(random: Random, trace: Trace) {
    this.#random = random;
    this.#trace = trace;
  }

  get now(): number {
    return this.#now;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Resolves when the scheduler releases it, after at least `ms`; never when the owner dies first. */
  wait(owner: Owner, label: string, ms: number, travels = false): Promise<void> {
    return new Promise((resolve) => {
      if (!owner.dead) this.#pending.push({ owner, label, travels, readyAt: this.#now + ms, go: resolve });
    });
  }

  clockOf(owner: Owner): Clock {
    const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        if (owner.dead) return;
        if (signal?.aborted === true) return resolve();
        const over = (): void => {
          signal?.removeEventListener('abort', early);
          resolve();
        };
        const entry = {
          owner,
          label: 'wakes',
          travels: false,
          readyAt: this.#now + Math.max(0, Math.ceil(ms)),
          go: over,
        };
        const early = (): void => {
          this.#pending = this.#pending.filter((each) => each !== entry);
          resolve();
        };
        this.#pending.push(entry);
        signal?.addEventListener('abort', early, { once: true });
      });
    return { now: () => this.#now, sleep, random: () => this.#random.next() };
  }

  /** Kills the owner: its points never continue. Each of its requests in transit may still arrive. */
  kill(owner: Owner): void {
    owner.dead = true;
    this.#pending = this.#pending.filter((each) => each.owner !== owner || (each.travels && this.#random.chance(0.5)));
  }

  /** Returns true when the owner waits at one of the points. */
  waitsAt(owner: Owner, points: ReadonlySet<string>): boolean {
    return this.#pending.some((each) => each.owner === owner && points.has(each.label.split(' ')[0] ?? ''));
  }

  /** Releases one point and returns it; null when no point can ever be released. */
  async step(): Promise<{ readonly owner: Owner; readonly label: string } | null> {
    const at = this.#random.next();
    const { ready, next } = this.#look();
    if (ready.length === 0) {
      if (!Number.isFinite(next)) return null;
      this.#now = next;
      ready.push(...this.#look().ready);
    }
    const chosen = ready[Math.floor(at * ready.length)] as Pending;
    this.#pending.splice(this.#pending.indexOf(chosen), 1);
    this.#steps += 1;
    this.#trace.add(this.#now, `${chosen.owner.name} ${chosen.label}`);
    chosen.go();
    // All code under test waits for points, or for promises that depend on them; by now all of these have settled.
    await new Promise((resolve) => setImmediate(resolve));
    return chosen;
  }

  /** Returns the points that may continue now, and the time of the next. */
  #look(): { readonly ready: Pending[]; readonly next: number } {
    const ready: Pending[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const each of this.#pending) {
      const time = this.#timeOf(each);
      if (time <= this.#now) ready.push(each);
      else next = Math.min(next, time);
    }
    return { ready, next };
  }

  #timeOf({ owner, travels, readyAt }: Pending): number {
    return travels ? readyAt : Math.max(readyAt, owner.frozenUntil);
  }
}
