/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand), initialised by splitmix32. The same seeds give the
 * same numbers on every machine.
 */
export class Random {
  readonly #state: Uint32Array;

  constructor(...seeds: readonly number[]) {
    let mixed = 0;
    const split = (): number => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let z = mixed ^ (mixed >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return z ^ (z >>> 15);
    };
    for (const seed of seeds) mixed = (split() ^ seed) | 0;
    this.#state = Uint32Array.from([split(), split(), split(), 1]);
    for (let warm = 0; warm < 12; warm += 1) this.next();
  }

  /** Returns a number of at least 0 and below 1. */
  next(): number {
    const s = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const sum = (a + b + d) | 0;
    s[0] = b ^ (b >>> 9);
    s[1] = c + (c << 3);
    s[2] = ((c << 21) | (c >>> 11)) + sum;
    s[3] = d + 1;
    return (sum >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Returns an integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** Returns a random element. Throws on an empty list. */
  pick<T>(from: readonly T[]): T {
    const index = this.between(0, from.length - 1);
    if (index >= from.length || index < 0) throw new Error('nothing to pick from');
    return from[index] as T;
  }
}
