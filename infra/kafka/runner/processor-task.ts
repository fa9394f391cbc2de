import { NO_TIMERS } from '../../../streams/kernel/timers.ts';
import { type Clock, waitOf } from '../clock.ts';
import { toOutgoing } from '../envelope.ts';
import type { CommittedOffset, FetchedBatch, LogRecord, Transactor } from '../log.ts';
import { Decider, type DeciderDependencies, nothing, type Staged } from './decider.ts';
import type { Held } from './held.ts';
import type { Inspection } from './inspect.ts';
import type { PartitionState } from './partition-state.ts';

/** Records of one transaction: past this, one more record costs as much as it gains (docs/reference/benchmarks.md). */
const TRANSACTION_RECORDS_MAX = 1_000;
/** Records that may wait in memory before the partition is paused. */
const QUEUE_RECORDS_MAX = 8_000;
/** Records that caused nothing are committed with the next that did, or after this long: deciding them again is harmless. */
const IDLE_COMMIT_MS = 1_000;
/** No wait is longer: it would not fit into 31 bits, and Node would not wait at all. */
const WAIT_MS_MAX = 2_147_483_647;

export interface TaskDependencies extends DeciderDependencies {
  readonly group: string;
  readonly transactor: Transactor;
  /** Offset of each input topic at which this task begins. */
  readonly positions: ReadonlyMap<string, number>;
  readonly clock: Clock;
  readonly onCrash: (error: unknown) => void;
}

/**
 * One partition of one processor: reads, decides in order, and commits outputs, state and offsets in one transaction.
 * docs/explanation/exactly-once.md names its steps: take, decide, stage, commit, publish,
 * and fire.
 */
export class ProcessorTask {
  readonly #d: TaskDependencies;
  readonly #decider: Decider;
  #queue: FetchedBatch[] = [];
  #queued = 0;
  #room: (() => void)[] = [];
  /** Next offset of each input topic, decided but not committed. */
  readonly #passed = new Map<string, number>();
  readonly #committed: Map<string, number>;
  /** What is not done with: the first record of the batch, or none for a transaction on its own. */
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
    this.#running = this.#run().catch((error: unknown) => {
      if (!this.#dropped) dependencies.onCrash(error);
    });
  }

  get state(): PartitionState {
    return this.#d.state;
  }

  /** What it is at work on, or undefined while it rests. */
  held(): Held | undefined {
    if (this.#at === null) return undefined;
    const { record, sinceMs, doing } = this.#at;
    const { processor, partition } = this.#d;
    const [[topic, offset] = ['', 0]] = this.#committed;
    return {
      processor: processor.name,
      partition,
      ...(record === null ? { topic, offset } : { topic: record.topic, offset: record.offset }),
      doing,
      sinceMs,
    };
  }

  /** What is held of a key, or undefined when nothing is. */
  inspect(key: string): Inspection | undefined {
    const { processor, partition, state, timers, aside } = this.#d;
    if (!state.has(key)) return undefined;
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
      parked: processor.inputs.map(({ name }) => name).filter((topic) => aside.lines?.holds(topic, key) === true),
    };
  }

  push(batch: FetchedBatch): Promise<void> | undefined {
    if (this.#stopping) return undefined;
    this.#queue.push(batch);
    this.#queued += batch.records.length;
    this.#d.metrics.lagRecords.set(
      { processor: this.#d.processor.name, partition: batch.partition },
      batch.highWatermark - batch.from,
    );
    this.#wake();
    if (this.#queued < QUEUE_RECORDS_MAX) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** Commits what was taken and ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#queue = [];
    this.#wake();
    await this.#running;
    await this.#d.transactor.close();
  }

  /** Ends at once: what is under way is another owner's by now. */
  async drop(): Promise<void> {
    this.#dropped = true;
    this.#stopping = true;
    this.#queue = [];
    this.#wake();
    await this.#d.transactor.close();
  }

  async #run(): Promise<void> {
    const { lingerMs } = this.#d.processor;
    while (!this.#dropped) {
      if (this.#timersAreDue()) await this.#fire();
      if (lingerMs > 0 && this.#queued > 0 && this.#queued < TRANSACTION_RECORDS_MAX && !this.#stopping)
        await this.#d.clock.sleep(lingerMs);
      const { records, next } = this.#take();
      if (next.size === 0) {
        if (this.#stopping) break;
        await this.#rest();
        continue;
      }
      this.#at = { record: records[0] ?? null, sinceMs: this.#d.clock.now(), doing: 'decide' };
      const staged = await this.#decider.decide(records);
      for (const [topic, offset] of next) this.#passed.set(topic, offset);
      this.#passedSinceMs ??= this.#d.clock.now();
      if (staged.records.length > 0 || this.#d.clock.now() - this.#passedSinceMs > IDLE_COMMIT_MS)
        await this.#commit(records, staged);
      this.#at = null;
      this.#d.metrics.recordsIn.inc({ processor: this.#d.processor.name }, records.length);
    }
    if (!this.#dropped && this.#passed.size > 0) await this.#commit([], nothing());
  }

  /** Up to TRANSACTION_RECORDS_MAX records, oldest first, and how far that gets in each topic. */
  #take(): { records: LogRecord[]; next: Map<string, number> } {
    const records: LogRecord[] = [];
    const next = new Map<string, number>();
    while (records.length < TRANSACTION_RECORDS_MAX) {
      const batch = this.#queue.shift();
      if (batch === undefined) break;
      const space = TRANSACTION_RECORDS_MAX - records.length;
      if (batch.records.length <= space) {
        for (const record of batch.records) records.push(record);
        next.set(batch.topic, batch.next);
        continue;
      }
      const taken = batch.records.slice(0, space);
      for (const record of taken) records.push(record);
      const rest = batch.records.slice(space);
      const from = rest[0]?.offset ?? batch.next;
      next.set(batch.topic, from);
      this.#queue.unshift({ ...batch, from, records: rest });
    }
    this.#queued -= records.length;
    if (this.#queued < QUEUE_RECORDS_MAX / 2) for (const resume of this.#room.splice(0)) resume();
    return { records, next };
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
    // What fires takes along what was passed.
    if (this.#queue.length === 0 && this.#passed.size > 0 && !this.#stopping && !this.#timersAreDue())
      await this.#commit([], nothing());
  }

  /** Until there is something to do without a record: an idle commit or a timer. */
  #restMs(): number {
    const { timers, clock } = this.#d;
    const idleMs = this.#passed.size > 0 ? IDLE_COMMIT_MS : Number.POSITIVE_INFINITY;
    if (timers === null || timers.nextMs === Number.POSITIVE_INFINITY) return idleMs;
    return Math.min(idleMs, Math.max(0, timers.nextMs - clock.now()), WAIT_MS_MAX);
  }

  #timersAreDue(): boolean {
    const { timers, clock } = this.#d;
    return timers !== null && !this.#stopping && timers.nextMs <= clock.now();
  }

  /**
   * Appends the commands that are due, and in the same transaction the state of their keys, which says that they have
   * fired. They come back as records of an input.
   */
  async #fire(): Promise<void> {
    const { processor, partition, timers, state, decoder, clock, metrics } = this.#d;
    if (timers === null) return;
    const { commands, fired } = timers.fire(clock.now(), TRANSACTION_RECORDS_MAX);
    if (commands.length === 0) return;
    const staged: Staged = { ...nothing(), timers: fired };
    for (const command of commands) staged.records.push({ ...toOutgoing(decoder.codec, command), partition });
    for (const [key, marked] of fired) staged.records.push(this.#decider.stateRecord(key, state.get(key), marked));
    await this.#commit([], staged);
    for (const { timeMs } of commands)
      metrics.timerLateSeconds.observe({ processor: processor.name }, Math.max(0, clock.now() - timeMs) / 1_000);
  }

  async #commit(taken: readonly LogRecord[], staged: Staged): Promise<void> {
    const { processor, group, partition, transactor, metrics, state, timers } = this.#d;
    const labels = { processor: processor.name };
    const offsets: CommittedOffset[] = [...this.#passed].map(([topic, offset]) => ({
      topic,
      partition,
      offset,
      metadata: '',
    }));
    this.#at = {
      record: this.#at?.record ?? null,
      sinceMs: this.#at?.sinceMs ?? this.#d.clock.now(),
      doing: 'transaction',
    };
    const end = metrics.transactionSeconds.startTimer(labels);
    await transactor.commit({ records: staged.records, group, offsets });
    end();
    this.#at = null;
    for (const { topic, offset } of offsets) this.#committed.set(topic, offset);
    this.#passed.clear();
    this.#passedSinceMs = null;
    for (const [key, value] of staged.state) {
      if (processor.finished(value)) state.delete(key);
      else state.set(key, value);
    }
    if (timers !== null) {
      for (const [key, list] of staged.timers) timers.publish(key, list);
      metrics.timers.set({ ...labels, partition }, timers.size);
    }
    if (taken.length > 0) metrics.batchRecords.observe(labels, taken.length);
    metrics.recordsOut.inc(labels, staged.records.length);
    for (const code of staged.deadCodes) metrics.deadLetters.inc({ ...labels, code });
    if (this.#d.aside.lines?.publish() === true)
      metrics.parkedKeys.set({ ...labels, partition }, this.#d.aside.lines.size);
    metrics.stateKeys.set({ ...labels, partition }, state.size);
    metrics.lagRecords.set({ ...labels, partition }, this.#queued);
    const now = this.#d.clock.now();
    for (const { timestampMs } of taken) metrics.ageSeconds.observe(labels, Math.max(0, now - timestampMs) / 1_000);
  }
}
