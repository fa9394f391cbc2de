import type { Clock } from '../../infra/kafka/clock.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** Who waits at a point. A dead one never goes on; a frozen one not before its time. */
export interface Owner {
  readonly name: string;
  dead: boolean;
  /** Virtual ms. */
  frozenUntil: number;
}

interface Pending {
  readonly owner: Owner;
  readonly label: string;
  /** A request that left already: it arrives though its sender is frozen, and perhaps though it is dead. */
  readonly travels: boolean;
  readonly readyAt: number;
  readonly go: () => void;
}

/**
 * Virtual time, and the order in which everything that waits goes on. One point at a time is let go, chosen by the seed among
 * those whose time has come; then everything runs that waits for no other point. Nothing here takes wall time.
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

  /** Resolves when the scheduler lets its owner go on, `ms` from now at the soonest; never when the owner dies first. */
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

  /** Nothing of the owner goes on from here. Each request on its way may still arrive. */
  kill(owner: Owner): void {
    owner.dead = true;
    this.#pending = this.#pending.filter((each) => each.owner !== owner || (each.travels && this.#random.chance(0.5)));
  }

  /** True when the owner waits at one of the points. */
  waitsAt(owner: Owner, points: ReadonlySet<string>): boolean {
    return this.#pending.some((each) => each.owner === owner && points.has(each.label.split(' ')[0] ?? ''));
  }

  /** Lets one point go. Null when nothing waits, for ever. */
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
    // All of the code under test waits for points, or for promises that follow from them: now they have all followed.
    await new Promise((resolve) => setImmediate(resolve));
    return chosen;
  }

  /** Who may go on now, and when the next may. */
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
