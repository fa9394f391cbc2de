import type { KillSwitch } from '../../schemas/generated/records.ts';
import { type KillSwitches, switchesOver, type Work } from '../../schemas/kill-switch.ts';
import { killSwitches } from '../../streams/kernel/kill-switches.ts';
import type { Table } from '../../streams/kernel.ts';
import { type Clock, systemClock, waitOf } from '../kafka/clock.ts';
import type { RecordDecoder } from '../kafka/decode.ts';
import type { Log } from '../kafka/log.ts';
import { type Supervised, supervise } from '../kafka/runner/supervise.ts';
import { TableView } from '../kafka/runner/table-view.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface SwitchBoardParts {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/**
 * Every kill switch, held whole and followed by one process that lets work in or runs it. While the log is away it holds
 * what it last knew: a switch that was engaged stays so.
 */
export class SwitchBoard {
  readonly #clock: Clock;
  readonly #supervised: Supervised;
  readonly #listeners = new Set<() => void>();
  readonly #ready = Promise.withResolvers<void>();
  #switches: KillSwitches = new Map();
  #following = false;

  constructor({ log, decoder, logger, clock = systemClock }: SwitchBoardParts) {
    this.#clock = clock;
    this.#supervised = supervise({
      name: killSwitches.name,
      logger,
      clock,
      onRestart: () => {
        this.#following = false;
      },
      onFatal: (error) => logger.fatal({ err: error }, 'kill switches are not followed any more'),
      begin: async (onCrash) => {
        let whole = false;
        const view = new TableView(killSwitches as unknown as Table, () => {
          if (whole) this.#take(view.value as KillSwitches);
        });
        try {
          await view.open(log, decoder, logger, onCrash);
        } catch (error) {
          await view.close();
          throw error;
        }
        whole = true;
        this.#following = true;
        this.#take(view.value as KillSwitches);
        this.#ready.resolve();
        return view;
      },
    });
  }

  /** Resolves when every switch was read once. Never rejects. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** True while the switches are followed. */
  get following(): boolean {
    return this.#following;
  }

  get(scope: string): KillSwitch | undefined {
    return this.#switches.get(scope);
  }

  get engaged(): readonly KillSwitch[] {
    return [...this.#switches.values()].filter(({ engaged }) => engaged);
  }

  /** The engaged switches that a piece of work falls under, the widest first. */
  over(work: Work): readonly KillSwitch[] {
    return switchesOver(this.#switches, work);
  }

  /** Calls back when a switch may have changed. Returns what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the switch of a scope as soon as it is as wanted, or with undefined when it is not in time. */
  async until(
    scope: string,
    wanted: (found: KillSwitch) => boolean,
    timeoutMs: number,
  ): Promise<KillSwitch | undefined> {
    const fits = (): KillSwitch | undefined => {
      const found = this.get(scope);
      return found !== undefined && wanted(found) ? found : undefined;
    };
    const wait = waitOf(this.#clock, timeoutMs);
    const unlisten = this.listen(() => {
      if (fits() !== undefined) wait.end();
    });
    if (fits() === undefined) await wait.over;
    else wait.end();
    unlisten();
    return fits();
  }

  close(): Promise<void> {
    return this.#supervised.close();
  }

  #take(switches: KillSwitches): void {
    this.#switches = switches;
    for (const listener of this.#listeners) listener();
  }
}
