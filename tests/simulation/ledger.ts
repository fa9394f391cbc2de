import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import { topics } from '../../schemas/topics.ts';
import { topicNames } from './load.ts';
import { lineOf, stageModels, stateLine } from './model.ts';
import { StageLedger } from './stage-ledger.ts';
import { Violation } from './violation.ts';
import { WorkerLedger } from './worker-ledger.ts';

const WORK = { group: 'khipu.work', input: topics.slmRequests.name };

/** All that was decided, held against the invariants at each decision and, when all is at rest, against what a reader sees. */
export class Ledger {
  readonly #broker: MemoryBroker;
  readonly #models = stageModels();
  readonly #stages: ReadonlyMap<string, StageLedger>;
  readonly #worker: WorkerLedger;
  readonly #groups: readonly (readonly [group: string, input: string])[];
  transactions = 0;

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
    this.#stages = new Map(this.#models.map((model) => [`khipu.${model.name}`, new StageLedger(this.#broker, model)]));
    this.#groups = [
      ...this.#models.map(({ name, input }) => [`khipu.${name}`, input] as const),
      [WORK.group, WORK.input],
    ];
    this.#worker = new WorkerLedger(this.#broker);
  }

  /** Throws Violation. */
  take(transaction: DecidedTransaction): void {
    this.transactions += 1;
    const { group, transactionalId } = transaction;
    if (group === null) throw new Violation('applied-once', `${transactionalId} wrote without offsets`);
    if (group === WORK.group) this.#worker.take(transaction);
    else this.#stages.get(group)?.take(transaction);
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
    return null;
  }

  /** What a reader sees is what was decided. Throws Violation. */
  checkReaders(): void {
    const decided = [...this.#stages.values()].flatMap(({ outputs }) => outputs).concat(this.#worker.outputs);
    const seen: string[] = [];
    const states = new Map<string, string | null>();
    const stateTopics = new Map(this.#models.map(({ name, state }) => [state, name]));
    for (const topic of topicNames.filter((name) => name !== topics.inferenceCommands.name))
      for (const partition of this.#broker.partitionsOf(topic))
        for (const record of partition.fetch(0).records) {
          if (stateTopics.has(topic)) states.set(`${topic} ${record.key}`, stateLine(record.value));
          else seen.push(lineOf(record));
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
