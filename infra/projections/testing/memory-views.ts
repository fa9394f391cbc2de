import { Registry } from 'prom-client';
import type { AnyRecord, AnyTopic } from '../../../streams/kernel.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { partitionId } from '../../kafka/partition-id.ts';
import type { Log } from '../../kafka/port.ts';
import { createLogger } from '../../kit/logger.ts';
import { ProjectionError, UnwritableError } from '../errors.ts';
import type { BoundView, StoreViews, ViewPart } from '../run/bound-view.ts';
import type { Decoder } from '../run/decode-once.ts';
import { createProjectionMetrics } from '../run/metrics.ts';
import type { ViewDependencies } from '../run/view-dependencies.ts';

const failure = (code: string): Error => Object.assign(new Error(`the store failed: ${code}`), { code });

/** A store in memory: rows and positions of several views change in one transaction, each position from its expected value. */
export class MemoryStore implements StoreViews<string> {
  readonly store = 'memory';
  readonly views: readonly BoundView<string>[];
  /** The views of each transaction. */
  readonly transactions: string[][] = [];
  /** Views whose table cannot be written for now. */
  readonly broken = new Set<string>();
  isDown = false;
  /** A planted bug: the position of this view is not checked. */
  unchecked = '';
  /** A row that the named view can never hold. */
  refused = { view: '', row: '' };
  readonly #rows = new Map<string, string[]>();
  readonly #positions = new Map<string, number>();

  /** `topics` by view. Each record yields its text as a row. */
  constructor(topics: Readonly<Record<string, readonly string[]>>, lanes: Readonly<Record<string, 'batch'>> = {}) {
    this.views = Object.entries(topics).map(([name, inputs]) => ({
      ...{ name, lane: lanes[name] },
      inputs: inputs.map((input) => ({ name: input }) as AnyTopic),
      apply: (record) => [(record as unknown as { text: string }).text],
      sink: {
        positions: async (marks) => {
          this.#answer();
          return marks.map(({ topic, partition }) => ({
            ...{ topic, partition },
            offset: this.position(name, topic, partition),
          }));
        },
        holds: async (positions) =>
          positions.every(({ topic, partition, offset }) => this.position(name, topic, partition) >= offset),
        commit: (items, advances) => this.commit([{ view: name, items, advances }]),
      },
    }));
  }

  rows(view: string): readonly string[] {
    return this.#rows.get(view) ?? [];
  }

  position(view: string, topic: string, partition = 0): number {
    return this.#positions.get(`${view} ${partitionId({ topic, partition })}`) ?? 0;
  }

  /** Forgets the rows and the positions of a view. */
  lose(view: string): void {
    this.#rows.delete(view);
    for (const key of this.#positions.keys()) if (key.startsWith(`${view} `)) this.#positions.delete(key);
  }

  async commit(parts: readonly ViewPart<string>[]): Promise<void> {
    this.#answer();
    for (const { view, advances } of parts)
      for (const { topic, partition, expected } of advances)
        if (view !== this.unchecked && this.position(view, topic, partition) !== expected)
          throw new ProjectionError('PROJECTION_ZOMBIE', `${view} is not where it was left`);
    for (const { view, items } of parts) {
      if (this.broken.has(view)) throw failure('55P03');
      for (const { changes } of items)
        if (view === this.refused.view && changes.includes(this.refused.row)) throw new UnwritableError('not a row');
    }
    for (const { view, items, advances } of parts) {
      this.#rows.set(view, [...this.rows(view), ...items.flatMap(({ changes }) => changes)]);
      for (const { topic, partition, next } of advances)
        this.#positions.set(`${view} ${partitionId({ topic, partition })}`, next);
    }
    this.transactions.push(parts.map(({ view }) => view));
  }

  #answer(): void {
    if (this.isDown) throw failure('ECONNREFUSED');
  }
}

/** A decoder of records whose value is a text. Counts its work. */
export class TextDecoder implements Decoder {
  decoded = 0;

  decodeSync(record: Parameters<Decoder['decodeSync']>[0]): ReturnType<Decoder['decodeSync']> {
    this.decoded += 1;
    const text = record.value?.toString() ?? '';
    return { record: { text } as unknown as AnyRecord, meta: {} as ReturnType<Decoder['decodeSync']>['meta'] };
  }

  async decode(record: Parameters<Decoder['decode']>[0]): ReturnType<Decoder['decode']> {
    return this.decodeSync(record);
  }
}

/** Creates a log with topics, of one partition if not stated, and their dead letters. */
export async function logWith(...topics: readonly (string | readonly [string, number])[]): Promise<MemoryLog> {
  const log = new MemoryLog();
  const made = topics.map((topic) => (typeof topic === 'string' ? ([topic, 1] as const) : topic));
  const names = made.flatMap(([name, partitions]) => [name, `${name}.dlq`].map((each) => [each, partitions] as const));
  await log.createTopics(names.map(([name, partitions]) => ({ name, partitions, config: {} })));
  return log;
}

/** Appends texts to a topic, each to the partition of its key. */
export async function say(log: Log, topic: string, ...texts: readonly string[]): Promise<void> {
  const appender = await log.appender();
  await appender.append(
    texts.map((text) => ({ ...{ topic, partition: null, key: text, headers: {} }, value: Buffer.from(text) })),
  );
  await appender.close();
}

/** Returns the services of views. */
export const viewDependencies = (log: Log, more: Partial<ViewDependencies> = {}): ViewDependencies => ({
  ...{ log, decoder: new TextDecoder(), metrics: createProjectionMetrics(new Registry()) },
  ...{ logger: createLogger('test', 'silent'), now: Date.now },
  onFatal: (error) => {
    throw error;
  },
  ...more,
});
