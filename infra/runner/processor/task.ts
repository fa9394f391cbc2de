import { NO_TIMERS } from '../../../streams/kernel/timers.ts';
import type { Topology } from '../../../streams/kernel.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import type { CommittedOffset, FetchedBatch, LogRecord, Transactor } from '../../kafka/port.ts';
import { type Clock, waitOf } from '../../kit/clock.ts';
import { traceCommitted } from '../../tracing/record-spans.ts';
import type { InFlight } from '../in-flight.ts';
import type { PartitionTask } from '../partition-tasks.ts';
import { Decider, type DeciderDependencies } from './decider.ts';
import type { Inspection } from './inspect.ts';
import { type Member, publish, type StagedMember } from './member.ts';
import { changesOf, emptyTransaction, type StagedTransaction } from './staged-transaction.ts';
import { stateRecord } from './state-store.ts';
import { TaskQueue, TRANSACTION_RECORDS_MAX } from './task-queue.ts';
import type { TaskTimers } from './task-timers.ts';

/**
 * Delay of the commit of records without results, in ms: they are committed with the next record that has some, or
 * after this time. Deciding them again is harmless.
 */
const IDLE_COMMIT_MS = 1_000;
/** Maximum wait, in ms: Node does not wait at all for a time above 31 bits. */
const WAIT_MS_MAX = 2_147_483_647;

export interface TaskDependencies extends DeciderDependencies {
  readonly group: string;
  readonly transactor: Transactor;
  /** Next offset of each external topic at the begin of the task. */
  readonly positions: ReadonlyMap<string, number>;
  readonly clock: Clock;
  readonly onCrash: (error: unknown) => void;
}

/**
 * One partition of one topology: reads, decides in order, and commits the outputs and states of all members with the
 * offsets of the external topics in one transaction. docs/explanation/exactly-once.md names its steps: take, decide,
 * stage, commit, publish, and fire.
 */
export class TopologyTask implements PartitionTask {
  readonly #d: TaskDependencies;
  readonly #decider: Decider;
  readonly #queue: TaskQueue;
  /** Next offset of each external topic, decided but not committed. */
  readonly #passed = new Map<string, number>();
  readonly #committed: Map<string, number>;
  /** The step under way: the first record of the batch, or null for a transaction without records. */
  #at: { readonly record: LogRecord | null; readonly sinceMs: number; doing: 'decide' | 'transaction' } | null = null;
  #wake: () => void = () => undefined;
  #passedSinceMs: number | null = null;
  #stopping = false;
  #dropped = false;
  readonly #running: Promise<void>;

  constructor(dependencies: TaskDependencies) {
    this.#d = dependencies;
    this.#committed = new Map(dependencies.positions);
    this.#decider = new Decider(dependencies);
    this.#queue = new TaskQueue(lineIn(dependencies.topology));
    this.#running = this.#run().catch((error: unknown) => {
      if (!this.#dropped) dependencies.onCrash(error);
    });
  }

  /** Returns the record in flight: the first of the batch; nothing while the task rests. */
  inFlight(): readonly InFlight[] {
    if (this.#at === null) return [];
    const { record, sinceMs, doing } = this.#at;
    const { topology, partition } = this.#d;
    // A topology has at least one external topic.
    const [[topic, offset]] = [...this.#committed] as [[string, number]];
    const at = record === null ? { topic, offset } : { topic: record.topic, offset: record.offset };
    return [{ processor: topology.name, partition, ...at, doing, sinceMs }];
  }

  /** Returns the committed state of a key of a member, or undefined when there is none. */
  inspect(name: string, key: string): Inspection | undefined {
    const { members, partition } = this.#d;
    const member = members.find(({ processor }) => processor.name === name);
    if (member?.state.has(key) !== true) return undefined;
    const { processor, state, timers, gate } = member;
    return {
      processor: processor.name,
      key,
      partition,
      positions: [...this.#committed].map(([topic, offset]) => ({ topic, offset })),
      version: processor.stateVersion,
      state: state.get(key),
      timers: (timers?.get(key) ?? NO_TIMERS).map(({ id, record, atMs, fired }) => ({
        ...{ id, type: record.type, at: new Date(atMs).toISOString(), fired },
      })),
      parked: processor.inputs.map(({ name }) => name).filter((topic) => gate.parkedKeys?.holds(topic, key) === true),
    };
  }

  push(batch: FetchedBatch): Promise<void> | undefined {
    if (this.#stopping) return undefined;
    const room = this.#queue.push(batch);
    this.#d.metrics.lagRecords.set(
      { processor: this.#d.topology.name, partition: batch.partition },
      batch.highWatermark - batch.from,
    );
    this.#wake();
    return room;
  }

  /** Commits what was taken and ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#queue.clear();
    this.#wake();
    await this.#running;
    await this.#d.transactor.close();
  }

  /** Ends at once without a commit: the partition belongs to another owner by now. */
  async drop(): Promise<void> {
    this.#dropped = true;
    this.#stopping = true;
    this.#queue.clear();
    this.#wake();
    await this.#d.transactor.close();
  }

  async #run(): Promise<void> {
    const lingerMs = lingerOf(this.#d.topology);
    while (!this.#dropped) {
      if (this.#timersAreDue()) await this.#fire();
      if (lingerMs > 0 && this.#isFilling() && !this.#stopping) await this.#d.clock.sleep(lingerMs);
      const taken = this.#queue.take();
      if (taken.length === 0) {
        if (this.#stopping) break;
        await this.#rest();
        continue;
      }
      const records = taken.flatMap((batch) => batch.records);
      this.#at = { record: records[0] ?? null, sinceMs: this.#d.clock.now(), doing: 'decide' };
      const staged = await this.#decider.decide(records);
      for (const [topic, offset] of this.#queue.putBackAfter(taken, staged.taken)) this.#passed.set(topic, offset);
      this.#passedSinceMs ??= this.#d.clock.now();
      if (staged.records.length > 0 || this.#d.clock.now() - this.#passedSinceMs > IDLE_COMMIT_MS)
        await this.#commit(records.slice(0, staged.taken), staged);
      this.#at = null;
      for (const [processor, { recordsIn }] of staged.members) this.#d.metrics.recordsIn.inc({ processor }, recordsIn);
    }
    if (!this.#dropped && this.#passed.size > 0) await this.#commit([], emptyTransaction(this.#d.topology));
  }

  /** Returns true while records wait, and fewer than a transaction takes. */
  #isFilling(): boolean {
    const { records } = this.#queue;
    return records > 0 && records < TRANSACTION_RECORDS_MAX;
  }

  async #rest(): Promise<void> {
    const restMs = this.#restMs();
    const idle = restMs < Number.POSITIVE_INFINITY ? waitOf(this.#d.clock, restMs) : null;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      void idle?.over.then(resolve);
    });
    this.#wake = () => undefined;
    idle?.end();
    // The timer's transaction also commits the offsets passed so far.
    if (this.#queue.isEmpty && this.#passed.size > 0 && !this.#stopping && !this.#timersAreDue())
      await this.#commit([], emptyTransaction(this.#d.topology));
  }

  /** Returns the time in ms until work that needs no record: an idle commit or a timer. */
  #restMs(): number {
    const idleMs = this.#passed.size > 0 ? IDLE_COMMIT_MS : Number.POSITIVE_INFINITY;
    const nextMs = this.#nextTimerMs();
    if (nextMs === Number.POSITIVE_INFINITY) return idleMs;
    return Math.min(idleMs, Math.max(0, nextMs - this.#d.clock.now()), WAIT_MS_MAX);
  }

  #nextTimerMs(): number {
    return Math.min(...this.#d.members.map(({ timers }) => timers?.nextMs ?? Number.POSITIVE_INFINITY));
  }

  #timersAreDue(): boolean {
    return !this.#stopping && this.#nextTimerMs() <= this.#d.clock.now();
  }

  /**
   * Appends the commands of due timers and, in the same transaction, the states of their keys, which record that they
   * have fired. The commands come back as records of an external topic.
   */
  async #fire(): Promise<void> {
    const { topology, members, clock, metrics } = this.#d;
    const staged = emptyTransaction(topology);
    const late: { readonly processor: string; readonly dueMs: number }[] = [];
    for (const member of members) {
      if (member.timers === null) continue;
      for (const dueMs of this.#stageTimers(member, member.timers, staged))
        late.push({ processor: member.processor.name, dueMs });
    }
    if (late.length === 0) return;
    await this.#commit([], staged);
    for (const { processor, dueMs } of late)
      metrics.timerLateSeconds.observe({ processor }, Math.max(0, clock.now() - dueMs) / 1_000);
  }

  /** Stages the due timers of a member. Returns their times. */
  #stageTimers({ processor, state }: Member, timers: TaskTimers, staged: StagedTransaction): readonly number[] {
    const { partition, decoder, clock } = this.#d;
    const { records } = staged;
    const into = changesOf(staged, processor);
    const { commands, fired } = timers.fire(clock.now(), TRANSACTION_RECORDS_MAX);
    for (const command of commands) records.push({ ...toOutgoing(decoder.codec, command), partition });
    for (const [key, marked] of fired) {
      records.push(stateRecord(processor, partition, key, state.get(key), marked));
      into.timers.set(key, marked);
    }
    into.recordsOut += commands.length + fired.size;
    return commands.map(({ timeMs }) => timeMs);
  }

  async #commit(taken: readonly LogRecord[], staged: StagedTransaction): Promise<void> {
    const { topology, group, partition, transactor, metrics, clock } = this.#d;
    const labels = { processor: topology.name };
    const offsets: CommittedOffset[] = [...this.#passed].map(([topic, offset]) => ({
      topic,
      partition,
      offset,
      metadata: '',
    }));
    const sinceMs = this.#at?.sinceMs ?? clock.now();
    this.#at = { record: this.#at?.record ?? null, sinceMs, doing: 'transaction' };
    const end = metrics.transactionSeconds.startTimer(labels);
    await transactor.commit({ records: staged.records, group, offsets });
    end();
    traceCommitted({ name: topology.name, group, partition, read: taken, written: staged.records, sinceMs });
    this.#at = null;
    for (const { topic, offset } of offsets) this.#committed.set(topic, offset);
    this.#passed.clear();
    this.#passedSinceMs = null;
    for (const member of this.#d.members) this.#publish(member, changesOf(staged, member.processor));
    if (taken.length > 0) metrics.batchRecords.observe(labels, taken.length);
    metrics.lagRecords.set({ ...labels, partition }, this.#queue.records);
    const now = clock.now();
    for (const { timestampMs } of taken) metrics.ageSeconds.observe(labels, Math.max(0, now - timestampMs) / 1_000);
  }

  #publish(member: Member, staged: StagedMember): void {
    const { metrics, partition } = this.#d;
    const { processor, state, timers, gate } = member;
    const labels = { processor: processor.name };
    publish(member, staged);
    if (timers !== null) metrics.timers.set({ ...labels, partition }, timers.size);
    metrics.recordsOut.inc(labels, staged.recordsOut + staged.state.size);
    for (const code of staged.deadCodes) metrics.deadLetters.inc({ ...labels, code });
    if (gate.parkedKeys !== null) metrics.parkedKeys.set({ ...labels, partition }, gate.parkedKeys.size);
    metrics.stateKeys.set({ ...labels, partition }, state.size);
  }
}

/**
 * Returns the line of each topic of a topology. What users write is one line: a cancel does not overtake the start that it is about.
 * Of other topics each is one: what depends on a record is written after that was decided.
 */
const lineIn = ({ external }: Topology): ((topic: string) => string) => {
  const ofUsers = new Set(external.filter(({ writers }) => writers.includes('gateway')).map(({ name }) => name));
  return (topic) => (ofUsers.has(topic) ? 'users' : topic);
};

/** Returns the wait for more records of a topology: that of its most urgent member, in ms. */
export const lingerOf = ({ members }: Topology): number => Math.min(...members.map(({ lingerMs }) => lingerMs));
