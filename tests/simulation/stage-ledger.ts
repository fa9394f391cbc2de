import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import { partitionId } from '../../infra/kafka/partition-id.ts';
import type { LogRecord } from '../../infra/kafka/port.ts';
import { lineOf, type StageModel, stateLine } from './model.ts';
import { Violation } from './violation.ts';

/**
 * Checks each decided transaction of one processor against the model: its outputs and states are those of exactly the
 * records that its offsets pass, in order.
 */
export class StageLedger {
  readonly #broker: MemoryBroker;
  readonly #model: StageModel;
  /** Next offset of each input partition, by decided transactions. */
  readonly #passed = new Map<string, number>();
  /** Ids of written outputs. */
  readonly #written = new Set<string>();
  readonly outputs: string[] = [];
  readonly states = new Map<string, string | null>();
  /** Every decided state of each key. */
  readonly #ever = new Map<string, Set<string | null>>();

  constructor(broker: MemoryBroker, model: StageModel) {
    this.#broker = broker;
    this.#model = model;
  }

  take({ records, offsets }: DecidedTransaction): void {
    const { timers, state: stateTopic } = this.#model;
    const outputs = records.filter(({ topic }) => topic !== stateTopic && topic !== timers?.topic);
    const again: string[] = [];
    const inputs = offsets.map(({ topic, partition, offset }) => {
      const place = partitionId({ topic, partition });
      const from = this.#passed.get(place) ?? 0;
      if (offset < from) again.push(`${place}: offset ${offset} after ${from}`);
      this.#passed.set(place, Math.max(from, offset));
      return [...this.#broker.partition(topic, partition).fetch(from, offset).records];
    });
    this.#fire(records.filter(({ topic }) => topic === timers?.topic));
    const expected: string[] = [];
    const states = new Map<string, string | null>();
    for (const input of inTurn(inputs, outputs)) {
      const { outputs: lines, state } = this.#model.take(input);
      expected.push(...lines);
      if (state !== undefined) states.set(input.key ?? '', state);
    }
    this.#compareOutputs(outputs, expected, again);
    this.#compareStates(records, states);
  }

  #fire(commands: readonly LogRecord[]): void {
    const now = this.#broker.clock.now();
    for (const command of commands) {
      const line = `${this.#model.name}: timer ${lineOf(command)}`;
      const id = `timer ${command.headers['ce_id']}`;
      const early = Date.parse(command.headers['ce_time'] ?? '') > now;
      if (this.#written.has(id)) throw new Violation('timers-fire-once', `${line} again`);
      if (early || this.#model.timers?.isSet(command) !== true)
        throw new Violation('timers-fire-once', `${line} at ${now}, when it is not due`);
      this.#written.add(id);
      this.outputs.push(lineOf(command));
    }
  }

  #compareOutputs(actual: readonly LogRecord[], expected: readonly string[], again: string[]): void {
    const { name } = this.#model;
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
        `${name}: offsets pass records without output: ${missing.join('; ')}, but ${lines.join('; ')}`,
      );
    throw new Violation('order-per-key', `${name}: ${lines.join('; ')}, expected ${expected.join('; ')}`);
  }

  #compareStates(records: readonly LogRecord[], expected: ReadonlyMap<string, string | null>): void {
    const { name, state } = this.#model;
    const written = new Map<string, string | null>();
    for (const { topic, key, value } of records) if (topic === state) written.set(key ?? '', stateLine(value));
    for (const key of new Set([...expected.keys(), ...written.keys()])) {
      // A fired timer is marked in the state record; the state itself stays.
      // A state that stays need not be written.
      const is = written.has(key) ? written.get(key) : this.states.get(key);
      const should = expected.has(key) ? expected.get(key) : this.states.get(key);
      if (is !== should) throw new Violation('state-is-fold', `${name}: state of ${key} is ${is}, the fold ${should}`);
      this.states.set(key, is ?? null);
      this.#ever.set(key, (this.#ever.get(key) ?? new Set()).add(is ?? null));
    }
  }

  /** Checks a state shown by a process: it may be old, but must have been decided. */
  checkShown(key: string, state: unknown): void {
    const shown = JSON.stringify(state);
    if (this.#ever.get(key)?.has(shown) === true) return;
    throw new Violation('state-is-fold', `${this.#model.name}: ${shown} of ${key} is shown and was never committed`);
  }
}

/**
 * Yields the inputs in the order of their decisions: within a topic by offset, across topics by the order of the
 * outputs.
 */
function* inTurn(inputs: readonly LogRecord[][], outputs: readonly LogRecord[]): Generator<LogRecord> {
  const eventIdOf = ({ headers }: LogRecord): string => headers['ce_id'] ?? '';
  const causes = outputs.map((output) =>
    output.topic.endsWith('.dlq') ? eventIdOf(output) : output.headers['ce_causationid'],
  );
  const spoken = new Set(causes);
  for (;;) {
    const waiting = inputs.filter(({ length }) => length > 0);
    const silent = waiting.find(([head]) => head !== undefined && !spoken.has(eventIdOf(head)));
    const next = silent ?? waiting.find(([head]) => head !== undefined && eventIdOf(head) === causes[0]) ?? waiting[0];
    const head = next?.shift();
    if (head === undefined) return;
    if (eventIdOf(head) === causes[0]) causes.shift();
    yield head;
  }
}
