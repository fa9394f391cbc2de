import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import { partitionId } from '../../infra/kafka/partition-id.ts';
import type { CommittedOffset, LogRecord } from '../../infra/kafka/port.ts';
import { deadLetterHeaders, isRedriven } from '../../infra/runner/dead-letters/write.ts';
import { lineOf, relayed } from './model.ts';
import { Violation } from './violation.ts';

/**
 * Checks each decided transaction of a parking processor: every record that its offsets pass has an output or a dead
 * letter, and the outputs of a key are in the order of its events without gaps, however long the key was parked.
 */
export class RelayLedger {
  readonly #broker: MemoryBroker;
  readonly #passed = new Map<string, number>();
  /** Lines of each key, in the order in which they were written. */
  readonly #said = new Map<string, string[]>();
  readonly #letters = new Set<string>();
  /** Events of each key, in order. */
  readonly #events = new Map<string, readonly LogRecord[]>();
  readonly #known = new Set<string>();
  #eventsInAll = 0;
  #saidInAll = 0;
  readonly outputs: string[] = [];

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  /** True while some passed records have no output yet. */
  get isParked(): boolean {
    return this.#saidInAll < this.#eventsInAll;
  }

  /** Throws a Violation when an event that readers see was neither read nor handed on. */
  checkNoneLost(events: readonly LogRecord[]): void {
    const lost = events.filter(({ headers }) => !isRedriven(headers) && !this.#known.has(headers['ce_id'] ?? ''));
    if (lost.length > 0) throw new Violation('no-input-lost', `relay: never decided ${lost.map(lineOf).join('; ')}`);
  }

  /** `handedOn`: events that were written and handed on in this transaction; none where the relay runs apart. */
  take(
    { records, offsets }: Pick<DecidedTransaction, 'records' | 'offsets'>,
    handedOn: readonly LogRecord[] = [],
  ): void {
    const passed = [...offsets.flatMap((committed) => this.#pass(committed)), ...handedOn];
    for (const event of passed) {
      // A switch of the layout passes, for the relay apart, what was handed on to it.
      const id = event.headers['ce_id'] ?? '';
      if (this.#known.has(id)) continue;
      this.#known.add(id);
      const key = event.key ?? '';
      this.#events.set(key, [...(this.#events.get(key) ?? []), event]);
      this.#eventsInAll += 1;
    }
    for (const record of records) this.#take(record);
    for (const event of passed) {
      const line = relayed(event);
      if (!this.#letters.has(event.headers['ce_id'] ?? '') && this.#said.get(event.key ?? '')?.includes(line) !== true)
        throw new Violation('offsets-behind-outputs', `relay: passes an event without output: ${line}`);
    }
  }

  #pass({ topic, partition, offset }: CommittedOffset): readonly LogRecord[] {
    const place = partitionId({ topic, partition });
    const from = this.#passed.get(place) ?? 0;
    if (offset < from) throw new Violation('applied-once', `relay: ${place}: offset ${offset} after ${from}`);
    this.#passed.set(place, offset);
    return this.#broker
      .partition(topic, partition)
      .fetch(from, offset)
      .records.filter(({ headers }) => !isRedriven(headers));
  }

  #take(record: LogRecord): void {
    const { headers, key, topic } = record;
    if (headers[deadLetterHeaders.note] !== undefined) return;
    const line = lineOf(record);
    this.outputs.push(line);
    if (topic.endsWith('.dlq')) {
      const letter = headers['ce_id'] ?? '';
      if (this.#letters.has(letter)) throw new Violation('applied-once', `relay: again a letter of ${letter}`);
      this.#letters.add(letter);
      return;
    }
    const said = this.#said.get(key ?? '') ?? [];
    if (said.includes(line)) throw new Violation('applied-once', `relay: again ${line}`);
    const event = this.#events.get(key ?? '')?.[said.length];
    if (event === undefined || relayed(event) !== line)
      throw new Violation('order-per-key', `relay: ${line}, expected ${event === undefined ? 'none' : relayed(event)}`);
    said.push(line);
    this.#said.set(key ?? '', said);
    this.#saidInAll += 1;
  }
}
