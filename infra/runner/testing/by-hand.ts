import type { Counter, Gauge, Histogram } from 'prom-client';
import type { OutgoingRecord, TransactionBatch, Transactor } from '../../kafka/port.ts';

/** Waits until everything has run that waits neither for time nor for the test. */
export const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Returns the current state of a promise. */
export function watch<T>(promise: Promise<T>) {
  const seen: { over: boolean; value?: T; error?: unknown } = { over: false };
  promise.then(
    (value) => Object.assign(seen, { over: true, value }),
    (error: unknown) => Object.assign(seen, { over: true, error }),
  );
  return seen;
}

/** Returns whether a promise settles without further input. */
export async function ends(running: Promise<unknown>): Promise<boolean> {
  const seen = watch(running);
  await quiet();
  return seen.over;
}

/** A transactor that records its commits. It answers at once, or on demand after `hold`. */
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

  /** Answers the commit under way, with an error if one is given. */
  async answer(error?: unknown): Promise<void> {
    const held = this.#held.shift();
    if (error === undefined) held?.resolve();
    else held?.reject(error);
    await quiet();
  }

  /** Returns the offset of the first partition in the last commit. */
  get offset(): number | undefined {
    return this.batches.at(-1)?.offsets[0]?.offset;
  }

  /** Returns the committed offsets of each transaction: `<topic's last word>@<offset>`. */
  get offsets(): readonly string[] {
    return this.batches.map(({ offsets }) => offsets.map(({ topic, offset }) => `${wordOf(topic)}@${offset}`).join());
  }

  get records(): readonly OutgoingRecord[] {
    return this.batches.flatMap(({ records }) => records);
  }
}

const wordOf = (topic: string): string => topic.slice(topic.lastIndexOf('.') + 1);

type Metric = Counter<string> | Gauge<string> | Histogram<string>;

/** Returns the values of a metric by labels; of a histogram the sum and the count. */
export async function valuesOf(metric: Metric): Promise<readonly (readonly [labels: object, value: number])[]> {
  const { values } = await metric.get();
  return values
    .filter((value) => !('metricName' in value) || !String(value.metricName).endsWith('_bucket'))
    .map(({ labels, value }) => [labels, value]);
}

/** Returns the value of a counter or a gauge, by the values of its labels. */
export const readingOf = async (metric: Metric): Promise<Record<string, number>> =>
  Object.fromEntries((await valuesOf(metric)).map(([labels, value]) => [Object.values(labels).join(' '), value]));

/** Returns sum and count of a histogram, by the values of its labels. */
export async function observedOf(metric: Histogram<string>): Promise<Record<string, { count: number; sum: number }>> {
  const observed: Record<string, { count: number; sum: number }> = {};
  for (const [labels, value] of await valuesOf(metric)) {
    const at = Object.values(labels).join(' ');
    const sum = observed[at]?.sum;
    observed[at] = sum === undefined ? { sum: value, count: 0 } : { sum, count: value };
  }
  return observed;
}
