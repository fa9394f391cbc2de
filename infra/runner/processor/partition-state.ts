/** The record of the state topic for one key, as JSON text. */
class Stored {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Committed state of one partition, by key: a copy of the compacted `.state` topic. A stored state is parsed on first
 * access: a takeover reads every key and needs few of them.
 */
export class PartitionState {
  readonly #byKey = new Map<string, unknown>();

  get size(): number {
    return this.#byKey.size;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  /**
   * Returns the state of a key, or undefined when there is none. Throws SyntaxError when the stored text is not JSON.
   */
  get(key: string): unknown {
    const known = this.#byKey.get(key);
    if (!(known instanceof Stored)) return known;
    const { state } = JSON.parse(known.text) as { readonly state: unknown };
    this.#byKey.set(key, state);
    return state;
  }

  set(key: string, state: unknown): void {
    this.#byKey.set(key, state);
  }

  /** Stores a state unparsed. `text` is JSON of an object with the field `state`. */
  setStored(key: string, text: string): void {
    this.#byKey.set(key, new Stored(text));
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }
}
