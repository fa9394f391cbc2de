import type { Counter, Gauge, Histogram } from 'prom-client';
import type { OutgoingRecord, TransactionBatch, Transactor } from '../log.ts';

/** Until everything that waits for no time, and for nothing that a test holds, has run. */
export const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a promise has come to so far. */
export function watch<T>(promise: Promise<T>) {
  const seen: { over: boolean; value?: T; error?: unknown } = { over: false };
  promise.then(
    (value) => Object.assign(seen, { over: true, value }),
    (error: unknown) => Object.assign(seen, { over: true, error }),
  );
  return seen;
}

/** Whether it comes to its end without anything more from outside. */
export async function ends(running: Promise<unknown>): Promise<boolean> {
  const seen = watch(running);
  await quiet();
  return seen.over;
}

/** Keeps what it is given to commit. Answers at once, or after `hold` when it is told to. */
export class RecordingTransactor implements Transactor {
  readonly batches: TransactionBatch[] = [];
  closed = false;
  #holds = false;
  #held: PromiseWithResolvers<void>[] = [];

  commit(batch: TransactionBatch): Promise<void> {
    this.batches.push(batch);
    if (!this.#holds) return Promise.resolve();
    const held = Promise.withResolvers<void>();
    this.#held.push(held);
    return held.promise;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  hold(): void {
    this.#holds = true;
  }

  /** Answers the commit under way; with an error, where one is given. */
  async answer(error?: unknown): Promise<void> {
    const held = this.#held.shift();
    if (error === undefined) held?.resolve();
    else held?.reject(error);
    await quiet();
  }

  /** How far the last commit says that the first of its partitions is done. */
  get offset(): number | undefined {
    return this.batches.at(-1)?.offsets[0]?.offset;
  }

  /** Of each transaction, where it leaves off: `<topic's last word>@<offset>`. */
  get offsets(): readonly string[] {
    return this.batches.map(({ offsets }) => offsets.map(({ topic, offset }) => `${wordOf(topic)}@${offset}`).join());
  }

  get records(): readonly OutgoingRecord[] {
    return this.batches.flatMap(({ records }) => records);
  }
}

const wordOf = (topic: string): string => topic.slice(topic.lastIndexOf('.') + 1);

type Metric = Counter<string> | Gauge<string> | Histogram<string>;

/** What a metric tells: of a histogram the sum and the number of what was observed, by labels. */
export async function valuesOf(metric: Metric): Promise<readonly (readonly [labels: object, value: number])[]> {
  const { values } = await metric.get();
  return values
    .filter((value) => !('metricName' in value) || !String(value.metricName).endsWith('_bucket'))
    .map(({ labels, value }) => [labels, value]);
}

/** What a counter or a gauge stands at, by the values of its labels. */
export const readingOf = async (metric: Metric): Promise<Record<string, number>> =>
  Object.fromEntries((await valuesOf(metric)).map(([labels, value]) => [Object.values(labels).join(' '), value]));

/** The sum of what a histogram was told, and how often, by the values of its labels. */
export async function observedOf(metric: Histogram<string>): Promise<Record<string, { count: number; sum: number }>> {
  const observed: Record<string, { count: number; sum: number }> = {};
  for (const [labels, value] of await valuesOf(metric)) {
    const at = Object.values(labels).join(' ');
    const sum = observed[at]?.sum;
    observed[at] = sum === undefined ? { sum: value, count: 0 } : { sum, count: value };
  }
  return observed;
}
