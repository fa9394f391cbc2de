import { z } from 'zod';
import { digestOf } from '../idempotency.ts';
import type { Holder } from './caller.ts';
import { type SecretKeys, StoredSecrets } from './stored-secrets.ts';

/** Time for which a token is accepted. */
const TOKEN_MS_MAX = 10 * 60_000;

const claims = z.object({ digest: z.string(), count: z.int() });

/** What a dry run has found: the number of things, and the digest of their ids. */
export type DryRun = z.output<typeof claims>;

/**
 * Tokens of dry runs: signed, so that no store keeps them. A token is accepted from the caller that made the dry run, with
 * the same request, for ten minutes.
 */
export class BulkTokens {
  readonly #secrets: StoredSecrets<typeof claims>;

  constructor(keys: SecretKeys) {
    this.#secrets = new StoredSecrets(keys, { prefix: 'kbt', audience: 'khipu-bulk', claims });
  }

  /** Resolves with a token; `endsAt` is RFC 3339. */
  async issue(
    caller: Holder,
    request: object,
    found: DryRun,
    nowMs = Date.now(),
  ): Promise<{ readonly token: string; readonly endsAt: string }> {
    const endsAtS = Math.floor((nowMs + TOKEN_MS_MAX) / 1_000);
    const token = await this.#secrets.seal(boundTo(caller, request), found, endsAtS);
    return { token, endsAt: new Date(endsAtS * 1_000).toISOString() };
  }

  /** Resolves with what the dry run found; null for the token of another caller or request, after its end, and for any other text. */
  async open(caller: Holder, request: object, token: string): Promise<DryRun | null> {
    return (await this.#secrets.open(boundTo(caller, request), token))?.claims ?? null;
  }
}

const boundTo = ({ tenantId, principal }: Holder, request: object): string =>
  digestOf({ tenant: tenantId, principal, request });
