/** Checks a text as it flows: what may become part of a finding is kept back until it is known that it does not. */
import { type Beginning, beginningOf, Machine, type Search } from './machine.ts';
import { FlowingNormalizer } from './normal.ts';

/** A search with the name of its owner. */
export interface NamedSearch<Name> extends Search {
  readonly name: Name;
}

/** The searches of a text, prepared once. */
export interface Searches<Name> {
  readonly all: readonly NamedSearch<Name>[];
  /** Returns the searches that a character can begin, by their place in `all`. */
  beginningWith(char: string): readonly number[];
}

/** Characters whose searches are remembered; the memory is emptied when it is full. */
const REMEMBERED_MAX = 4_096;

/** Prepares searches. */
export function searchesOf<Name>(all: readonly NamedSearch<Name>[]): Searches<Name> {
  const beginnings: readonly Beginning[] = all.map(({ program }) => beginningOf(program));
  const remembered = new Map<string, readonly number[]>();
  return {
    all,
    beginningWith(char) {
      const known = remembered.get(char);
      if (known !== undefined) return known;
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      const begun = beginnings.flatMap((begins, n) => (begins === null || begins(char) ? [n] : []));
      remembered.set(char, begun);
      return begun;
    },
  };
}

/** A found span: the search, and the place in the text where it begins, UTF-16 units. */
export interface Found<Name> {
  readonly name: Name;
  readonly at: number;
  /** The found text, normalized. */
  readonly text: string;
}

/**
 * Searches a text as it flows. What it finds does not depend on how the text is split, and equals what the searches find
 * in the normalized whole. Time is linear in the text for searches without a check of the candidate.
 */
export class TextScanner<Name> {
  readonly #searches: Searches<Name>;
  readonly #machines = new Map<number, Machine>();
  readonly #normalizer = new FlowingNormalizer((char, at) => this.#see(char, at));
  readonly #onFound: (found: Found<Name>) => 'go on' | 'stop';
  /** The characters that a search may still need, and their places in the text. */
  #chars: string[] = [];
  #places: number[] = [];
  /** Number of the first of them. */
  #first = 0;
  #count = 0;
  #before = '';
  #safe = 0;
  #isStopped = false;

  /** `onFound` is called for each finding in the order of their ends; after `stop` nothing more is searched or safe. */
  constructor(searches: Searches<Name>, onFound: (found: Found<Name>) => 'go on' | 'stop') {
    this.#searches = searches;
    this.#onFound = onFound;
  }

  /** Length of the beginning of the text that no finding, known or to come, has a part in, UTF-16 units. */
  get safeLength(): number {
    return this.#safe;
  }

  push(piece: string): void {
    if (this.#isStopped) return;
    this.#normalizer.push(piece);
    if (!this.#isStopped) this.#settle(this.#normalizer.pendingAt);
  }

  /** Ends the text: conditions such as `\b` hold or fail at its end, and all that is left is safe. */
  end(): void {
    if (this.#isStopped) return;
    this.#normalizer.end();
    if (this.#isStopped) return;
    this.#over('');
    if (!this.#isStopped) this.#safe = this.#normalizer.pendingAt;
  }

  #see(char: string, at: number): void {
    if (this.#isStopped) return;
    this.#settle(at);
    this.#over(char);
    if (this.#isStopped) return;
    this.#chars.push(char);
    this.#places.push(at);
    this.#count += 1;
    this.#before = char;
  }

  /** Goes over the next boundary of each search that has begun or can begin with `after`. */
  #over(after: string): void {
    const all = this.#searches.all;
    const textFrom = (start: number): string => this.#chars.slice(start - this.#first).join('');
    const begun = after === '' ? all.keys() : this.#searches.beginningWith(after);
    const numbers = [...new Set([...this.#machines.keys(), ...begun])].sort((one, other) => one - other);
    for (const n of numbers) {
      const search = all[n];
      if (search === undefined) continue;
      const machine = this.#machines.get(n) ?? new Machine(search);
      const span = machine.step(this.#count, this.#before, after, textFrom);
      if (machine.heldFrom === null) this.#machines.delete(n);
      else this.#machines.set(n, machine);
      if (span === null) continue;
      const at = this.#places[span.start - this.#first] ?? this.#normalizer.pendingAt;
      if (this.#onFound({ name: search.name, at, text: textFrom(span.start) }) === 'go on') continue;
      this.#isStopped = true;
      return;
    }
  }

  /** Forgets what no search needs any more, and advances the safe length, at most to `pendingAt`. */
  #settle(pendingAt: number): void {
    let held = this.#count;
    for (const { heldFrom } of this.#machines.values()) held = Math.min(held, heldFrom ?? held);
    const settled = held - this.#first;
    this.#safe = Math.max(this.#safe, Math.min(pendingAt, this.#places[settled] ?? pendingAt));
    if (settled === 0) return;
    this.#chars.splice(0, settled);
    this.#places.splice(0, settled);
    this.#first = held;
  }
}
