import type { Appender, Log, Reader } from '../../../infra/kafka/port.ts';
import { codec, command, keyOf, OUTPUT_TOPIC } from './job.ts';

/** Number of keys over which the probe's commands rotate. */
const KEYS = 100;
const ARRIVE_MS_MAX = 30_000;

/**
 * Appends commands at a steady rate and reads their outputs as a read_committed reader does. Both in one process, so
 * that one clock measures; identical for every side.
 */
export class Probe {
  readonly #appender: Appender;
  readonly #tail: Reader;
  readonly #sent: Map<number, number>;
  readonly #waits: number[];
  #next = 0;

  private constructor(appender: Appender, tail: Reader, sent: Map<number, number>, waits: number[]) {
    this.#appender = appender;
    this.#tail = tail;
    this.#sent = sent;
    this.#waits = waits;
  }

  static async open(log: Log): Promise<Probe> {
    const sent = new Map<number, number>();
    const waits: number[] = [];
    const tail = await log.tail({
      topics: [OUTPUT_TOPIC],
      from: 'end',
      onBatch: ({ records }) => {
        const now = performance.now();
        for (const { value } of records) {
          const said = value === null ? null : codec.decode(value);
          const n = said?.type === 'InferenceFailed' ? Number.parseInt(said.data.detail, 10) : Number.NaN;
          const began = sent.get(n);
          if (began === undefined) continue;
          sent.delete(n);
          waits.push(now - began);
        }
      },
      onCrash: (error) => console.error(error),
    });
    return new Probe(await log.appender({ lingerMs: 0 }), tail, sent, waits);
  }

  /**
   * Returns the times from append to read, ms, of `count` commands at `perSecond`, open loop. Rejects when some do not
   * arrive.
   */
  async measure(topic: string, count: number, perSecond: number): Promise<readonly number[]> {
    this.#waits.length = 0;
    const appends: Promise<unknown>[] = [];
    const began = performance.now();
    for (let index = 0; index < count; index += 1) {
      const due = began + (index * 1_000) / perSecond;
      const early = due - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const record = command(this.#next, keyOf(this.#next % KEYS), topic);
      this.#sent.set(this.#next, performance.now());
      this.#next += 1;
      appends.push(this.#appender.append([record]));
    }
    await Promise.all(appends);
    const late = performance.now() + ARRIVE_MS_MAX;
    while (this.#waits.length < count) {
      if (performance.now() > late) throw new Error(`${this.#waits.length} of ${count} outputs were seen`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return [...this.#waits];
  }

  async close(): Promise<void> {
    await this.#appender.close();
    await this.#tail.close();
  }
}
