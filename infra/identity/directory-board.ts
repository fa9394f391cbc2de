import {
  apiKeyOf,
  capabilitiesOfKey,
  type Directory,
  type DirectoryEntry,
  hashesAt,
  principalOf,
  type Tenants,
} from '../../schemas/directory.ts';
import type { Principal, Tenant } from '../../schemas/generated/records.ts';
import { tenantEntry } from '../../schemas/identity.ts';
import { directory, tenants } from '../../streams/kernel/directory.ts';
import { type Clock, systemClock, type Wait, waitOf } from '../kafka/clock.ts';
import { TableFollower, type TableFollowerParts } from '../kafka/runner/table-follower.ts';
import type { StoredKey } from '../keys/api-key-verifier.ts';

/** An entry as it was written: what a gateway waits for before it answers. */
export interface Written {
  readonly tenantId: string;
  readonly entryId: string;
  readonly version: number;
}

/**
 * Tenants, roles, users, service accounts and API keys, held whole and followed by one gateway. While the log is away it
 * holds what it last knew: what was revoked stays so.
 */
export class DirectoryBoard {
  readonly #tenants: TableFollower<Tenants>;
  readonly #directory: TableFollower<Directory>;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  /** Keys as they were last resolved; roles change seldom, and keys are shown with each request. */
  readonly #resolved = new Map<string, StoredKey>();
  #overlap: Wait | null = null;
  #closed = false;

  constructor(parts: TableFollowerParts) {
    this.#clock = parts.clock ?? systemClock;
    this.#tenants = new TableFollower(tenants, parts);
    this.#directory = new TableFollower(directory, parts);
    this.#tenants.listen(() => this.#changed());
    this.#directory.listen(() => this.#changed());
  }

  /** True once all of it was read: until then nobody can be told from someone who was disabled. */
  get known(): boolean {
    return this.#tenants.known && this.#directory.known;
  }

  /** True while changes are followed. */
  get following(): boolean {
    return this.#tenants.following && this.#directory.following;
  }

  get tenants(): Tenants {
    return this.#tenants.value;
  }

  get directory(): Directory {
    return this.#directory.value;
  }

  /** Undefined for one that was never created: it is active, with the default of each setting. */
  tenant(tenantId: string): Tenant | undefined {
    return this.#tenants.value.get(tenantId);
  }

  /** A user or service account by `user:<id>` or `service_account:<id>`, whatever its status. */
  principal(tenantId: string, principal: string): Principal | undefined {
    return principalOf(this.#directory.value, tenantId, principal);
  }

  /** The key of a prefix that counts now, and what may be done with it; undefined when none does. */
  key(prefix: string): StoredKey | undefined {
    const resolved = this.#resolved.get(prefix);
    if (resolved !== undefined) return resolved;
    const stored = this.#resolve(prefix);
    // What is not there is not remembered: anybody may ask for any prefix.
    if (stored !== undefined) this.#resolved.set(prefix, stored);
    return stored;
  }

  /** Calls back when something may have changed, be it that a former secret counts no more. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with true as soon as this gateway holds the entry as it was written, or later; false when it does not in time. */
  async holds({ tenantId, entryId, version }: Written, timeoutMs: number): Promise<boolean> {
    const isThere = (held: { readonly version: number } | undefined): true | undefined =>
      held !== undefined && held.version >= version ? true : undefined;
    const held =
      entryId === tenantEntry(tenantId)
        ? this.#tenants.until((known) => isThere(known.get(tenantId)), timeoutMs)
        : this.#directory.until((known) => isThere(known.byTenant.get(tenantId)?.get(entryId)?.data), timeoutMs);
    return (await held) === true;
  }

  /** The entries of a tenant, in the order of their ids. */
  entries(tenantId: string): readonly DirectoryEntry[] {
    const held = [...(this.#directory.value.byTenant.get(tenantId)?.values() ?? [])];
    return held.sort((one, other) => (one.data.entryId < other.data.entryId ? -1 : 1));
  }

  /** How many entries a tenant has, removed ones too. */
  count(tenantId: string): number {
    return this.#directory.value.byTenant.get(tenantId)?.size ?? 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#overlap?.end();
    await this.#tenants.close();
    await this.#directory.close();
  }

  #resolve(prefix: string): StoredKey | undefined {
    const key = apiKeyOf(this.#directory.value, prefix);
    const hashes = key === undefined ? [] : hashesAt(key, this.#clock.now());
    if (key === undefined || hashes.length === 0) return undefined;
    const { tenantId, owner: principal } = key;
    return { prefix, tenantId, principal, capabilities: capabilitiesOfKey(this.#directory.value, key), hashes };
  }

  #changed(): void {
    this.#resolved.clear();
    this.#awaitOverlap();
    for (const listener of this.#listeners) listener();
  }

  /** A former secret stops to count at its time, and not with the next change. */
  #awaitOverlap(): void {
    this.#overlap?.end();
    this.#overlap = null;
    const nowMs = this.#clock.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const bucket of this.#directory.value.keys.values())
      for (const { previousUntil } of bucket.values())
        if (previousUntil !== null && previousUntil > nowMs) nextMs = Math.min(nextMs, previousUntil);
    if (nextMs === Number.POSITIVE_INFINITY || this.#closed) return;
    const wait = waitOf(this.#clock, nextMs - nowMs);
    this.#overlap = wait;
    void wait.over.then(() => {
      if (this.#overlap === wait && !this.#closed) this.#changed();
    });
  }
}
