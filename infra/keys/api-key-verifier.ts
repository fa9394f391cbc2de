import { hash, randomBytes } from 'node:crypto';
import { type ApiKeyRecord, matchesHash, newKeyText, prefixOf, recordOf } from './api-key.ts';

/** Too many keys are being checked for the first time. Retry. */
export class ApiKeyChecksBusy extends Error {
  override readonly name = 'ApiKeyChecksBusy';
  readonly code = 'AUTH_BUSY';
}

export interface ApiKeyHolder {
  readonly id: string;
  readonly tenantId: string;
  readonly capabilities: readonly string[];
}

export interface ApiKeyVerifierOptions {
  readonly find: (prefix: string) => ApiKeyRecord | undefined;
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
    const record = prefix === null ? undefined : this.#find(prefix);
    if (record === undefined || this.#verified.get(this.#digest(key)) !== record.hash) return null;
    return holderOf(record);
  }

  /** Null when the key is none, unknown or wrong. Rejects with ApiKeyChecksBusy. */
  async verify(key: string): Promise<ApiKeyHolder | null> {
    const prefix = prefixOf(key);
    if (prefix === null) return null;
    const record = this.#find(prefix);
    const digest = this.#digest(key);
    if (record === undefined || this.#verified.get(digest) !== record.hash) {
      const proved = await this.#check(digest, key, record?.hash ?? this.#decoy);
      if (!proved || record === undefined) return null;
      this.#remember(digest, record.hash);
    }
    return holderOf(record);
  }

  #digest(key: string): string {
    return hash('sha256', this.#salt + key, 'base64url');
  }

  #check(digest: string, key: string, hash: string): Promise<boolean> {
    const running = this.#checks.get(digest);
    if (running !== undefined) return running;
    if (this.#checks.size >= this.#checksMax)
      return Promise.reject(new ApiKeyChecksBusy('too many API keys are being checked'));
    const check = matchesHash(key, hash).finally(() => this.#checks.delete(digest));
    this.#checks.set(digest, check);
    return check;
  }

  #remember(digest: string, hash: string): void {
    const oldest = this.#verified.keys().next();
    if (this.#verified.size >= this.#rememberedMax && !oldest.done) this.#verified.delete(oldest.value);
    this.#verified.set(digest, hash);
  }
}

const holderOf = ({ id, tenant_id: tenantId, capabilities }: ApiKeyRecord): ApiKeyHolder => ({
  id,
  tenantId,
  capabilities,
});
