import { apiKeyOf, capabilitiesOfKey, type Directory, hashesAt } from '../../schemas/contexts/identity/directory.ts';
import { type Clock, systemClock, type Wait, waitOf } from '../kit/clock.ts';
import type { FollowedTable } from '../runner/tables/follower.ts';
import type { StoredKey } from './api-key-verifier.ts';

/** The API keys of the followed directory, with what may be done with each now. While the log is away a revoked key stays revoked. */
export class DirectoryKeys {
  readonly #directory: Pick<FollowedTable<Directory>, 'value' | 'listen'>;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  /** Keys as they were last resolved; roles change seldom, and keys are shown with each request. */
  readonly #resolved = new Map<string, StoredKey>();
  readonly #unlisten: () => void;
  #overlap: Wait | null = null;

  constructor(directory: Pick<FollowedTable<Directory>, 'value' | 'listen'>, clock: Clock = systemClock) {
    this.#directory = directory;
    this.#clock = clock;
    this.#unlisten = directory.listen(() => this.#changed());
    this.#awaitOverlap();
  }

  /** Returns the key of a prefix that counts now; undefined when none does. */
  find(prefix: string): StoredKey | undefined {
    const resolved = this.#resolved.get(prefix);
    if (resolved !== undefined) return resolved;
    const stored = this.#resolve(prefix);
    // An unknown prefix is not remembered: any caller may ask for any prefix.
    if (stored !== undefined) this.#resolved.set(prefix, stored);
    return stored;
  }

  /** Calls back when the directory may have changed, and when a former secret expires. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#unlisten();
    this.#overlap?.end();
    this.#overlap = null;
  }

  #resolve(prefix: string): StoredKey | undefined {
    const { value } = this.#directory;
    const key = apiKeyOf(value, prefix);
    const hashes = key === undefined ? [] : hashesAt(key, this.#clock.now());
    if (key === undefined || hashes.length === 0) return undefined;
    const { tenantId, owner: principal } = key;
    return { prefix, tenantId, principal, capabilities: capabilitiesOfKey(value, key), hashes };
  }

  #changed(): void {
    this.#resolved.clear();
    this.#awaitOverlap();
    for (const listener of this.#listeners) listener();
  }

  /** A former secret expires at its time, and not with the next change. */
  #awaitOverlap(): void {
    this.#overlap?.end();
    this.#overlap = null;
    const nowMs = this.#clock.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const bucket of this.#directory.value.keys.values())
      for (const { previousUntil } of bucket.values())
        if (previousUntil !== null && previousUntil > nowMs) nextMs = Math.min(nextMs, previousUntil);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    const wait = waitOf(this.#clock, nextMs - nowMs);
    this.#overlap = wait;
    void wait.over.then(() => {
      if (this.#overlap === wait) this.#changed();
    });
  }
}
