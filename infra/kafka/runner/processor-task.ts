import { UndecodableError, UnknownSchemaError } from '../../../schemas/codec.ts';
import { step } from '../../../streams/kernel/step.ts';
import { NO_TIMERS, timerCommand } from '../../../streams/kernel/timers.ts';
import { assertNever, type Meta, type Processor, placeOf } from '../../../streams/kernel.ts';
import { type Clock, waitOf } from '../clock.ts';
import type { RecordDecoder } from '../decode.ts';
import { type Decoded, EnvelopeError, toOutgoing } from '../envelope.ts';
import { codeOf, LogError } from '../errors.ts';
import type { CommittedOffset, FetchedBatch, LogRecord, OutgoingRecord, Transactor } from '../log.ts';
import { bytesOf, isTooLarge } from '../record-size.ts';
import type { Aside } from './aside.ts';
import type { Held } from './held.ts';
import type { Inspection } from './inspect.ts';
import type { RunnerMetrics } from './metrics.ts';
import type { PartitionState } from './partition-state.ts';
import { stateRecord } from './state-store.ts';
import type { KeyTimers, TaskTimers } from './task-timers.ts';
import type { Whereabouts } from './whereabouts.ts';

/** Records of one transaction: past this, one more record costs as much as it gains (docs/reference/benchmarks.md). */
const TRANSACTION_RECORDS_MAX = 1_000;
/** Records that may wait in memory before the partition is paused. */
const QUEUE_RECORDS_MAX = 8_000;
/** Records that caused nothing are committed with the next that did, or after this long: deciding them again is harmless. */
const IDLE_COMMIT_MS = 1_000;
/** No wait is longer: it would not fit into 31 bits, and Node would not wait at all. */
const WAIT_MS_MAX = 2_147_483_647;

export interface TaskDependencies {
  readonly processor: Processor;
  readonly group: string;
  readonly partition: number;
  readonly transactor: Transactor;
  readonly state: PartitionState;
  /** Offset of each input topic at which this task begins. */
  readonly positions: ReadonlyMap<string, number>;
  readonly aside: Aside;
  /** Null where the processor has none. */
  readonly timers: TaskTimers | null;
  readonly tables: () => Readonly<Record<string, unknown>>;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly whereabouts: Whereabouts;
  readonly clock: Clock;
  readonly onCrash: (error: unknown) => void;
}

interface Staged {
  readonly records: OutgoingRecord[];
  readonly state: Map<string, unknown>;
  /** Of the keys whose state or timers changed; empty where the processor has no timers. */
  readonly timers: Map<string, KeyTimers>;
  readonly deadCodes: string[];
}

const nothing = (): Staged => ({ records: [], state: new Map(), timers: new Map(), deadCodes: [] });

/**
 * One partition of one processor: reads, decides in order, and commits outputs, state and offsets in one transaction.
 * docs/explanation/exactly-once.md names its steps: take, decide, stage, commit, publish,
 * and fire.
 */
export class ProcessorTask {
  readonly #d: TaskDependencies;
  #queue: FetchedBatch[] = [];
  #queued = 0;
  #room: (() => void)[] = [];
  /** Next offset of each input topic, decided but not committed. */
  readonly #passed = new Map<string, number>();
  readonly #committed: Map<string, number>;
  /** Number of each input topic for `whereabouts`. */
  readonly #seats: ReadonlyMap<string, number>;
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
    const { processor, partition, whereabouts } = dependencies;
    this.#seats = new Map(
      processor.inputs.map(({ name }) => [
        name,
        whereabouts.seat({ processor: processor.name, topic: name, partition }),
      ]),
    );
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
      const staged = await this.#decide(records);
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
    for (const [key, marked] of fired) staged.records.push(this.#stateRecord(key, state.get(key), marked));
    await this.#commit([], staged);
    for (const { timeMs } of commands)
      metrics.timerLateSeconds.observe({ processor: processor.name }, Math.max(0, clock.now() - timeMs) / 1_000);
  }

  /** `watchful` measures the state after each record, to find the one that makes it too large to write. */
  async #decide(records: readonly LogRecord[], watchful = false): Promise<Staged> {
    const end = this.#d.metrics.decideSeconds.startTimer({ processor: this.#d.processor.name });
    const staged = nothing();
    const tables = this.#d.tables();
    const { aside, whereabouts } = this.#d;
    aside.lines?.reset();
    for (const record of records) {
      const admission = aside.admit(record);
      if (admission !== 'work') {
        putAside(aside, record, admission, staged);
        continue;
      }
      try {
        const decoding = this.#decode(record);
        const decoded = decoding instanceof Promise ? await decoding : decoding;
        whereabouts.enter(this.#seats.get(record.topic) ?? 0, record.offset);
        this.#decideOne(decoded, tables, staged, watchful);
        staged.records.push(...aside.settle(record, 'redriven'));
      } catch (error) {
        if (!isForDeadLetters(error)) throw error;
        const cause = error instanceof DecideError ? error.cause : error;
        staged.records.push(aside.died(record, cause, 1));
        staged.deadCodes.push(codeOf(cause));
      }
    }
    whereabouts.leave();
    const states = [...staged.state].map(([key, state]) => this.#stateRecord(key, state, staged.timers.get(key)));
    end();
    if (!watchful && states.some(isTooLarge)) return this.#decide(records, true);
    staged.records.push(...states);
    return staged;
  }

  #decode(record: LogRecord): Decoded | Promise<Decoded> {
    try {
      return this.#d.decoder.decodeSync(record);
    } catch (error) {
      if (error instanceof UnknownSchemaError) return this.#d.decoder.decode(record);
      throw error;
    }
  }

  #stateRecord(key: string, state: unknown, timers: KeyTimers = NO_TIMERS): OutgoingRecord {
    return stateRecord(this.#d.processor, this.#d.partition, key, state, timers);
  }

  #decideOne(
    { record, meta }: Decoded,
    tables: Readonly<Record<string, unknown>>,
    staged: Staged,
    watchful: boolean,
  ): void {
    const { processor, decoder } = this.#d;
    const key = inDecide(() => processor.key(record, meta));
    if (key === null) return;
    // Elsewhere its state would lie in another partition than its records: two owners for one key.
    if (processor.state !== null && key !== placeOf(processor, meta))
      throw new DecideError('key', {
        cause: new KeyMismatchError(`state key ${key}, record placed by ${placeOf(processor, meta)}`),
      });
    const before = this.#stateBefore(key, staged);
    const began = performance.now();
    const { emitted, state } = inDecide(() => step(processor, before, record, meta, tables));
    if (emitted.length === 0) return;
    const headers = { ce_decidelatencyus: String(Math.round((performance.now() - began) * 1_000)) };
    // All of a record's outputs or none: one that cannot be written makes the record a dead letter.
    const outputs = inDecide(() => emitted.map((out) => writable(toOutgoing(decoder.codec, out, headers))));
    const timers = inDecide(() => this.#timersAfter(key, state, meta, staged));
    if (watchful && processor.state !== null) inDecide(() => writable(this.#stateRecord(key, state, timers)));
    staged.records.push(...outputs);
    if (processor.state === null) return;
    staged.state.set(key, state);
    if (timers !== undefined) staged.timers.set(key, timers);
  }

  /** A timer whose command could not be written later makes the record that sets it a dead letter. */
  #timersAfter(key: string, state: unknown, meta: Meta, staged: Staged): KeyTimers | undefined {
    const { timers, processor, decoder } = this.#d;
    if (timers === null) return undefined;
    const before = staged.timers.get(key) ?? timers.get(key);
    const after = timers.after(key, state, meta, before);
    for (const timer of after)
      if (!before.some(({ id }) => id === timer.id))
        writable(toOutgoing(decoder.codec, timerCommand(processor, key, timer)));
    return after;
  }

  /** A finished aggregate begins anew, whether its end was committed or stands in the same batch. */
  #stateBefore(key: string, staged: Staged): unknown {
    const { processor, state: committed } = this.#d;
    if (!staged.state.has(key)) return committed.get(key) ?? processor.initial;
    const state = staged.state.get(key);
    return processor.finished(state) ? processor.initial : state;
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

function putAside(aside: Aside, record: LogRecord, admission: 'pass' | 'park' | 'drop', staged: Staged): void {
  switch (admission) {
    case 'pass':
      return;
    case 'park':
      staged.records.push(aside.park(record));
      staged.deadCodes.push('KEY_PARKED');
      return;
    case 'drop':
      staged.records.push(...aside.settle(record, 'dropped'));
      return;
    default:
      assertNever(admission);
  }
}

class DecideError extends Error {}

/** A stateful processor's key is not the record's key: the record was written by somebody else's rules. */
class KeyMismatchError extends Error {
  readonly code = 'KEY_MISMATCH';
}

function inDecide<T>(decide: () => T): T {
  try {
    return decide();
  } catch (cause) {
    throw new DecideError('decide threw', { cause });
  }
}

function writable(record: OutgoingRecord): OutgoingRecord {
  if (isTooLarge(record)) throw new LogError('RECORD_TOO_LARGE', `${bytesOf(record)} bytes to ${record.topic}`);
  return record;
}

/** What will never succeed goes aside; anything else (the registry away, a fenced writer) ends this life of the task. */
const isForDeadLetters = (error: unknown): boolean =>
  error instanceof EnvelopeError || error instanceof UndecodableError || error instanceof DecideError;
