import type { ExpiringStore } from './port.ts';

/** A store in memory, which gateways of one test share. */
export class MemoryExpiring implements ExpiringStore {
  readonly #values = new Map<string, { readonly value: string; readonly untilMs: number }>();
  /** True while the store does not answer. */
  away = false;

  /** Everything that is kept, as text. */
  get content(): string {
    return JSON.stringify([...this.#values]);
  }

  /** Ends the time of every value, as after that long without a reading. */
  expireAll(): void {
    this.#values.clear();
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#answer();
    this.#values.set(key, { value, untilMs: performance.now() + ttlMs });
  }

  async touch(key: string, ttlMs: number): Promise<string | null> {
    this.#answer();
    const value = this.#of(key);
    if (value !== null) this.#values.set(key, { value, untilMs: performance.now() + ttlMs });
    return value;
  }

  async missing(keys: readonly string[]): Promise<readonly string[]> {
    this.#answer();
    return keys.filter((key) => this.#of(key) === null);
  }

  async remove(key: string): Promise<void> {
    this.#answer();
    this.#values.delete(key);
  }

  #of(key: string): string | null {
    const kept = this.#values.get(key);
    return kept === undefined || performance.now() >= kept.untilMs ? null : kept.value;
  }

  #answer(): void {
    if (this.away) throw new Error('the store does not answer');
  }
}
