import type { RevocationBoard } from '../../../infra/access/revocation-board.ts';
import type { DirectoryBoard } from '../../../infra/identity/directory-board.ts';
import type { StoredKey } from '../../../infra/keys/api-key-verifier.ts';
import type { Caller } from './caller.ts';

/** Why a caller that proved itself may do nothing now. */
export type Fault = 'TOKEN_INVALID' | 'TOKEN_REVOKED' | 'TENANT_SUSPENDED' | 'PRINCIPAL_DISABLED';

export interface StandingParts {
  readonly revocations: Pick<RevocationBoard, 'known' | 'revoked' | 'listen'>;
  readonly directory: Pick<DirectoryBoard, 'known' | 'tenant' | 'principal' | 'listen'>;
  readonly findKey: (prefix: string) => StoredKey | undefined;
}

/** Whether callers still stand as they did when they proved themselves: asked of each request, and of streams that are open. */
export class Standing {
  readonly #parts: StandingParts;

  constructor(parts: StandingParts) {
    this.#parts = parts;
  }

  /** True once all was read that could stand against a caller. */
  get known(): boolean {
    return this.#parts.revocations.known && this.#parts.directory.known;
  }

  faultOf(caller: Caller): Fault | null {
    const { revocations, directory, findKey } = this.#parts;
    const { tenantId, principal } = caller;
    if (caller.kind === 'session' && revocations.revoked(caller)) return 'TOKEN_REVOKED';
    if (caller.kind === 'api_key' && findKey(caller.key.prefix)?.hashes.includes(caller.key.hash) !== true)
      return 'TOKEN_INVALID';
    if (directory.tenant(tenantId)?.status === 'suspended') return 'TENANT_SUSPENDED';
    // Nobody is known here of an outside user who was never set up: then it is the identity provider's word that counts.
    const found = directory.principal(tenantId, principal);
    return found === undefined || found.status === 'active' ? null : 'PRINCIPAL_DISABLED';
  }

  /** Calls back when a caller may have lost its standing. Returns what ends it. */
  listen(listener: () => void): () => void {
    const ends = [this.#parts.revocations.listen(listener), this.#parts.directory.listen(listener)];
    return () => {
      for (const end of ends) end();
    };
  }
}
