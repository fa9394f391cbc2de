/**
 * The largest causally closed prefix of a mirror. A mirror copies each partition in order and at its own pace, so a loss
 * of the source tears transactions: an effect may be there without its cause, and a part of the outputs of one input
 * without the rest. See ADR 0057.
 */

import { partitionId } from '../kafka/partition-id.ts';

/** A record of the mirror. */
export interface MirroredRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Id under which effects name it; null for a record without one. */
  readonly id: string | null;
  /** Name under which the outputs for it name it; null for a record without an id. */
  readonly input: string | null;
  /** Id of the record that caused it; null for the first of a chain. */
  readonly cause: string | null;
  /** The outputs that belong to it; null for a record that no reader wrote, or that was written alone. */
  readonly outputs: OutputsOf | null;
  /** True for a record that is old enough for the mirror to hold all that belongs to it. */
  readonly settled: boolean;
}

/** The outputs of one reader for one input, written in one transaction. */
export interface OutputsOf {
  /** `<reader>/<input>`. */
  readonly name: string;
  /** Number of records. */
  readonly count: number;
}

/**
 * Why a record is dropped. `cause-missing` and `outputs-missing` are the tears; every other record follows from one:
 * its cause or an output beside it is dropped, or it lies behind a dropped record of its partition.
 */
export type DropReason = 'cause-missing' | 'outputs-missing' | 'cause-dropped' | 'output-dropped' | 'behind';

export interface DroppedRecord extends MirroredRecord {
  readonly reason: DropReason;
}

export interface ClosedPrefix {
  /** Offset of the first dropped record, by `partitionId`; a partition without one is kept whole. */
  readonly ends: ReadonlyMap<string, number>;
  readonly kept: readonly MirroredRecord[];
  /** In the order of the input. */
  readonly dropped: readonly DroppedRecord[];
}

/**
 * Returns the largest prefix, by partition, in which every record has its cause, and of the outputs for one input either
 * all are there or none. It is unique: the union of two closed prefixes is closed. Records of one partition must come in
 * its order. `isKnown` says whether a cause lies before the given records. A settled record is never the first to be
 * dropped. Time and memory are linear in the records.
 */
export function closedPrefix(
  records: readonly MirroredRecord[],
  isKnown: (id: string) => boolean = () => false,
): ClosedPrefix {
  const closing = new Closing(records, isKnown);
  closing.dropTears();
  return closing.result();
}

/** Positions of records in the input, by any name. */
type Index = Map<string, number[]>;

const addTo = (index: Index, name: string, at: number): void => {
  const list = index.get(name);
  if (list === undefined) index.set(name, [at]);
  else list.push(at);
};

const NONE: readonly number[] = [];

class Closing {
  readonly #records: readonly MirroredRecord[];
  readonly #isKnown: (id: string) => boolean;
  readonly #partitions: Index = new Map();
  readonly #byId: Index = new Map();
  readonly #byCause: Index = new Map();
  readonly #byOutputs: Index = new Map();
  /** Position of each record in its partition. */
  readonly #places: number[] = [];
  /** Number of records that are kept, by partition. */
  readonly #ends = new Map<string, number>();
  readonly #reasons = new Map<number, DropReason>();
  /** Dropped records whose effects have not been followed. */
  readonly #pending: number[] = [];

  constructor(records: readonly MirroredRecord[], isKnown: (id: string) => boolean) {
    this.#records = records;
    this.#isKnown = isKnown;
    for (const [at, record] of records.entries()) {
      const name = partitionId(record);
      this.#places.push(this.#partitions.get(name)?.length ?? 0);
      addTo(this.#partitions, name, at);
      if (record.id !== null) addTo(this.#byId, record.id, at);
      if (record.cause !== null && record.cause !== record.id) addTo(this.#byCause, record.cause, at);
      if (record.outputs !== null) addTo(this.#byOutputs, record.outputs.name, at);
    }
    for (const [name, { length }] of this.#partitions) this.#ends.set(name, length);
  }

  dropTears(): void {
    for (const [cause, effects] of this.#byCause)
      if (!this.#byId.has(cause) && !this.#isKnown(cause)) this.#dropTorn(effects, 'cause-missing');
    for (const members of this.#byOutputs.values())
      if (members.length < this.#countOf(members)) this.#dropTorn(members, 'outputs-missing');
    for (let at = this.#pending.pop(); at !== undefined; at = this.#pending.pop()) this.#follow(at);
  }

  result(): ClosedPrefix {
    const ends = new Map<string, number>();
    const dropped: DroppedRecord[] = [];
    for (const [at, reason] of [...this.#reasons].sort(([a], [b]) => a - b)) {
      const record = this.#records[at] as MirroredRecord;
      dropped.push({ ...record, reason });
      const name = partitionId(record);
      if (!ends.has(name)) ends.set(name, record.offset);
    }
    return { ends, kept: this.#records.filter((_, at) => !this.#reasons.has(at)), dropped };
  }

  #countOf(members: readonly number[]): number {
    return Math.max(...members.map((at) => this.#records[at]?.outputs?.count ?? 0));
  }

  #dropTorn(torn: readonly number[], reason: DropReason): void {
    if (torn.every((at) => this.#records[at]?.settled === true)) return;
    for (const at of torn) this.#drop(at, reason);
  }

  /** Drops a record and all behind it in its partition. */
  #drop(at: number, reason: DropReason): void {
    if (this.#reasons.has(at)) return;
    const name = partitionId(this.#records[at] as MirroredRecord);
    const members = this.#partitions.get(name) ?? NONE;
    const place = this.#places[at] ?? 0;
    const end = this.#ends.get(name) ?? 0;
    for (let next = place; next < end; next += 1) {
      const dropped = members[next] as number;
      this.#reasons.set(dropped, next === place ? reason : 'behind');
      this.#pending.push(dropped);
    }
    this.#ends.set(name, place);
  }

  /** Drops what cannot stay without this record. */
  #follow(at: number): void {
    const { id, outputs } = this.#records[at] as MirroredRecord;
    if (id !== null && (this.#byId.get(id) ?? NONE).every((same) => this.#reasons.has(same)) && !this.#isKnown(id))
      for (const effect of this.#byCause.get(id) ?? NONE) this.#drop(effect, 'cause-dropped');
    if (outputs === null) return;
    for (const other of this.#byOutputs.get(outputs.name) ?? NONE) this.#drop(other, 'output-dropped');
  }
}
