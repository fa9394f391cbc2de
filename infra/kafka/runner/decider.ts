import { UndecodableError, UnknownSchemaError } from '../../../schemas/codec.ts';
import { step } from '../../../streams/kernel/step.ts';
import { timerCommand } from '../../../streams/kernel/timers.ts';
import { assertNever, type Meta, type Processor, placeOf } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../decode.ts';
import { type Decoded, EnvelopeError, toOutgoing } from '../envelope.ts';
import { codeOf, LogError } from '../errors.ts';
import type { LogRecord, OutgoingRecord } from '../log.ts';
import { bytesOf, isTooLarge } from '../record-size.ts';
import type { Aside } from './aside.ts';
import type { RunnerMetrics } from './metrics.ts';
import type { PartitionState } from './partition-state.ts';
import { stateRecord } from './state-store.ts';
import type { KeyTimers, TaskTimers } from './task-timers.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface DeciderDependencies {
  readonly processor: Processor;
  readonly partition: number;
  /** Committed: only read here. */
  readonly state: PartitionState;
  readonly aside: Aside;
  /** Null where the processor has none. */
  readonly timers: TaskTimers | null;
  readonly tables: () => Readonly<Record<string, unknown>>;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly whereabouts: Whereabouts;
}

/** What a transaction will write, and what becomes true with its commit. */
export interface Staged {
  readonly records: OutgoingRecord[];
  readonly state: Map<string, unknown>;
  /** Of the keys whose state or timers changed; empty where the processor has no timers. */
  readonly timers: Map<string, KeyTimers>;
  readonly deadCodes: string[];
}

export const nothing = (): Staged => ({ records: [], state: new Map(), timers: new Map(), deadCodes: [] });

/** Decides records of one partition in order, and stages what comes of them. Nothing of it is true before it is committed. */
export class Decider {
  readonly #d: DeciderDependencies;
  /** Number of each input topic for `whereabouts`. */
  readonly #seats: ReadonlyMap<string, number>;

  constructor(dependencies: DeciderDependencies) {
    this.#d = dependencies;
    const { processor, partition, whereabouts } = dependencies;
    this.#seats = new Map(
      processor.inputs.map(({ name }) => [
        name,
        whereabouts.seat({ processor: processor.name, topic: name, partition }),
      ]),
    );
  }

  /** `watchful` measures the state after each record, to find the one that makes it too large to write. */
  async decide(records: readonly LogRecord[], watchful = false): Promise<Staged> {
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
    const states = [...staged.state].map(([key, state]) => this.stateRecord(key, state, staged.timers.get(key)));
    end();
    if (!watchful && states.some(isTooLarge)) return this.decide(records, true);
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

  /** As the state topic holds it, in this partition. */
  stateRecord(key: string, state: unknown, timers?: KeyTimers): OutgoingRecord {
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
    if (watchful) inDecide(() => writable(this.stateRecord(key, state, timers)));
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
