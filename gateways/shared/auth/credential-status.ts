import type { GatewayTables } from '../../../infra/runner/tables/followed.ts';
import type { StoredKey } from '../../../infra/security/api-key-verifier.ts';
import type { DirectoryKeys } from '../../../infra/security/directory-keys.ts';
import { principalOf } from '../../../schemas/contexts/identity/directory.ts';
import { isRevoked } from '../../../schemas/contexts/revocations.ts';
import { type Caller, consoleSessionOf } from './caller.ts';
import type { ConsoleSessions } from './console-sessions.ts';

/** Reason why an authenticated caller is refused. */
export type Fault =
  | 'TOKEN_INVALID'
  | 'TOKEN_REVOKED'
  | 'TENANT_SUSPENDED'
  | 'PRINCIPAL_DISABLED'
  | 'CONSOLE_SESSION_ENDED';

/** Parts that a credential status reads from. */
export interface CredentialStatusParts {
  readonly tables: Pick<GatewayTables, 'revocations' | 'tenants' | 'directory'>;
  /** Calls back when the directory may have changed, and when the previous secret of a rotated key expires. */
  readonly keys: Pick<DirectoryKeys, 'listen'>;
  readonly findKey: (prefix: string) => StoredKey | undefined;
  readonly consoleSessions: Pick<ConsoleSessions, 'hasEnded' | 'watch' | 'listen'>;
}

/** Re-checks an authenticated caller (revoked, suspended, disabled) on each request and while a stream is open. */
export class CredentialStatus {
  readonly #parts: CredentialStatusParts;

  constructor(parts: CredentialStatusParts) {
    this.#parts = parts;
  }

  /** True once revocations, tenants and the directory have been read. */
  get known(): boolean {
    const { revocations, tenants, directory } = this.#parts.tables;
    return revocations.known && tenants.known && directory.known;
  }

  /** Returns why the caller is refused; null when its credentials count. */
  faultOf(caller: Caller): Fault | null {
    const { tables, findKey, consoleSessions } = this.#parts;
    const { tenantId, principal } = caller;
    const consoleSession = consoleSessionOf(caller);
    if (consoleSession !== null && consoleSessions.hasEnded(consoleSession)) return 'CONSOLE_SESSION_ENDED';
    if (caller.kind === 'session' && isRevoked(tables.revocations.value, caller)) return 'TOKEN_REVOKED';
    if (caller.kind === 'api_key' && findKey(caller.key.prefix)?.hashes.includes(caller.key.hash) !== true)
      return 'TOKEN_INVALID';
    if (tables.tenants.value.get(tenantId)?.status === 'suspended') return 'TENANT_SUSPENDED';
    // A user of the identity provider may have no entry in the directory: then the provider alone decides.
    const found = principalOf(tables.directory.value, tenantId, principal);
    return found === undefined || found.status === 'active' ? null : 'PRINCIPAL_DISABLED';
  }

  /**
   * Looks for the end of the caller's console session at other gateways while a stream of it is open. Returns a function that
   * ends this; a second call has no effect.
   */
  watch(caller: Caller): () => void {
    const consoleSession = consoleSessionOf(caller);
    return consoleSession === null ? () => undefined : this.#parts.consoleSessions.watch(consoleSession);
  }

  /** Calls `listener` when a caller may have lost its access. Returns a function that removes the listener. */
  listen(listener: () => void): () => void {
    const { tables, keys, consoleSessions } = this.#parts;
    const ends = [tables.revocations, tables.tenants, keys, consoleSessions].map((each) => each.listen(listener));
    return () => {
      for (const end of ends) end();
    };
  }
}
