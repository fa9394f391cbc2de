import type { FetchedBatch, Position } from '../../kafka/port.ts';
import type { PartitionTask } from '../../runner/partition-tasks.ts';
import { type BoundView, reads, type StoreViews } from './bound-view.ts';
import { decodeOnce } from './decode-once.ts';
import { Follower } from './follower.ts';
import type { Refused } from './interpret.ts';
import { Retained } from './retained.ts';
import type { ViewDependencies } from './view-dependencies.ts';

/** The views of a process, and their services. */
export interface SharedReaderOptions {
  readonly stores: readonly StoreViews[];
  readonly partitions: readonly number[];
  readonly dependencies: ViewDependencies;
  readonly deadLetter: (view: string, refused: Refused) => Promise<void>;
}

/**
 * Offsets of a partition by which a view may be behind the others and still share their reader from the beginning: the
 * others pass over the records that they have. A view further behind catches up alone.
 */
const NEAR_OFFSETS = 10_000;

/** Hands the records of one assignment to the views of a process: fetched once, decoded once, for every store. */
export class SharedReader implements PartitionTask {
  readonly #o: SharedReaderOptions;
  readonly #isPatient: (topic: string) => boolean;
  #followers: readonly Follower[];
  #hasBegun = false;
  #isClosed = false;

  constructor(options: SharedReaderOptions) {
    const { stores, dependencies } = options;
    this.#o = { ...options, dependencies: { ...dependencies, decoder: decodeOnce(dependencies.decoder) } };
    this.#isPatient = patienceOf(stores.flatMap(({ views }) => views));
    this.#followers = stores.map((store) => this.#follower(store));
  }

  /** Resolves with the positions at which reading begins. Rejects when the positions of no view can be read. */
  async prepare(): Promise<readonly Position[]> {
    const results = await Promise.allSettled(this.#followers.map((follower) => follower.prepare()));
    const read = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = results.find((result) => result.status === 'rejected');
    if (read.length === 0 && failed !== undefined) throw failed.reason;
    return startsOf(read.flat());
  }

  /** Begins to write. `starts`: where the batches begin, as `prepare` resolved. */
  begin(starts: readonly Position[]): void {
    this.#hasBegun = true;
    for (const follower of this.#followers) follower.start(new Retained(starts));
  }

  /** Returns the follower of a view. */
  of(view: string): Follower | undefined {
    return this.#followers.find(({ views }) => views.some(({ name }) => name === view));
  }

  push(batch: FetchedBatch): Promise<void> | undefined {
    let waits: Promise<void>[] | undefined;
    for (const follower of this.#followers) {
      if (!follower.reads(batch.topic)) continue;
      const room = follower.push(batch);
      if (room !== undefined) waits = [...(waits ?? []), room];
    }
    return waits === undefined ? undefined : Promise.all(waits).then(() => undefined);
  }

  /** Looks for read models that were replaced or lost, then joins views of one store that were apart. */
  async look(): Promise<void> {
    await Promise.allSettled(this.#followers.map((follower) => follower.look()));
    for (const store of this.#o.stores) {
      const [one, other] = this.#followers.filter((follower) => follower.store === store && follower.isSound);
      if (one !== undefined && other !== undefined) return this.#join(one, other);
    }
  }

  async stop(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#followers.map((follower) => follower.close()));
  }

  async drop(): Promise<void> {
    await this.stop();
  }

  inFlight(): readonly [] {
    return [];
  }

  #follower(store: StoreViews, views = store.views): Follower {
    const follower: Follower = new Follower(
      {
        ...this.#o,
        ...{ store, isPatient: this.#isPatient },
        setApart: (view, retained) => {
          const apart = this.#follower(store, [view]);
          this.#followers = [...this.#followers, apart];
          if (this.#hasBegun && !this.#isClosed) apart.start(retained);
        },
        isAlone: () => this.#followers.length === 1,
      },
      views,
    );
    return follower;
  }

  /** Both commit what they were given; one follower of their views continues, from what both retained since then. */
  async #join(one: Follower, other: Follower): Promise<void> {
    await Promise.all([one.leave(), other.leave()]);
    if (this.#isClosed) return;
    const joined = this.#follower(one.store, [...one.views, ...other.views]);
    const topics = new Set(one.views.flatMap(({ inputs }) => inputs.map(({ name }) => name)));
    this.#followers = [...this.#followers.filter((each) => each !== one && each !== other), joined];
    joined.start(one.retained.joinedWith(other.retained, topics));
  }
}

/** Returns where to begin, so that views which are near the most advanced one miss nothing. */
function startsOf(positions: readonly Position[]): readonly Position[] {
  const byPlace = Map.groupBy(positions, ({ topic, partition }) => `${topic} ${partition}`);
  return [...byPlace.values()].flatMap((each) => {
    const furthest = Math.max(...each.map(({ offset }) => offset));
    const near = each.filter(({ offset }) => offset >= furthest - NEAR_OFFSETS);
    return near.toSorted((a, b) => a.offset - b.offset).slice(0, 1);
  });
}

/**
 * Returns whether records of a topic may wait for others: only views of the batch lane read it. When all views are of
 * that lane, the reader itself waits.
 */
function patienceOf(views: readonly BoundView[]): (topic: string) => boolean {
  const interactive = views.filter(({ lane }) => lane !== 'batch');
  return (topic) => interactive.length > 0 && !interactive.some((view) => reads(view, topic));
}
