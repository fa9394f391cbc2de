import type { LogRecord } from '../../infra/kafka/log.ts';
import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import { placeOf } from '../../infra/kafka/memory/partition.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import { deadLetterHeaders, isRedriven } from '../../infra/kafka/runner/dead-letter.ts';
import { lineOf, relayed } from './model.ts';
import { Violation } from './violation.ts';

/**
 * Holds each decided transaction of a processor that parks against its rules: what its offsets pass has an output or a
 * letter, and the outputs of a key come in the order of its events with none left out, however long the key was parked.
 */
export class RelayLedger {
  readonly #broker: MemoryBroker;
  readonly #input: string;
  readonly #passed = new Map<string, number>();
  /** Lines of each key, in the order they were written. */
  readonly #said = new Map<string, string[]>();
  readonly #letters = new Set<string>();
  #events = 0;
  #saidInAll = 0;
  readonly outputs: string[] = [];

  constructor(broker: MemoryBroker, input: string) {
    this.#broker = broker;
    this.#input = input;
  }

  /** What was passed is not all said yet. */
  get isParked(): boolean {
    return this.#saidInAll < this.#events;
  }

  take({ records, offsets }: DecidedTransaction): void {
    for (const record of records) this.#take(record);
    for (const { topic, partition, offset } of offsets) {
      const place = placeOf({ topic, partition });
      const from = this.#passed.get(place) ?? 0;
      if (offset < from) throw new Violation('applied-once', `relay: ${place}: offset ${offset} after ${from}`);
      this.#passed.set(place, offset);
      for (const event of this.#broker.partition(topic, partition).fetch(from, offset).records) {
        if (isRedriven(event.headers)) continue;
        this.#events += 1;
        const line = relayed(event);
        if (!this.#letters.has(`${place} ${event.offset}`) && this.#said.get(event.key ?? '')?.includes(line) !== true)
          throw new Violation('offsets-behind-outputs', `relay: offsets pass what has no output: ${line}`);
      }
    }
  }

  #take(record: LogRecord): void {
    const { headers, key, partition, topic } = record;
    if (headers[deadLetterHeaders.note] !== undefined) return;
    const line = lineOf(record);
    this.outputs.push(line);
    if (topic.endsWith('.dlq')) {
      const letter = `${this.#input} ${partition} ${headers[deadLetterHeaders.offset]}`;
      if (this.#letters.has(letter)) throw new Violation('applied-once', `relay: again a letter of ${letter}`);
      this.#letters.add(letter);
      return;
    }
    const said = this.#said.get(key ?? '') ?? [];
    if (said.includes(line)) throw new Violation('applied-once', `relay: again ${line}`);
    const event = this.#eventsOf(key, partition)[said.length];
    if (event === undefined || relayed(event) !== line)
      throw new Violation('order-per-key', `relay: ${line}, expected ${event === undefined ? 'none' : relayed(event)}`);
    said.push(line);
    this.#said.set(key ?? '', said);
    this.#saidInAll += 1;
  }

  #eventsOf(key: string | null, partition: number): readonly LogRecord[] {
    const { records } = this.#broker.partition(this.#input, partition).fetch(0);
    return records.filter((event) => event.key === key && !isRedriven(event.headers));
  }
}
