import type { ApiKeyHolder, ApiKeyVerifier } from '../../../infra/security/api-key-verifier.ts';
import { Problem } from '../problems/problem.ts';
import type { ApiKeyCaller } from './caller.ts';
import { FailureLimit } from './failure-limit.ts';
import { invalidCredential } from './faults.ts';

/** Returns the caller of a verified key. */
const callerWith = (holder: ApiKeyHolder): ApiKeyCaller => ({ kind: 'api_key', ...holder });

/** Returns true for a text that claims to be an API key. */
export const isApiKey = (credential: string): boolean => credential.startsWith('khp_');

/** Verifies the API keys that callers present, and limits the failures of an address over all ways to present one. */
export class PresentedKeys {
  readonly #apiKeys: Pick<ApiKeyVerifier, 'recall' | 'verify'>;
  readonly #failures = new FailureLimit();

  constructor(apiKeys: Pick<ApiKeyVerifier, 'recall' | 'verify'>) {
    this.#apiKeys = apiKeys;
  }

  /** Returns the caller of a key that was verified here before; null means unknown: call `prove`. */
  recall(key: string): ApiKeyCaller | null {
    const known = this.#apiKeys.recall(key);
    return known === null ? null : callerWith(known);
  }

  /** Resolves with the caller of a key, or with the problem of a wrong one. Rejects with ApiKeyChecksBusy. */
  async prove(key: string, address: string): Promise<ApiKeyCaller | Problem> {
    if (this.#failures.exceeded(address))
      return new Problem('RATE_LIMITED', 'Too many invalid API keys from this address; wait a minute');
    const holder = await this.#apiKeys.verify(key);
    if (holder !== null) return callerWith(holder);
    this.#failures.count(address);
    return invalidCredential();
  }
}
