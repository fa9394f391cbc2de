import type { Headers } from '../../infra/kafka/log.ts';
import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import { deadLetterHeaders, isRedriven } from '../../infra/kafka/runner/dead-letter.ts';
import { topics } from '../../schemas/topics.ts';
import { tallyTimers, topicNames } from './load.ts';
import { lineOf, stageModels, stateLine } from './model.ts';
import { RelayLedger } from './relay-ledger.ts';
import type { SimProcess } from './sim-process.ts';
import { StageLedger } from './stage-ledger.ts';
import { Violation } from './violation.ts';
import { WorkerLedger } from './worker-ledger.ts';

const WORK = { group: 'khipu.work', input: topics.slmRequests.name };
const RELAY = { group: 'khipu.relay', input: topics.inferenceEvents.name };
const stageOf = (transactionalId: string): string => transactionalId.split('.').slice(0, 2).join('.');
const isNote = (headers: Headers): boolean => headers[deadLetterHeaders.note] !== undefined;

/** All that was decided, held against the invariants at each decision and, when all is at rest, against what a reader sees. */
export class Ledger {
  readonly #broker: MemoryBroker;
  readonly #models = stageModels();
  readonly #stages: ReadonlyMap<string, StageLedger>;
  readonly #worker: WorkerLedger;
  readonly #relay: RelayLedger;
  readonly #groups: readonly (readonly [group: string, input: string])[];
  transactions = 0;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
    this.#stages = new Map(this.#models.map((model) => [`khipu.${model.name}`, new StageLedger(this.#broker, model)]));
    this.#relay = new RelayLedger(broker, RELAY.input);
    this.#groups = [
      [RELAY.group, RELAY.input],
      ['khipu.tally', tallyTimers.name],
      ...this.#models.map(({ name, input }) => [`khipu.${name}`, input] as const),
      [WORK.group, WORK.input],
    ];
    this.#worker = new WorkerLedger(this.#broker);
  }

  /** Throws Violation. */
  take(transaction: DecidedTransaction): void {
    this.transactions += 1;
    const { group, transactionalId, records } = transaction;
    const stage = this.#stages.get(stageOf(transactionalId));
    if (group === WORK.group) this.#worker.take(transaction);
    else if (group === RELAY.group) this.#relay.take(transaction);
    // A timer may fire in a transaction without offsets.
    else if (stage !== undefined) stage.take(transaction);
    else if (!records.every(({ headers }) => isNote(headers) || isRedriven(headers)))
      throw new Violation('applied-once', `${transactionalId} wrote outputs without offsets`);
  }

  /** What a process shows of its keys in the middle of a transaction of the stage. Throws Violation. */
  checkShown(process: SimProcess, transactionalId: string): void {
    const stage = this.#stages.get(stageOf(transactionalId));
    if (stage === undefined) return;
    for (const key of stage.states.keys()) {
      const state = process.shown(stageOf(transactionalId), key);
      if (state !== undefined) stage.checkShown(key, state);
    }
  }

  /** Keys of the relay wait in the dead letters, all that can be worked off is. */
  get isParked(): boolean {
    return this.#relay.isParked;
  }

  /** The first thing that is not worked off: an open transaction, or an input that its group has not passed. */
  get left(): string | null {
    for (const topic of topicNames)
      for (const { partition, stableEnd, entries } of this.#broker.partitionsOf(topic))
        if (stableEnd < entries.length) return `${topic} ${partition} has an open transaction`;
    for (const [group, input] of this.#groups)
      for (const { partition, offset } of this.#broker.committed(group, [input])) {
        const end = this.#broker.partition(input, partition).stableEnd;
        if (Math.max(0, offset) < end) return `${group} stands at ${offset} of ${end} of ${input} ${partition}`;
      }
    for (const { name, timers } of this.#models) if (timers?.waiting === true) return `timers of ${name} are to fire`;
    return null;
  }

  /** What a reader sees is what was decided. Throws Violation. */
  checkReaders(): void {
    const decided = [...this.#stages.values(), this.#worker, this.#relay].flatMap(({ outputs }) => outputs);
    const seen: string[] = [];
    const states = new Map<string, string | null>();
    const stateTopics = new Map(this.#models.map(({ name, state }) => [state, name]));
    for (const topic of topicNames.filter((name) => name !== topics.inferenceCommands.name))
      for (const partition of this.#broker.partitionsOf(topic))
        for (const record of partition.fetch(0).records) {
          if (stateTopics.has(topic)) states.set(`${topic} ${record.key}`, stateLine(record.value));
          else if (!isNote(record.headers) && !isRedriven(record.headers)) seen.push(lineOf(record));
        }
    const [is, should] = [seen.sort(), decided.sort()];
    if (is.join('\n') !== should.join('\n')) {
      const lost = should.filter((line) => !is.includes(line));
      throw new Violation(
        lost.length > 0 ? 'no-input-lost' : 'applied-once',
        `seen ${is.length}, decided ${should.length}: ${lost.join('; ')}`,
      );
    }
    for (const model of this.#models)
      for (const [key, state] of this.#stages.get(`khipu.${model.name}`)?.states ?? [])
        if (states.get(`${model.state} ${key}`) !== state)
          throw new Violation(
            'state-is-fold',
            `${model.state} ${key}: ${states.get(`${model.state} ${key}`)}, not ${state}`,
          );
  }
}
