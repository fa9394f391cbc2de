import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { matchesHash, newKeyText, prefixOf, recordOf } from './api-key.ts';

/** Thrown when too many keys are being checked for the first time. Retry. */
export class ApiKeyChecksBusy extends Error {
  override readonly name = 'ApiKeyChecksBusy';
  readonly code = 'AUTH_BUSY';
}

/** The current data of a key, from any store. */
export interface StoredKey {
  readonly prefix: string;
  readonly tenantId: string;
  /** The principal that the key authenticates. */
  readonly principal: string;
  readonly capabilities: readonly string[];
  /** Each of them is accepted: a rotated key has two while they overlap. The more likely one comes first. */
  readonly hashes: readonly string[];
}

/** A caller that an API key has authenticated. */
export interface ApiKeyHolder {
  readonly tenantId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  /** The presented key: valid for as long as the stored key has this hash. */
  readonly key: { readonly prefix: string; readonly hash: string };
}

/** The store of keys, and the bounds of a verifier. */
export interface ApiKeyVerifierOptions {
  /** Returns the key of a prefix; undefined when there is no valid one. */
  readonly find: (prefix: string) => StoredKey | undefined;
  /** Number of verified keys that are cached, as salted digests. Default: 1,000. */
  readonly rememberedMax?: number;
  /** Number of concurrent slow checks: each takes 16 MB and a thread for 40 ms. Default: 16. */
  readonly checksMax?: number;
}

/**
 * Verifies API keys. The slow hash runs once per key and process; after that a salted digest is looked up, so that the hot
 * path takes microseconds. A cached result is bound to the stored hash: a revoked or rotated key fails at once.
 */
export class ApiKeyVerifier {
  readonly #find: ApiKeyVerifierOptions['find'];
  readonly #checksMax: number;
  readonly #salt = randomBytes(32).toString('base64url');
  /** Hash of the stored key by salted digest of the key; keys in use stay. */
  readonly #verified: LRUCache<string, string>;
  readonly #checks = new Map<string, Promise<boolean>>();
  /**
   * Checked for an unknown prefix, so that it takes as long as a wrong secret and timing does not reveal which prefixes
   * exist.
   */
  readonly #decoy = recordOf(newKeyText(), { tenantId: 'none', name: 'none', capabilities: [] }).hash;

  constructor({ find, rememberedMax = 1_000, checksMax = 16 }: ApiKeyVerifierOptions) {
    this.#find = find;
    this.#verified = new LRUCache({ max: rememberedMax });
    this.#checksMax = checksMax;
  }

  /** Returns the holder of a key that was verified here before and has not changed; null means unknown: call `verify`. */
  recall(key: string): ApiKeyHolder | null {
    const prefix = prefixOf(key);
    const stored = prefix === null ? undefined : this.#find(prefix);
    const hash = this.#verified.get(this.#digest(key));
    return stored === undefined || hash === undefined || !stored.hashes.includes(hash) ? null : holderOf(stored, hash);
  }

  /** Returns the holder of a key; null when the key is malformed, unknown or wrong. Rejects with ApiKeyChecksBusy. */
  async verify(key: string): Promise<ApiKeyHolder | null> {
    const prefix = prefixOf(key);
    if (prefix === null) return null;
    const recalled = this.recall(key);
    if (recalled !== null) return recalled;
    const stored = this.#find(prefix);
    const digest = this.#digest(key);
    for (const hash of stored?.hashes ?? [this.#decoy]) {
      const proved = await this.#check(digest, key, hash);
      if (!proved || stored === undefined) continue;
      this.#verified.set(digest, hash);
      return holderOf(stored, hash);
    }
    return null;
  }

  #digest(key: string): string {
    return hash('sha256', this.#salt + key, 'base64url');
  }

  #check(digest: string, key: string, hash: string): Promise<boolean> {
    const name = `${digest} ${hash}`;
    const running = this.#checks.get(name);
    if (running !== undefined) return running;
    if (this.#checks.size >= this.#checksMax)
      return Promise.reject(new ApiKeyChecksBusy('too many API keys are being checked'));
    const check = matchesHash(key, hash).finally(() => this.#checks.delete(name));
    this.#checks.set(name, check);
    return check;
  }
}

const holderOf = ({ prefix, tenantId, principal, capabilities }: StoredKey, hash: string): ApiKeyHolder => ({
  tenantId,
  principal,
  capabilities,
  key: { prefix, hash },
});
