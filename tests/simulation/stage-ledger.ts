import type { LogRecord } from '../../infra/kafka/log.ts';
import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import { placeOf } from '../../infra/kafka/memory/partition.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import { lineOf, type StageModel, stateLine } from './model.ts';
import { Violation } from './violation.ts';

/**
 * Holds each decided transaction of one processor against the model: its outputs and states are those of exactly the
 * records that its offsets pass, in their order.
 */
export class StageLedger {
  readonly #broker: MemoryBroker;
  readonly #model: StageModel;
  /** Next offset of each input partition, decided. */
  readonly #passed = new Map<string, number>();
  /** What was written for each output id. */
  readonly #written = new Set<string>();
  readonly outputs: string[] = [];
  readonly states = new Map<string, string | null>();

  constructor(broker: MemoryBroker, model: StageModel) {
    this.#broker = broker;
    this.#model = model;
  }

  take({ records, offsets }: DecidedTransaction): void {
    const expected: string[] = [];
    const states = new Map<string, string | null>();
    const again: string[] = [];
    for (const { topic, partition, offset } of offsets) {
      const place = placeOf({ topic, partition });
      const from = this.#passed.get(place) ?? 0;
      if (offset < from) again.push(`${place}: offset ${offset} after ${from}`);
      for (const record of this.#broker.partition(topic, partition).fetch(from, offset).records) {
        const { outputs, state } = this.#model.take(record);
        expected.push(...outputs);
        if (state !== undefined) states.set(record.key ?? '', state);
      }
      this.#passed.set(place, Math.max(from, offset));
    }
    this.#compareOutputs(records, expected, again);
    this.#compareStates(records, states);
  }

  #compareOutputs(records: readonly LogRecord[], expected: readonly string[], again: string[]): void {
    const { name, state } = this.#model;
    const actual = records.filter(({ topic }) => topic !== state);
    const lines = actual.map(lineOf);
    for (const [index, record] of actual.entries()) {
      const id = `${record.topic} ${record.headers['ce_id']}`;
      if (this.#written.has(id)) again.push(lines[index] ?? '');
      this.#written.add(id);
    }
    if (again.length > 0) throw new Violation('applied-once', `${name}: again ${again.join('; ')}`);
    this.outputs.push(...lines);
    if (lines.join('\n') === expected.join('\n')) return;
    const missing = expected.filter((line) => !lines.includes(line));
    if (missing.length > 0)
      throw new Violation(
        'offsets-behind-outputs',
        `${name}: offsets pass what has no output: ${missing.join('; ')}, but ${lines.join('; ')}`,
      );
    throw new Violation('order-per-key', `${name}: ${lines.join('; ')}, expected ${expected.join('; ')}`);
  }

  #compareStates(records: readonly LogRecord[], expected: ReadonlyMap<string, string | null>): void {
    const { name, state } = this.#model;
    const written = new Map<string, string | null>();
    for (const { topic, key, value } of records) if (topic === state) written.set(key ?? '', stateLine(value));
    for (const key of new Set([...expected.keys(), ...written.keys()])) {
      const [is, should] = [written.get(key), expected.get(key)];
      if (is !== should) throw new Violation('state-is-fold', `${name}: state of ${key} is ${is}, the fold ${should}`);
      this.states.set(key, is ?? null);
    }
  }
}
