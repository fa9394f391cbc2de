import { hash, randomBytes } from 'node:crypto';
import { matchesHash, newKeyText, prefixOf, recordOf } from './api-key.ts';

/** Too many keys are being checked for the first time. Retry. */
export class ApiKeyChecksBusy extends Error {
  override readonly name = 'ApiKeyChecksBusy';
  readonly code = 'AUTH_BUSY';
}

/** A key as it stands now, wherever it is kept. */
export interface StoredKey {
  readonly prefix: string;
  readonly tenantId: string;
  /** Who acts with it. */
  readonly principal: string;
  readonly capabilities: readonly string[];
  /** Each of them proves it: a key that was rotated has two while they overlap. The likelier one first. */
  readonly hashes: readonly string[];
}

export interface ApiKeyHolder {
  readonly tenantId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  /** What was shown: it counts for as long as the key has this hash. */
  readonly key: { readonly prefix: string; readonly hash: string };
}

export interface ApiKeyVerifierOptions {
  /** Undefined for a prefix of no key that counts. */
  readonly find: (prefix: string) => StoredKey | undefined;
  /** Verified keys remembered, as salted digests. */
  readonly rememberedMax?: number;
  /** Slow checks at once: each takes 16 MB and a thread for 40 ms. */
  readonly checksMax?: number;
}

/**
 * Proves API keys. The slow hash runs once a key and process; after that a salted digest is looked up, so that the hot
 * path takes microseconds. What is remembered is bound to the stored hash: a key that was revoked or rotated fails at once.
 */
export class ApiKeyVerifier {
  readonly #find: ApiKeyVerifierOptions['find'];
  readonly #rememberedMax: number;
  readonly #checksMax: number;
  readonly #salt = randomBytes(32).toString('base64url');
  readonly #verified = new Map<string, string>();
  readonly #checks = new Map<string, Promise<boolean>>();
  /** An unknown prefix costs as much as a wrong secret, so that time does not tell which prefixes exist. */
  readonly #decoy = recordOf(newKeyText(), { tenantId: 'none', name: 'none', capabilities: [] }).hash;

  constructor({ find, rememberedMax = 1_000, checksMax = 16 }: ApiKeyVerifierOptions) {
    this.#find = find;
    this.#rememberedMax = rememberedMax;
    this.#checksMax = checksMax;
  }

  /** The holder of a key that was proved here before and still stands as it did then; null says nothing: `verify` it. */
  recall(key: string): ApiKeyHolder | null {
    const prefix = prefixOf(key);
    const stored = prefix === null ? undefined : this.#find(prefix);
    const hash = this.#verified.get(this.#digest(key));
    return stored === undefined || hash === undefined || !stored.hashes.includes(hash) ? null : holderOf(stored, hash);
  }

  /** Null when the key is none, unknown or wrong. Rejects with ApiKeyChecksBusy. */
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
      this.#remember(digest, hash);
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

  #remember(digest: string, hash: string): void {
    const oldest = this.#verified.keys().next();
    if (this.#verified.size >= this.#rememberedMax && !oldest.done) this.#verified.delete(oldest.value);
    this.#verified.set(digest, hash);
  }
}

const holderOf = ({ prefix, tenantId, principal, capabilities }: StoredKey, hash: string): ApiKeyHolder => ({
  tenantId,
  principal,
  capabilities,
  key: { prefix, hash },
});
