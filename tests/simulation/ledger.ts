import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import type { Headers, LogRecord } from '../../infra/kafka/port.ts';
import { deadLetterHeaders, isRedriven } from '../../infra/runner/dead-letters/write.ts';
import { SWITCH_ID } from '../../infra/runner/switch-layout.ts';
import { deadLetterTopic, topics } from '../../schemas/topics.ts';
import type { TopologyLayout } from '../../streams/kernel.ts';
import type { CurrentLayout } from './layout.ts';
import { redrives, tallyTimers, topicNames } from './load.ts';
import { lineOf, stageModels, stateLine } from './model.ts';
import { RelayLedger } from './relay-ledger.ts';
import type { SimProcess } from './sim-process.ts';
import { StageLedger } from './stage-ledger.ts';
import { Violation } from './violation.ts';
import { WorkerLedger } from './worker-ledger.ts';

const WORK = { group: 'khipu.work', input: topics.slmRequests.name };
const CHAIN = { group: 'khipu.chain' };
const RELAY = { group: 'khipu.relay', input: topics.inferenceEvents.name };
type GroupInput = readonly [group: string, input: string];

/** Returns the groups of count and relay in a layout, with their inputs. */
const groupsOf = (layout: TopologyLayout): readonly GroupInput[] =>
  layout === 'chained'
    ? [
        [CHAIN.group, topics.inferenceCommands.name],
        [CHAIN.group, redrives.name],
      ]
    : [
        ['khipu.count', topics.inferenceCommands.name],
        [RELAY.group, RELAY.input],
        [RELAY.group, redrives.name],
      ];
const stageOf = (transactionalId: string): string => transactionalId.split('.').slice(0, 2).join('.');
const isNote = (headers: Headers): boolean => headers[deadLetterHeaders.note] !== undefined;

/**
 * Checks all decided transactions against the invariants: each transaction, and at the end the records that a reader
 * sees.
 */
export class Ledger {
  readonly #broker: MemoryBroker;
  readonly #models = stageModels();
  readonly #stages: ReadonlyMap<string, StageLedger>;
  readonly #worker: WorkerLedger;
  readonly #relay: RelayLedger;
  readonly #groups: () => readonly GroupInput[];
  transactions = 0;

  constructor(broker: MemoryBroker, layout: CurrentLayout) {
    this.#broker = broker;
    this.#stages = new Map(this.#models.map((model) => [`khipu.${model.name}`, new StageLedger(this.#broker, model)]));
    this.#relay = new RelayLedger(broker);
    this.#groups = () => [
      ...groupsOf(layout.topologies),
      ['khipu.tally', topics.slmResponses.name],
      ['khipu.tally', tallyTimers.name],
      [WORK.group, WORK.input],
    ];
    this.#worker = new WorkerLedger(this.#broker);
  }

  /** Checks one decided transaction. Throws Violation. */
  take(transaction: DecidedTransaction): void {
    this.transactions += 1;
    if (transaction.transactionalId.startsWith(SWITCH_ID)) return;
    const { group, transactionalId, records } = transaction;
    const stage = this.#stages.get(stageOf(transactionalId));
    if (group === WORK.group) this.#worker.take(transaction);
    else if (group === CHAIN.group) this.#takeChained(transaction);
    else if (group === RELAY.group) this.#relay.take(transaction);
    // A timer may fire in a transaction without offsets.
    else if (stage !== undefined) stage.take(transaction);
    else if (!records.every(({ headers }) => isNote(headers) || isRedriven(headers)))
      throw new Violation('applied-once', `${transactionalId} wrote outputs without offsets`);
  }

  /** Checks a transaction of the chain as one of each member: the events of count are what the relay passes. */
  #takeChained({ records, offsets, ...rest }: DecidedTransaction): void {
    const { input } = RELAY;
    const isOfRelay = ({ topic }: LogRecord): boolean =>
      topic === WORK.input || topic === deadLetterTopic(input) || topic === deadLetterTopic(WORK.input);
    this.#stages.get('khipu.count')?.take({
      ...rest,
      records: records.filter((record) => !isOfRelay(record)),
      offsets: offsets.filter(({ topic }) => topic !== redrives.name),
    });
    const handedOn = records.filter(({ topic }) => topic === input);
    const redriven = offsets.filter(({ topic }) => topic === redrives.name);
    this.#relay.take({ records: records.filter(isOfRelay), offsets: redriven }, handedOn);
  }

  /** Checks the states that a process shows in the middle of a transaction of the stage. Throws Violation. */
  checkShown(process: SimProcess, transactionalId: string): void {
    const group = stageOf(transactionalId);
    const name = group === CHAIN.group ? 'count' : group.replace('khipu.', '');
    const stage = this.#stages.get(`khipu.${name}`);
    if (stage === undefined) return;
    for (const key of stage.states.keys()) {
      const state = process.shown(name, key);
      if (state !== undefined) stage.checkShown(key, state);
    }
  }

  /** True when keys of the relay are parked and all other work is done. */
  get isParked(): boolean {
    return this.#relay.isParked;
  }

  /**
   * Returns the first unfinished item: an open transaction, or an input that its group has not passed; null when there
   * is none.
   */
  get left(): string | null {
    for (const topic of topicNames)
      for (const { partition, stableEnd, entries } of this.#broker.partitionsOf(topic))
        if (stableEnd < entries.length) return `${topic} ${partition} has an open transaction`;
    for (const [group, input] of this.#groups())
      for (const { partition, offset } of this.#broker.committed(group, [input])) {
        const end = this.#broker.partition(input, partition).stableEnd;
        if (Math.max(0, offset) < end) return `${group} is at ${offset} of ${end} of ${input} ${partition}`;
      }
    for (const { name, timers } of this.#models) if (timers?.waiting === true) return `timers of ${name} are pending`;
    return null;
  }

  /** Checks that a reader sees exactly the decided records. Throws Violation. */
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
    this.#relay.checkNoneLost(this.#broker.partitionsOf(RELAY.input).flatMap((each) => [...each.fetch(0).records]));
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
