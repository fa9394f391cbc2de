import { misplacement } from '../../../streams/kernel/place.ts';
import { step } from '../../../streams/kernel/step.ts';
import { NO_TIMERS, timerCommand } from '../../../streams/kernel/timers.ts';
import { assertNever, type Meta, type Processor, type Topology } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { type Decoded, toOutgoing } from '../../kafka/envelope.ts';
import { LogError } from '../../kafka/errors.ts';
import { partitionFor } from '../../kafka/partition-for.ts';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { bytesOf, isTooLarge } from '../../kafka/record-size.ts';
import { codeOf } from '../../kit/errors.ts';
import type { Admission } from '../dead-letters/gate.ts';
import type { ProgressBeacon } from '../progress-beacon.ts';
import { type Member, type StagedMember, unchanged } from './member.ts';
import { changesOf, type StagedTransaction } from './staged-transaction.ts';
import { stateRecord } from './state-store.ts';
import { areSame, type KeyTimers } from './task-timers.ts';

/** The place of a record in the chain of an external record. */
export interface ChainPlace {
  readonly external: LogRecord;
  /** Number of records before it. */
  readonly hops: number;
}

interface MemberDeciderDependencies {
  readonly topology: Topology;
  readonly partition: number;
  readonly partitions: number;
  readonly decoder: RecordDecoder;
  readonly beacon: ProgressBeacon;
}

const NOTHING: readonly OutgoingRecord[] = [];

/** Decides records for one member, and stages its changes in the transaction that `begin` names. */
export class MemberDecider {
  readonly #member: Member;
  readonly #d: MemberDeciderDependencies;
  /** Slot number of each external topic in the beacon. */
  readonly #slots: ReadonlyMap<string, number>;
  readonly #internal: ReadonlySet<string>;
  #staged: StagedMember = unchanged();
  #tables: Readonly<Record<string, unknown>> = {};
  #watchful = false;

  constructor(member: Member, dependencies: MemberDeciderDependencies) {
    this.#member = member;
    this.#d = dependencies;
    const { topology, partition, beacon } = dependencies;
    const { name } = member.processor;
    this.#slots = new Map(
      topology.external.map(({ name: topic }) => [topic, beacon.register({ processor: name, topic, partition })]),
    );
    this.#internal = new Set(topology.internal.map(({ name: topic }) => topic));
  }

  get processor(): Processor {
    return this.#member.processor;
  }

  /** Begins a transaction: with the tables of now, and without the staged changes of an earlier one. */
  begin(transaction: StagedTransaction, watchful: boolean): void {
    this.#staged = changesOf(transaction, this.processor);
    this.#tables = this.#member.tables();
    this.#watchful = watchful;
    this.#member.gate.parkedKeys?.reset();
  }

  /** Returns what to do with a record of an input. */
  admit(record: LogRecord): Admission {
    return this.#member.gate.admit(record);
  }

  /**
   * Returns what to write for a record, in order: outputs and the note on a redriven record, or a dead letter.
   * `decoded` is null only when no reader works on the record. Throws only for errors that are not of the record.
   */
  take(
    record: LogRecord,
    admission: Admission,
    decoded: Decoded | DecideError | null,
    place: ChainPlace,
  ): readonly OutgoingRecord[] {
    this.#staged.recordsIn += 1;
    const written =
      admission === 'work'
        ? this.#work(record, decoded as Decoded | DecideError, place)
        : this.#skip(record, admission);
    this.#staged.recordsOut += written.length;
    return written;
  }

  /** Returns the records of all changed states. */
  stateRecords(): readonly OutgoingRecord[] {
    const { state, timers } = this.#staged;
    return [...state].map(([key, value]) => this.#stateRecord(key, value, timers.get(key)));
  }

  #work(record: LogRecord, decoded: Decoded | DecideError, place: ChainPlace): readonly OutgoingRecord[] {
    const { gate } = this.#member;
    try {
      if (decoded instanceof DecideError) throw decoded;
      const { hopsMax } = this.#d.topology;
      if (place.hops > hopsMax) throw new DecideError(new HopsExceededError(hopsMax));
      this.#d.beacon.enter(this.#slots.get(place.external.topic) ?? 0, place.external.offset);
      const outputs = this.#decide(decoded);
      return [...outputs, ...gate.noteSettled(record, 'redriven')];
    } catch (error) {
      if (!(error instanceof DecideError)) throw error;
      this.#staged.deadCodes.push(codeOf(error.cause));
      return [gate.failed(record, error.cause, 1)];
    }
  }

  #skip(record: LogRecord, admission: Exclude<Admission, 'work'>): readonly OutgoingRecord[] {
    const { gate } = this.#member;
    switch (admission) {
      case 'pass':
        return NOTHING;
      case 'park':
        this.#staged.deadCodes.push('KEY_PARKED');
        return [gate.park(record)];
      case 'drop':
        return gate.noteSettled(record, 'dropped');
      default:
        return assertNever(admission);
    }
  }

  #decide({ record, meta }: Decoded): readonly OutgoingRecord[] {
    const { processor } = this.#member;
    const { decoder, partitions } = this.#d;
    const key = inDecide(() => processor.key(record, meta));
    if (key === null) return NOTHING;
    // Otherwise state and records would lie in different partitions: two owners for one key.
    const mismatch = processor.state === null ? null : inDecide(() => misplacement(processor, key, meta, partitions));
    if (mismatch !== null) throw new DecideError(new KeyMismatchError(mismatch));
    const before = this.#stateBefore(key);
    const began = performance.now();
    const { emitted, state } = inDecide(() => step(processor, before, record, meta, this.#tables));
    if (emitted.length === 0) return NOTHING;
    const headers = { ce_decidelatencyus: String(Math.round((performance.now() - began) * 1_000)) };
    // Either all outputs of a record are written or none: one that cannot be written makes the record a dead letter.
    const outputs = inDecide(() => emitted.map((out) => this.#here(writable(toOutgoing(decoder.codec, out, headers)))));
    const timers = inDecide(() => this.#timersAfter(key, state, meta));
    const writes = processor.state !== null && !this.#holds(key, state, timers);
    if (writes && this.#watchful) inDecide(() => writable(this.#stateRecord(key, state, timers)));
    if (!writes) return outputs;
    this.#staged.state.set(key, state);
    if (timers !== undefined) this.#staged.timers.set(key, timers);
    return outputs;
  }

  /** Returns the output. Throws when it is handed on and lies in another partition: its readers are not all here. */
  #here(outgoing: OutgoingRecord): OutgoingRecord {
    if (!this.#internal.has(outgoing.topic)) return outgoing;
    const partition = partitionFor(outgoing, this.#d.partitions);
    if (partition === this.#d.partition) return outgoing;
    throw new KeyMismatchError(`${outgoing.topic} of key ${outgoing.key} lies in partition ${partition}`);
  }

  #stateRecord(key: string, state: unknown, timers?: KeyTimers): OutgoingRecord {
    return stateRecord(this.processor, this.#d.partition, key, state, timers);
  }

  /**
   * Returns the timers of a key after a record. Throws when the command of a new timer would be too large to write, so
   * that the record that sets it becomes a dead letter.
   */
  #timersAfter(key: string, state: unknown, meta: Meta): KeyTimers | undefined {
    const { timers, processor } = this.#member;
    if (timers === null) return undefined;
    const before = this.#timersBefore(key);
    const after = timers.after(key, state, meta, before);
    for (const timer of after)
      if (!before.some(({ id }) => id === timer.id))
        writable(toOutgoing(this.#d.decoder.codec, timerCommand(processor, key, timer)));
    return after;
  }

  /**
   * Returns true when exactly this state and these timers are committed or staged for the key. Compares the state by
   * identity: `evolve` returns the same object when it changes nothing. False for the first state of a key, and of an
   * aggregate that begins again after its end.
   */
  #holds(key: string, state: unknown, timers: KeyTimers | undefined): boolean {
    const { state: committed } = this.#member;
    const held = this.#staged.state.has(key) ? this.#staged.state.get(key) : committed.get(key);
    if (held !== state) return false;
    return timers === undefined || areSame(timers, this.#timersBefore(key));
  }

  #timersBefore(key: string): KeyTimers {
    return this.#staged.timers.get(key) ?? this.#member.timers?.get(key) ?? NO_TIMERS;
  }

  /**
   * Returns the state before a record. A finished aggregate begins again with the initial state, whether its end is
   * committed or staged in the same batch.
   */
  #stateBefore(key: string): unknown {
    const { processor, state: committed } = this.#member;
    if (!this.#staged.state.has(key)) return committed.get(key) ?? processor.initial;
    const state = this.#staged.state.get(key);
    return processor.finished(state) ? processor.initial : state;
  }
}

/** An error of one record: of its bytes, of a decider, or of what the decider returned. It becomes a dead letter. */
export class DecideError extends Error {
  constructor(cause: unknown) {
    super('the record cannot be decided', { cause });
  }
}

/** Thrown when a record, its state or its outputs would lie in different partitions: it was placed by another rule. */
class KeyMismatchError extends Error {
  readonly code = 'KEY_MISMATCH';
}

/** Thrown for a chain that its topology declares to be a cycle: one record led to too many others in turn. */
class HopsExceededError extends Error {
  readonly code = 'HOPS_EXCEEDED';

  constructor(hopsMax: number) {
    super(`the chain of the record is longer than ${hopsMax} records`);
  }
}

function inDecide<T>(decide: () => T): T {
  try {
    return decide();
  } catch (cause) {
    throw new DecideError(cause);
  }
}

function writable(record: OutgoingRecord): OutgoingRecord {
  if (isTooLarge(record)) throw new LogError('RECORD_TOO_LARGE', `${bytesOf(record)} bytes to ${record.topic}`);
  return record;
}
