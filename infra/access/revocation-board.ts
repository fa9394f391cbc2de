import { type IssuedToken, isRevoked, type Revocations } from '../../schemas/revocation.ts';
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

  /** Resolves with true as soon as this gateway refuses such a token, with false when it does not in time. */
  async until(token: IssuedToken, timeoutMs: number): Promise<boolean> {
    const found = await this.#table.until((known) => (isRevoked(known, token) ? true : undefined), timeoutMs);
    return found === true;
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}
