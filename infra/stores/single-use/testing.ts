import type { SingleUseStore } from './port.ts';

/** A store in memory, which gateways of one test share. */
export class MemorySingleUse implements SingleUseStore {
  readonly #values = new Map<string, { readonly value: string; readonly untilMs: number }>();
  /** True while the store does not answer. */
  away = false;

  /** Everything that is kept, as text. */
  get content(): string {
    return JSON.stringify([...this.#values]);
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#answer();
    this.#values.set(key, { value, untilMs: performance.now() + ttlMs });
  }

  async take(key: string): Promise<string | null> {
    this.#answer();
    const kept = this.#values.get(key);
    this.#values.delete(key);
    return kept === undefined || performance.now() >= kept.untilMs ? null : kept.value;
  }

  #answer(): void {
    if (this.away) throw new Error('the store does not answer');
  }
}
