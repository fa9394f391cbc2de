import type { KillSwitch } from '../../schemas/generated/records.ts';
import { type KillSwitches, switchesOver, type Work } from '../../schemas/kill-switch.ts';
import { killSwitches } from '../../streams/kernel/kill-switches.ts';
import { TableFollower, type TableFollowerParts } from '../kafka/runner/table-follower.ts';

/**
 * Every kill switch, held whole and followed by one process that lets work in or runs it. While the log is away it holds
 * what it last knew: a switch that was engaged stays so.
 */
export class SwitchBoard {
  readonly #table: TableFollower<KillSwitches>;

  constructor(parts: TableFollowerParts) {
    this.#table = new TableFollower(killSwitches, parts);
  }

  /** Resolves when every switch was read once. Never rejects. */
  get ready(): Promise<void> {
    return this.#table.ready;
  }

  /** True while the switches are followed. */
  get following(): boolean {
    return this.#table.following;
  }

  get(scope: string): KillSwitch | undefined {
    return this.#table.value.get(scope);
  }

  get engaged(): readonly KillSwitch[] {
    return [...this.#table.value.values()].filter(({ engaged }) => engaged);
  }

  /** The engaged switches that a piece of work falls under, the widest first. */
  over(work: Work): readonly KillSwitch[] {
    return switchesOver(this.#table.value, work);
  }

  /** Calls back when a switch may have changed. Returns what ends it. */
  listen(listener: () => void): () => void {
    return this.#table.listen(listener);
  }

  /** Resolves with the switch of a scope as soon as it is as wanted, or with undefined when it is not in time. */
  until(scope: string, wanted: (found: KillSwitch) => boolean, timeoutMs: number): Promise<KillSwitch | undefined> {
    const find = (switches: KillSwitches): KillSwitch | undefined => {
      const found = switches.get(scope);
      return found !== undefined && wanted(found) ? found : undefined;
    };
    return this.#table.until(find, timeoutMs);
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}
