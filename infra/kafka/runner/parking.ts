import { deadLetterTopic } from '../../../schemas/topics.ts';
import type { AnyTopic } from '../../../streams/kernel.ts';
import type { Clock } from '../clock.ts';
import type { Log, LogRecord, Transactor } from '../log.ts';
import { readToMark } from '../read-to-mark.ts';
import { deadLetterHeaders } from './dead-letter.ts';

/** Which letter of which line. */
export interface Parked {
  readonly topic: string;
  readonly key: string;
  /** Offset of the original. Those of one line rise, as its records do. */
  readonly offset: number;
}

interface Line {
  /** Offsets of the originals whose letters are open, oldest first. */
  readonly offsets: number[];
  lastSequence: number;
}

const placeOf = (topic: string, key: string): string => `${topic} ${key}`;

/**
 * The parked keys of one task: for each, the letters of its records that wait for a redrive, in order. Its truth is the
 * dead-letter partitions, from which it is read after fencing (`readParked`): this is a copy. What a batch changes is
 * staged, and becomes the truth when its transaction has committed.
 */
export class ParkedLines {
  readonly #lines = new Map<string, Line>();
  readonly #staged = new Map<string, Line>();

  /** Parked keys, as committed. */
  get size(): number {
    return this.#lines.size;
  }

  /** False as long as nothing is parked: then nobody need ask further. */
  get any(): boolean {
    return this.#lines.size > 0 || this.#staged.size > 0;
  }

  holds(topic: string, key: string): boolean {
    return (this.#line(topic, key)?.offsets.length ?? 0) > 0;
  }

  first(topic: string, key: string): number | undefined {
    return this.#line(topic, key)?.offsets[0];
  }

  includes({ topic, key, offset }: Parked): boolean {
    return this.#line(topic, key)?.offsets.includes(offset) === true;
  }

  /** Puts a record at the end of its key's line; gives back its place in it, from 1. */
  add({ topic, key, offset }: Parked): number {
    const line = this.#toChange(topic, key);
    line.lastSequence = line.offsets.length === 0 ? 1 : line.lastSequence + 1;
    line.offsets.push(offset);
    return line.lastSequence;
  }

  remove({ topic, key, offset }: Parked): void {
    const { offsets } = this.#toChange(topic, key);
    const index = offsets.indexOf(offset);
    if (index >= 0) offsets.splice(index, 1);
  }

  /** Forgets what was staged. */
  reset(): void {
    if (this.#staged.size > 0) this.#staged.clear();
  }

  /** Makes what was staged the truth; true when there was anything. */
  publish(): boolean {
    if (this.#staged.size === 0) return false;
    for (const [place, line] of this.#staged)
      if (line.offsets.length === 0) this.#lines.delete(place);
      else this.#lines.set(place, line);
    this.#staged.clear();
    return true;
  }

  #line(topic: string, key: string): Line | undefined {
    const place = placeOf(topic, key);
    return this.#staged.get(place) ?? this.#lines.get(place);
  }

  #toChange(topic: string, key: string): Line {
    const place = placeOf(topic, key);
    const staged = this.#staged.get(place);
    if (staged !== undefined) return staged;
    const line = this.#lines.get(place);
    const copy = { offsets: [...(line?.offsets ?? [])], lastSequence: line?.lastSequence ?? 0 };
    this.#staged.set(place, copy);
    return copy;
  }
}

/**
 * Reads which keys of a processor are parked, by partition. Call it after fencing: `transactor` is any one of those that
 * fenced the older owners of these partitions, none of whom can then add a letter or settle one.
 */
export async function readParked(
  log: Log,
  clock: Clock,
  transactor: Transactor,
  processor: { readonly name: string; readonly inputs: readonly AnyTopic[] },
  partitions: readonly number[],
): Promise<ReadonlyMap<number, ParkedLines>> {
  const parked = new Map(partitions.map((partition) => [partition, new ParkedLines()]));
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
  for (const lines of parked.values()) lines.publish();
  return parked;
}

function fold(lines: ParkedLines | undefined, topic: string, processor: string, { key, headers }: LogRecord): void {
  if (lines === undefined || key === null || headers[deadLetterHeaders.processor] !== processor) return;
  const letter = { topic, key, offset: Number(headers[deadLetterHeaders.offset]) };
  const outcome = headers[deadLetterHeaders.note];
  if (outcome === 'redriven' || outcome === 'dropped') lines.remove(letter);
  else if (outcome === undefined && headers[deadLetterHeaders.sequence] !== undefined) lines.add(letter);
}
