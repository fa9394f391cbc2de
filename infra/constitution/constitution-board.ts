import type { Constitutions, ConstitutionVersion } from '../../schemas/constitution-life.ts';
import { constitutions } from '../../streams/kernel/constitutions.ts';
import { TableFollower, type TableFollowerParts } from '../kafka/runner/table-follower.ts';

/** Every version of the constitution and which one decides, followed by one gateway. For showing: who decides verifies by himself. */
export class ConstitutionBoard {
  readonly #table: TableFollower<Constitutions>;

  constructor(parts: TableFollowerParts) {
    this.#table = new TableFollower(constitutions, parts);
  }

  /** True while constitutions are followed. */
  get following(): boolean {
    return this.#table.following;
  }

  get all(): Constitutions {
    return this.#table.value;
  }

  get(version: string): ConstitutionVersion | undefined {
    return this.#table.value.versions.get(version);
  }

  /** Resolves with true as soon as what is held is as wanted, with false when it is not in time. */
  async until(wanted: (all: Constitutions) => boolean, timeoutMs: number): Promise<boolean> {
    return (await this.#table.until((all) => (wanted(all) ? true : undefined), timeoutMs)) === true;
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}
