import type { ProjectedMeta } from '../../projections/kernel.ts';
import type { AnyRecord } from '../../streams/kernel.ts';
import type { RecordDecoder } from '../kafka/decode.ts';
import { codeOf, messageOf } from '../kafka/errors.ts';
import type { FetchedBatch } from '../kafka/log.ts';
import { isForAnother } from '../kafka/runner/dead-letter.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Committed, halves, type Part } from './advances.ts';
import { ProjectionError, UnwritableError } from './errors.ts';
import { type Chunk, Gatherer } from './gather.ts';
import { interpret, interpretNewSchema, type Refused } from './interpret.ts';
import type { ProjectionMetrics } from './metrics.ts';
import type { Item, Sink } from './sink.ts';

/** Records of one transaction at most: long enough to be cheap, short enough to be quick. */
export const BATCH_RECORDS_MAX = 5_000;
const RETRY_MS = { first: 50, max: 5_000 };

export interface TaskOptions<Change> {
  readonly view: string;
  readonly sink: Sink<Change>;
  readonly apply: (record: AnyRecord, meta: ProjectedMeta) => readonly Change[];
  readonly decoder: RecordDecoder;
  /** Resolves once the log has the dead letter. A crash before the commit that follows may write it once more. */
  readonly deadLetter: (refused: Refused) => Promise<void>;
  readonly metrics: ProjectionMetrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly batchRecordsMax?: number;
}

/** Feeds one read model with the partitions of one assignment: gather, interpret, commit, again. */
export class ViewTask<Change> {
  readonly #o: TaskOptions<Change>;
  readonly #committed: Committed;
  readonly #gatherer: Gatherer;
  readonly #stop = new AbortController();
  #problem: string | null = null;
  readonly done: Promise<void>;

  /** `onCrash`: the task has ended; what it did not commit is read again by the next one. */
  constructor(options: TaskOptions<Change>, committed: Committed, onCrash: (error: unknown) => void) {
    this.#o = options;
    this.#committed = committed;
    this.#gatherer = new Gatherer(options.batchRecordsMax ?? BATCH_RECORDS_MAX);
    this.done = this.#run().catch((error: unknown) => {
      this.#gatherer.close();
      if (!this.#stop.signal.aborted) onCrash(error);
    });
  }

  /** Why it waits; null when it does not. */
  get problem(): string | null {
    return this.#problem;
  }

  get committed(): Committed {
    return this.#committed;
  }

  put(batch: FetchedBatch): Promise<void> | undefined {
    return this.#gatherer.put(batch);
  }

  /** Commits all that was put, then ends. */
  async finish(): Promise<void> {
    this.#gatherer.end();
    await this.done;
  }

  /** Lets the commit under way end, and takes up nothing more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#gatherer.close();
    await this.done;
  }

  /**
   * Commits one after the other. While one is under way, records gather for the next; when they are a whole commit, they
   * are interpreted meanwhile, so that a backlog keeps this process and the store at work at the same time.
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
      // Told where it is awaited: at the next turn.
      committing.catch(() => undefined);
    }
    await committing;
  }

  async #settle(chunks: readonly Chunk[], items: readonly Item<Change>[]): Promise<void> {
    const { metrics, view, now } = this.#o;
    const began = now();
    await this.#commit({ items, advances: this.#committed.advancesTo(chunks) });
    const records = chunks.reduce((total, chunk) => total + chunk.records.length, 0);
    if (records === 0) return;
    metrics.transactionSeconds.observe({ view }, (now() - began) / 1000);
    metrics.batchRecords.observe({ view }, records);
    metrics.recordsIn.inc({ view }, records);
    const oldest = chunks.flatMap(({ records: [first] }) => (first === undefined ? [] : [first.timestampMs]));
    metrics.ageSeconds.observe({ view }, Math.max(0, now() - Math.min(...oldest)) / 1000);
  }

  /** What the records mean. Those that cannot be read go to the dead letters on the way. */
  async #interpreted(chunks: readonly Chunk[]): Promise<Item<Change>[]> {
    const { decoder, apply, view } = this.#o;
    const items: Item<Change>[] = [];
    for (const chunk of chunks) {
      const committed = this.#committed.nextOf(chunk);
      for (const record of chunk.records) {
        if (record.offset < committed || isForAnother(record.headers, `projection.${view}`)) continue;
        let result = interpret(record, decoder, apply);
        // Awaited only when it must be: a microtask a record would cost more than the work itself.
        if (result === null) result = await this.#retried(() => interpretNewSchema(record, decoder, apply));
        if ('error' in result) await this.#refuse(result);
        else items.push(result);
      }
    }
    return items;
  }

  async #commit(part: Part<Change>): Promise<void> {
    if (part.advances.length === 0) return;
    try {
      await this.#retried(() => this.#o.sink.commit(part.items, part.advances));
      this.#committed.settle(part.advances);
    } catch (error) {
      if (!(error instanceof UnwritableError)) throw error;
      const [only, ...others] = part.items;
      if (only === undefined) throw error;
      if (others.length === 0) {
        await this.#refuse({ record: only.record, error });
        return this.#commit({ items: [], advances: part.advances });
      }
      const [former, latter] = halves(part);
      await this.#commit(former);
      await this.#commit(latter);
    }
  }

  async #refuse(refused: Refused): Promise<void> {
    const { record, error } = refused;
    const { logger, metrics, view } = this.#o;
    const { topic, partition, offset } = record;
    logger.error({ view, topic, partition, offset, code: codeOf(error), detail: messageOf(error) }, 'dead letter');
    await this.#retried(() => this.#o.deadLetter(refused));
    metrics.deadLetters.inc({ view, code: codeOf(error) });
  }

  /** Tries again until it works or the task stops: what is away comes back, and nothing is read meanwhile. */
  async #retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (let delayMs = RETRY_MS.first; ; delayMs = Math.min(delayMs * 2, RETRY_MS.max)) {
      try {
        const result = await attempt();
        this.#problem = null;
        return result;
      } catch (error) {
        if (error instanceof ProjectionError || error instanceof UnwritableError || codeOf(error) === 'UNEXPECTED')
          throw error;
        this.#problem = `${codeOf(error)}: ${messageOf(error)}`;
        this.#o.logger.warn({ view: this.#o.view, code: codeOf(error), detail: messageOf(error), delayMs }, 'waits');
      }
      await pause(delayMs, this.#stop.signal);
      if (this.#stop.signal.aborted) throw new ProjectionError('PROJECTION_STOPPED', `${this.#o.view} stops`);
    }
  }
}

/** Resolves after `ms`, or at once when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
