import { deadLetterTopic } from '../../../schemas/topics.ts';
import type { AnyTopic, Poison } from '../../../streams/kernel.ts';
import type { Log, LogRecord, Transactor } from '../../kafka/port.ts';
import type { Clock } from '../../kit/clock.ts';
import { readToMark } from './read-to-mark.ts';
import { deadLetterHeaders } from './write.ts';

/** One record in the queue of a parked key. */
export interface ParkedRecord {
  readonly topic: string;
  readonly key: string;
  /** Name of the original record. */
  readonly record: string;
}

interface Queue {
  /** Names of the original records whose dead letters are open, oldest first. */
  readonly records: string[];
  lastSequence: number;
}

const idOf = (topic: string, key: string): string => `${topic} ${key}`;

/**
 * The parked keys of one task: per key, the dead letters of its records that wait for a redrive, in order. This is a
 * copy: the dead-letter partitions are the source, read after fencing (`readParked`). Changes of a batch are staged,
 * and published after the commit of its transaction.
 */
export class ParkedKeys {
  readonly #queues = new Map<string, Queue>();
  readonly #staged = new Map<string, Queue>();

  /** Number of parked keys, as committed. */
  get size(): number {
    return this.#queues.size;
  }

  /** False while no key is parked, committed or staged: a cheap first check. */
  get any(): boolean {
    return this.#queues.size > 0 || this.#staged.size > 0;
  }

  /** Returns whether the key is parked in this topic. */
  holds(topic: string, key: string): boolean {
    return (this.#queue(topic, key)?.records.length ?? 0) > 0;
  }

  /** Returns the name of the first original in the queue of the key, or undefined when the key is not parked. */
  first(topic: string, key: string): string | undefined {
    return this.#queue(topic, key)?.records[0];
  }

  /** Returns whether the record is in its queue. */
  includes({ topic, key, record }: ParkedRecord): boolean {
    return this.#queue(topic, key)?.records.includes(record) === true;
  }

  /** Adds a record to the end of the queue of its key. Returns its position in the queue, from 1. */
  add({ topic, key, record }: ParkedRecord): number {
    const queue = this.#stagedQueue(topic, key);
    queue.lastSequence = queue.records.length === 0 ? 1 : queue.lastSequence + 1;
    queue.records.push(record);
    return queue.lastSequence;
  }

  /** Removes a record from its queue, if it is in it. */
  remove({ topic, key, record }: ParkedRecord): void {
    const { records } = this.#stagedQueue(topic, key);
    const index = records.indexOf(record);
    if (index >= 0) records.splice(index, 1);
  }

  /** Discards the staged changes. */
  reset(): void {
    if (this.#staged.size > 0) this.#staged.clear();
  }

  /** Publishes the staged changes. Returns whether there were any. */
  publish(): boolean {
    if (this.#staged.size === 0) return false;
    for (const [id, queue] of this.#staged)
      if (queue.records.length === 0) this.#queues.delete(id);
      else this.#queues.set(id, queue);
    this.#staged.clear();
    return true;
  }

  #queue(topic: string, key: string): Queue | undefined {
    const id = idOf(topic, key);
    return this.#staged.get(id) ?? this.#queues.get(id);
  }

  #stagedQueue(topic: string, key: string): Queue {
    const id = idOf(topic, key);
    const staged = this.#staged.get(id);
    if (staged !== undefined) return staged;
    const queue = this.#queues.get(id);
    const copy = { records: [...(queue?.records ?? [])], lastSequence: queue?.lastSequence ?? 0 };
    this.#staged.set(id, copy);
    return copy;
  }
}

/**
 * Reads the parked keys of a reader, by partition; the map is empty when the reader skips failed records. Call it after
 * fencing: `transactors` have fenced the older owners of these partitions, which can then no longer add or settle a
 * dead letter.
 */
export async function readParked(
  log: Log,
  clock: Clock,
  transactors: ReadonlyMap<number, Transactor>,
  processor: { readonly name: string; readonly inputs: readonly AnyTopic[]; readonly poison: Poison },
): Promise<ReadonlyMap<number, ParkedKeys>> {
  const [transactor] = transactors.values();
  if (processor.poison === 'skip' || transactor === undefined) return new Map();
  const parked = new Map([...transactors.keys()].map((partition) => [partition, new ParkedKeys()]));
  const names = processor.inputs.filter(({ deadLetters }) => deadLetters).map(({ name }) => name);
  const originOf = new Map(names.map((name) => [deadLetterTopic(name), name]));
  const origins = (await log.watermarks([...originOf.keys()]))
    .filter(({ partition }) => parked.has(partition))
    .map(({ topic, partition }) => ({ topic: originOf.get(topic) ?? '', partition }));
  await readToMark(
    log,
    transactor,
    origins,
    (record) => fold(parked.get(record.partition), originOf.get(record.topic) ?? '', processor.name, record),
    clock,
  );
  for (const keys of parked.values()) keys.publish();
  return parked;
}

function fold(keys: ParkedKeys | undefined, topic: string, processor: string, { key, headers }: LogRecord): void {
  if (keys === undefined || key === null || headers[deadLetterHeaders.processor] !== processor) return;
  const letter = { topic, key, record: headers[deadLetterHeaders.record] ?? '' };
  const outcome = headers[deadLetterHeaders.note];
  if (outcome === 'redriven' || outcome === 'dropped') keys.remove(letter);
  else if (outcome === undefined && headers[deadLetterHeaders.sequence] !== undefined) keys.add(letter);
}
