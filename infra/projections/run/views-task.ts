import type { FetchedBatch, LogRecord } from '../../kafka/port.ts';
import { systemClock, waitOf } from '../../kit/clock.ts';
import { isForAnother } from '../../runner/dead-letters/write.ts';
import { traceProjected } from '../../tracing/read-spans.ts';
import type { Item } from '../sinks/sink.ts';
import { reads, type ViewPart } from './bound-view.ts';
import { Committer, type CommitterOptions } from './committer.ts';
import type { Decoder } from './decode-once.ts';
import { type Chunk, Gatherer } from './gather.ts';
import { interpret, interpretNewSchema } from './interpret.ts';
import type { TrackedView } from './tracked-view.ts';
import { TransientRetry } from './transient-retry.ts';

/** Default bound on the records of one transaction: large enough to be cheap, small enough to be fast. */
export const BATCH_RECORDS_MAX = 5_000;
const COMMIT_MS_MAX = 5_000;

/** The views and the services of a task. */
export interface ViewsTaskOptions extends CommitterOptions {
  readonly views: readonly TrackedView[];
  readonly decoder: Decoder;
  readonly now: () => number;
  readonly batchRecordsMax?: number;
  /** Returns true for a topic whose records may wait a quarter of a second for others. Default: none may. */
  readonly isPatient?: (topic: string) => boolean;
  /** Called after each commit. */
  readonly onCommitted?: () => void;
  /** Called at each failed attempt that is repeated. */
  readonly onProblem?: () => void;
  /** Called when the task has failed; the next one reads uncommitted records again. */
  readonly onCrash: (error: unknown) => void;
}

/** Writes records to the views of one store, in a loop: gather, interpret for each view, commit. */
export class ViewsTask {
  readonly #o: ViewsTaskOptions;
  readonly #gatherer: Gatherer;
  readonly #retry: TransientRetry;
  readonly #committer: Committer;
  readonly #stop = new AbortController();
  #commits = 0;
  readonly done: Promise<void>;

  constructor(options: ViewsTaskOptions) {
    this.#o = options;
    const { views, logger, onProblem = () => undefined } = options;
    this.#gatherer = new Gatherer(options.batchRecordsMax ?? BATCH_RECORDS_MAX);
    this.#retry = new TransientRetry(views.map(({ name }) => name).join('+'), logger, this.#stop.signal, onProblem);
    this.#committer = new Committer(options, views, this.#retry);
    this.done = this.#run().catch((error: unknown) => {
      this.#gatherer.close();
      if (!this.#stop.signal.aborted) options.onCrash(error);
    });
  }

  /** The error that it retries; null when there is none. */
  get problem(): string | null {
    return this.#retry.problem;
  }

  /** True when no more records fit. */
  get isFull(): boolean {
    return this.#gatherer.isFull;
  }

  /** Number of commits with records. */
  get commits(): number {
    return this.#commits;
  }

  get views(): readonly TrackedView[] {
    return this.#o.views;
  }

  /** Takes a batch. A returned promise resolves when there is room for more. */
  push(batch: FetchedBatch): Promise<void> | undefined {
    return this.#gatherer.put(batch, this.#o.isPatient?.(batch.topic) ?? false);
  }

  /** Commits all pushed records, then ends. */
  async finish(): Promise<void> {
    this.#gatherer.end();
    await this.done;
  }

  /** Waits for the commit under way and makes no further one. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#gatherer.close();
    await this.done;
  }

  /** Stops, but waits at most 5 s: after that the store ends the commit itself, completely or not at all. */
  async drop(): Promise<void> {
    const late = waitOf(systemClock, COMMIT_MS_MAX);
    await Promise.race([this.stop(), late.over]);
    late.end();
  }

  /**
   * Makes one commit after the other. During a commit, records are gathered for the next; a full commit of them is
   * interpreted meanwhile, so that with a backlog this process and the store work at the same time.
   */
  async #run(): Promise<void> {
    let committing: Promise<void> = Promise.resolve();
    for (;;) {
      await Promise.race([committing, this.#gatherer.full()]);
      const chunks = await this.#gatherer.take();
      if (chunks === null) break;
      const items = await this.#interpreted(chunks);
      await committing;
      committing = this.#settle(chunks, items);
      // Its rejection is handled where it is awaited, in the next round.
      committing.catch(() => undefined);
    }
    await committing;
  }

  async #settle(chunks: readonly Chunk[], items: ReadonlyMap<string, readonly Item[]>): Promise<void> {
    const { metrics, now, views } = this.#o;
    const began = now();
    const parts = views.map((view): ViewPart & { readonly chunks: readonly Chunk[] } => {
      const mine = chunks.filter(({ topic }) => reads(view, topic));
      const advances = view.committed.advancesTo(mine);
      return { view: view.name, chunks: mine, items: items.get(view.name) ?? [], advances };
    });
    await this.#committer.commit(parts);
    for (const { view, items: mine } of parts)
      for (const { record, changes } of mine)
        if (changes.length > 0) traceProjected(view, this.#o.store.store, record, began);
    this.#o.onCommitted?.();
    if (chunks.some(({ records }) => records.length > 0)) this.#commits += 1;
    for (const { view, chunks: mine } of parts) {
      const records = mine.reduce((total, chunk) => total + chunk.records.length, 0);
      if (records === 0) continue;
      metrics.transactionSeconds.observe({ view }, (now() - began) / 1000);
      metrics.batchRecords.observe({ view }, records);
      metrics.recordsIn.inc({ view }, records);
      const oldest = mine.flatMap(({ records: [first] }) => (first === undefined ? [] : [first.timestampMs]));
      metrics.ageSeconds.observe({ view }, Math.max(0, now() - Math.min(...oldest)) / 1000);
    }
  }

  /** Interprets records for each view that does not have them; rejected ones are dead-lettered for that view. */
  async #interpreted(chunks: readonly Chunk[]): Promise<ReadonlyMap<string, readonly Item[]>> {
    const items = new Map<string, Item[]>(this.#o.views.map(({ name }) => [name, []]));
    for (const chunk of chunks) {
      const readers = this.#o.views
        .filter((view) => reads(view, chunk.topic))
        .map((view) => ({ view, committed: view.committed.nextOf(chunk), items: items.get(view.name) ?? [] }));
      for (const record of chunk.records)
        for (const reader of readers) {
          if (record.offset < reader.committed) continue;
          // Awaited only when needed: a microtask per record would cost more than the work itself.
          const waits = this.#interpretFor(reader.view, record, reader.items);
          if (waits !== undefined) await waits;
        }
    }
    return items;
  }

  #interpretFor(view: TrackedView, record: LogRecord, items: Item[]): Promise<void> | undefined {
    if (isForAnother(record.headers, `projection.${view.name}`)) return undefined;
    const { decoder } = this.#o;
    const result = interpret(record, decoder, view.apply);
    if (result === null)
      return this.#retry
        .run(() => interpretNewSchema(record, decoder, view.apply))
        .then((late) => ('error' in late ? this.#committer.refuse(view.name, late) : void items.push(late)));
    if ('error' in result) return this.#committer.refuse(view.name, result);
    items.push(result);
    return undefined;
  }
}
