import type { FetchedBatch, Position } from '../../kafka/port.ts';
import { systemClock } from '../../kit/clock.ts';
import { type Life, type Supervised, supervise } from '../../runner/supervise.ts';
import { ProjectionError, ViewsApart } from '../errors.ts';
import { Committed } from './advances.ts';
import { type BoundView, reads, type StoreViews } from './bound-view.ts';
import { catchUp } from './catch-up.ts';
import type { Refused } from './interpret.ts';
import { Retained } from './retained.ts';
import { isCovered, nextOf, type TrackedView, trackViews } from './tracked-view.ts';
import type { ViewDependencies } from './view-dependencies.ts';
import { BATCH_RECORDS_MAX, ViewsTask } from './views-task.ts';

/** The views of a follower, and its place in a shared reader. */
export interface FollowerOptions {
  readonly store: StoreViews;
  readonly partitions: readonly number[];
  readonly dependencies: ViewDependencies;
  readonly deadLetter: (view: string, refused: Refused) => Promise<void>;
  readonly isPatient: (topic: string) => boolean;
  /** Gives up a view: it gets a follower of its own, which begins with a copy of the retained batches. */
  readonly setApart: (view: BoundView, retained: Retained) => void;
  /** Returns true when no other follower reads: then the reader may wait for this one as long as it takes. */
  readonly isAlone: () => boolean;
}

/**
 * Keeps views of one store up to date from the batches of a shared reader. In a series of lives: each reads the
 * positions of its views, catches up with the reader, then follows it, until the first error. So a rebuilt, lost or
 * unavailable read model has one recovery, and does not disturb the reader or other followers.
 *
 * A view that lacks records which are no longer retained catches up alone, while the reader goes on. Of several views,
 * one that is behind, or fails while the others do not, is set apart.
 */
export class Follower {
  readonly #o: FollowerOptions;
  #views: readonly BoundView[];
  #retained: Retained;
  #prepared: readonly TrackedView[] | null = null;
  #failing: readonly string[] = [];
  #task: ViewsTask | null = null;
  #isFollowing = false;
  #crash: (error: unknown) => void = () => undefined;
  /** Resolves when the reader need not wait for this follower any longer. */
  #released = Promise.withResolvers<void>();
  #supervised: Supervised | null = null;

  constructor(options: FollowerOptions, views = options.store.views) {
    this.#o = options;
    this.#views = views;
    this.#retained = new Retained([]);
  }

  get store(): StoreViews {
    return this.#o.store;
  }

  get views(): readonly BoundView[] {
    return this.#views;
  }

  get retained(): Retained {
    return this.#retained;
  }

  /** True when it follows the reader, and has committed records without trouble. */
  get isSound(): boolean {
    return this.#isFollowing && this.#task !== null && this.#task.problem === null && this.#task.commits > 0;
  }

  reads(topic: string): boolean {
    return this.#views.some((view) => reads(view, topic));
  }

  /** Reads the positions of its views for the first life. Rejects when none can be read. */
  async prepare(): Promise<readonly Position[]> {
    this.#prepared = await this.#tracked();
    return this.#prepared.flatMap(({ committed }) => committed.entries());
  }

  /** Begins to follow a reader whose delivered batches are all in `retained`. */
  start(retained: Retained): void {
    this.#retained = retained;
    const { dependencies } = this.#o;
    this.#supervised = supervise({
      name: `projection.${this.#views.map(({ name }) => name).join('+')}`,
      clock: systemClock,
      logger: dependencies.logger,
      onFatal: dependencies.onFatal,
      onRestart: (code) => {
        for (const { name } of this.#views) dependencies.metrics.restarts.inc({ view: name, code });
      },
      begin: (onCrash) => this.#begin(onCrash),
    });
  }

  /** Takes a batch of the reader. A returned promise resolves when there is room for more. */
  push(batch: FetchedBatch): Promise<void> | undefined {
    this.#retained.add(batch);
    if (!this.#isFollowing || this.#task === null) {
      if (this.#retained.records > this.#recordsMax * 2) this.#retained.clear();
      return undefined;
    }
    const room = this.#task.push(batch);
    this.#endWhenStalled();
    return room === undefined ? undefined : Promise.race([room, this.#released.promise]);
  }

  /** Resolves with `ok` when it reads, and does not wait for a store or the registry. */
  health(): { ok: boolean; detail: string } {
    const task = this.#supervised?.alive() === true ? this.#task : null;
    if (task === null) return { ok: false, detail: this.#supervised?.lastError() ?? 'reading its positions' };
    if (task.problem !== null) return { ok: false, detail: `waits: ${task.problem}` };
    return { ok: true, detail: this.#isFollowing ? 'reading' : 'catching up' };
  }

  /** Returns the committed positions of a view. */
  positions(view: string): readonly Position[] {
    return this.#task?.views.find(({ name }) => name === view)?.committed.entries() ?? [];
  }

  /** Begins again when the store has lost or replaced a read model: also without new records. */
  async look(): Promise<void> {
    const task = this.#task;
    if (task === null) return;
    // A commit during the check only increases the positions.
    for (const { name, sink, committed } of task.views)
      if (!(await sink.holds(committed.entries())) && task === this.#task)
        return this.#crash(new ProjectionError('PROJECTION_ZOMBIE', `${name}: the read model was replaced or lost`));
  }

  /** Commits what it was given and stops; batches are retained from now on. */
  async leave(): Promise<void> {
    this.#isFollowing = false;
    await this.#task?.finish();
    await this.close();
  }

  /** Waits for the commit under way, at most 5 s, and stops. */
  async close(): Promise<void> {
    await this.#supervised?.close();
  }

  get #recordsMax(): number {
    return this.#o.store.recordsMax ?? this.#o.dependencies.batchRecordsMax ?? BATCH_RECORDS_MAX;
  }

  async #begin(onCrash: (error: unknown) => void): Promise<Life> {
    for (const name of this.#failing) this.#setApart(name);
    this.#failing = [];
    const views = this.#covered(this.#prepared ?? (await this.#tracked()));
    this.#prepared = null;
    const task: ViewsTask = new ViewsTask({
      ...this.#o.dependencies,
      ...{ store: this.#o.store, views, deadLetter: this.#o.deadLetter, isPatient: this.#o.isPatient },
      batchRecordsMax: this.#recordsMax,
      onCommitted: () => this.#retained.settle((place) => nextOf(views, place)),
      onProblem: () => this.#endWhenStalled(),
      onCrash: (error) => {
        if (error instanceof ViewsApart) this.#failing = error.views;
        onCrash(error);
      },
    });
    this.#task = task;
    this.#crash = onCrash;
    this.#released = Promise.withResolvers();
    const ended = new AbortController();
    this.#follow(task, ended.signal).catch((error: unknown) => {
      if (!ended.signal.aborted) onCrash(error);
    });
    return {
      close: async () => {
        ended.abort();
        this.#isFollowing = false;
        this.#task = null;
        this.#released.resolve();
        await task.drop();
      },
    };
  }

  async #follow(task: ViewsTask, signal: AbortSignal): Promise<void> {
    const { log } = this.#o.dependencies;
    const places = task.views.flatMap(({ committed }) => committed.entries());
    const fed = new Committed(places.map((place) => ({ ...place, offset: nextOf(task.views, place) })));
    await catchUp({
      ...{ log, places, fed, retained: this.#retained, signal },
      push: (batch) => task.push(batch),
      onCaughtUp: () => {
        this.#isFollowing = !signal.aborted;
      },
    });
  }

  /** Reads the positions of all views; a view whose positions cannot be read is set apart from the others. */
  async #tracked(): Promise<readonly TrackedView[]> {
    const { dependencies, partitions } = this.#o;
    const { tracked, failed } = await trackViews(this.#views, dependencies.log, partitions);
    for (const { name } of failed) this.#setApart(name);
    return tracked;
  }

  /** Returns the views that need no other records than the reader's; when there are none, all of them. */
  #covered(tracked: readonly TrackedView[]): readonly TrackedView[] {
    const covered = tracked.filter((view) => isCovered(view, this.#retained));
    if (covered.length === 0) return tracked;
    for (const view of tracked) if (!covered.includes(view)) this.#setApart(view.name);
    return covered;
  }

  /** Gives up a view, unless it is the only one. */
  #setApart(name: string): void {
    const view = this.#views.find((candidate) => candidate.name === name);
    if (view === undefined || this.#views.length === 1) return;
    this.#views = this.#views.filter((candidate) => candidate !== view);
    this.#o.setApart(view, this.#retained.copy());
  }

  /** Ends a life that is full because its store is unavailable: the reader does not wait for it. */
  #endWhenStalled(): void {
    const problem = this.#task?.problem ?? null;
    if (problem === null || this.#task?.isFull !== true || this.#o.isAlone()) return;
    this.#crash(new ProjectionError('STORE_STALLED', problem));
  }
}
