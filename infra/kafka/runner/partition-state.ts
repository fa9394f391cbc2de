/** What stands in the state topic for one key, as JSON. */
class Stored {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Committed state of one partition, by key. Its truth is the compacted `.state` topic: this is a copy. What was read from
 * there is parsed when it is first asked for: a takeover reads every key, and needs few of them.
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

  /** Undefined where there is none. Throws when what was stored is no JSON. */
  get(key: string): unknown {
    const held = this.#byKey.get(key);
    if (!(held instanceof Stored)) return held;
    const { state } = JSON.parse(held.text) as { readonly state: unknown };
    this.#byKey.set(key, state);
    return state;
  }

  set(key: string, state: unknown): void {
    this.#byKey.set(key, state);
  }

  /** `text` is JSON of an object whose `state` is the state. */
  setStored(key: string, text: string): void {
    this.#byKey.set(key, new Stored(text));
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }
}
