import { type IssuedToken, isRevoked, type Revocations, revokedUntil } from '../../schemas/revocation.ts';
import { revocations } from '../../streams/kernel/revocations.ts';
import { TableFollower, type TableFollowerParts } from '../kafka/runner/table-follower.ts';

/** Which session tokens were taken back, followed by one gateway. While the log is away it holds what it last knew. */
export class RevocationBoard {
  readonly #table: TableFollower<Revocations>;

  constructor(parts: TableFollowerParts) {
    this.#table = new TableFollower(revocations, parts);
  }

  /** True once every revocation was read: until then no token can be told from a revoked one. */
  get known(): boolean {
    return this.#table.known;
  }

  /** True while revocations are followed. */
  get following(): boolean {
    return this.#table.following;
  }

  revoked(token: IssuedToken): boolean {
    return isRevoked(this.#table.value, token);
  }

  /** Calls back when something may have been revoked. Returns what ends it. */
  listen(listener: () => void): () => void {
    return this.#table.listen(listener);
  }

  /** Resolves with true as soon as this gateway refuses what was revoked, with false when it does not in time. */
  async holds(tenantId: string, scope: string, issuedUntil: number, timeoutMs: number): Promise<boolean> {
    const find = (known: Revocations): true | undefined =>
      revokedUntil(known, tenantId, scope) >= issuedUntil ? true : undefined;
    return (await this.#table.until(find, timeoutMs)) === true;
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}
