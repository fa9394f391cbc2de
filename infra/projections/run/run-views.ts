import type { Appender, Position } from '../../kafka/port.ts';
import { systemClock } from '../../kit/clock.ts';
import { deadLetter } from '../../runner/dead-letters/write.ts';
import { begun } from '../../runner/lives.ts';
import { PartitionTasks, type TakenOver } from '../../runner/partition-tasks.ts';
import { type Life, type Supervised, supervise } from '../../runner/supervise.ts';
import type { StoreViews } from './bound-view.ts';
import type { Refused } from './interpret.ts';
import { SharedReader } from './shared-reader.ts';
import type { ViewDependencies } from './view-dependencies.ts';

/** A view that runs in this process. */
export interface ViewRunner {
  readonly name: string;
  /**
   * Resolves with `ok` when it has its partitions and does not wait for a store or the registry; otherwise with the
   * reason in `detail`.
   */
  health(): Promise<{ ok: boolean; detail: string }>;
  /** Returns the committed positions of the partitions of this process. */
  positions(): readonly Position[];
}

/** The views of a process, which run until they are closed. */
export interface ViewsRunner extends Supervised {
  readonly views: readonly ViewRunner[];
}

/** Prefix of the consumer groups of views. */
export const GROUPS_OF_VIEWS = 'khipu.projection.';

/**
 * Returns the consumer group of a set of views. Members of a group have one set, and so the same topics: a partition of
 * every topic is assigned to a member that reads it.
 */
export const groupOf = (views: readonly string[]): string => `${GROUPS_OF_VIEWS}${[...views].sort().join('+')}`;

/**
 * Keeps read models up to date until it is closed: one member of one consumer group reads the topics of all views. An
 * error of the group ends a life, and the next one joins again; errors of a store stay with its views (see Follower).
 */
export function runViews(stores: readonly StoreViews[], dependencies: ViewDependencies): ViewsRunner {
  const names = stores.flatMap(({ views }) => views.map(({ name }) => name));
  let life: ViewsLife | null = null;
  const supervised = supervise({
    name: `projection.${names.join('+')}`,
    clock: systemClock,
    logger: dependencies.logger,
    onFatal: dependencies.onFatal,
    onRestart: (code) => {
      for (const view of names) dependencies.metrics.restarts.inc({ view, code });
    },
    begin: async (onCrash) => {
      life = new ViewsLife(stores, dependencies, onCrash);
      await begun(life);
      return life;
    },
  });
  const followerOf = (view: string) => (supervised.alive() ? life?.reader?.of(view) : undefined);
  return {
    ...supervised,
    views: names.map((name) => ({
      name,
      positions: () => followerOf(name)?.positions(name) ?? [],
      health: async () =>
        followerOf(name)?.health() ?? { ok: false, detail: supervised.lastError() ?? 'joining its group' },
    })),
  };
}

/** Interval of the check that the stores still have the read models which these views write, in ms. */
const LOOK_MS = 2_000;
/** Time that an orderly stop waits for the commits under way, in ms. */
const STOP_MS_MAX = 5_000;

/** One membership: the shared reader of its partitions, and the appender of dead letters. */
class ViewsLife implements Life {
  readonly #stores: readonly StoreViews[];
  readonly #d: ViewDependencies;
  readonly #tasks: PartitionTasks<SharedReader>;
  #appender: Promise<Appender> | null = null;
  #looks: NodeJS.Timeout | null = null;
  #looking = false;

  constructor(stores: readonly StoreViews[], dependencies: ViewDependencies, onCrash: (error: unknown) => void) {
    this.#stores = stores;
    this.#d = dependencies;
    const views = stores.flatMap((store) => store.views);
    const names = views.map(({ name }) => name);
    this.#tasks = new PartitionTasks(
      {
        ...{ name: `projection.${names.join('+')}`, group: groupOf(names), stopMsMax: STOP_MS_MAX },
        lane: views.every(({ lane }) => lane === 'batch') ? 'batch' : 'interactive',
        topics: [...new Set(views.flatMap(({ inputs }) => inputs.map(({ name }) => name)))],
        takeOver: (partitions) => this.#takeOver(partitions),
      },
      { ...dependencies, clock: systemClock },
      { onCrash, onPositioned: () => undefined },
    );
  }

  /** The reader of all partitions of an assignment; undefined while there is none. */
  get reader(): SharedReader | undefined {
    return this.#tasks.tasks[0];
  }

  async begin(): Promise<void> {
    await this.#tasks.begin();
    this.#looks = setInterval(() => void this.#look(), LOOK_MS);
  }

  async close(): Promise<void> {
    if (this.#looks !== null) clearInterval(this.#looks);
    await this.#tasks.close();
    await (await this.#appender?.catch(() => null))?.close().catch(() => undefined);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    await this.reader?.look().catch(() => undefined);
    this.#looking = false;
  }

  async #takeOver(partitions: readonly number[]): Promise<TakenOver<SharedReader>> {
    const reader = new SharedReader({
      ...{ stores: this.#stores, partitions, dependencies: this.#d },
      deadLetter: (view, refused) => this.#deadLetter(view, refused),
    });
    const starts = await reader.prepare();
    return {
      // A partition without a position begins at its first offset, which retention may have moved.
      positions: starts.filter(({ offset }) => offset > 0),
      begin: () => {
        reader.begin(starts);
        return new Map(partitions.map((partition) => [partition, reader]));
      },
      release: async () => undefined,
    };
  }

  async #deadLetter(view: string, { record, error }: Refused): Promise<void> {
    this.#appender ??= this.#d.log.appender();
    const appender = await this.#appender.catch((failure: unknown) => {
      this.#appender = null;
      throw failure;
    });
    await appender.append([deadLetter(record, `projection.${view}`, error, 1)]);
  }
}
