import { allTopics, deadLetterTopic } from '../../../schemas/topics.ts';
import { partitionId } from '../../kafka/partition-id.ts';
import type { FetchedBatch, Log, LogRecord, Transactor } from '../../kafka/port.ts';
import type { Clock } from '../../kit/clock.ts';
import { type DeadLetter, noted, toDeadLetter } from './letter.ts';
import { readToMark } from './read-to-mark.ts';
import { deadLetterHeaders } from './write.ts';

/**
 * The fold of dead letters and the notes on them: which are open, and how the others were settled. A dead letter is
 * named by its reader and the name of the original, so that one that was written twice (projections write at least
 * once) counts once.
 */
export class Ledger {
  readonly #letters = new Map<string, DeadLetter>();
  readonly #next = new Map<string, number>();

  /** All dead letters, oldest first per partition. */
  get letters(): readonly DeadLetter[] {
    return [...this.#letters.values()].sort(
      (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset,
    );
  }

  /** Returns the current state of a dead letter, or `letter` itself when the ledger does not hold it. */
  current(letter: DeadLetter): DeadLetter {
    return this.#letters.get(nameOf(letter.topic, letter.partition, letter.processor, letter.record)) ?? letter;
  }

  /** Folds one record of a dead-letter topic: a dead letter or a note. Marks are ignored. */
  add(record: LogRecord): void {
    const { topic, partition, headers } = record;
    const processor = headers[deadLetterHeaders.processor] ?? '';
    const original = headers[deadLetterHeaders.record] ?? '';
    const name = nameOf(topic, partition, processor, original);
    const letter = this.#letters.get(name);
    const outcome = headers[deadLetterHeaders.note];
    if (outcome === 'mark') return;
    if (outcome === undefined) {
      if (letter === undefined) this.#letters.set(name, toDeadLetter(record));
    } else if (letter !== undefined) this.#letters.set(name, noted(letter, record));
  }

  /**
   * Reads the dead letters of `topics` that were appended since the last call, up to what a read_committed reader can
   * see.
   */
  async readNew(log: Log, topics: readonly string[]): Promise<void> {
    const from = (await log.watermarks(topics.map(deadLetterTopic)))
      .map(({ topic, partition, low, high }) => ({
        ...{ topic, partition, high },
        offset: this.#next.get(partitionId({ topic, partition })) ?? low,
      }))
      .filter(({ offset, high }) => offset < high);
    const onBatch = (batch: FetchedBatch): void => {
      for (const record of batch.records) this.add(record);
      this.#next.set(partitionId(batch), batch.next);
    };
    await log.readTo({ from, onBatch });
  }

  /**
   * Reads the dead letters of one topic up to a certain end: see `readToMark`. `transactor` must have fenced every
   * older tool.
   */
  async readToMark(log: Log, transactor: Transactor, origin: string, clock: Clock): Promise<void> {
    const marks = await log.watermarks([deadLetterTopic(origin)]);
    const origins = marks.map(({ partition }) => ({ topic: origin, partition }));
    const read = await readToMark(log, transactor, origins, (record) => this.add(record), clock);
    for (const { topic, partition, offset } of read) this.#next.set(partitionId({ topic, partition }), offset);
  }
}

const nameOf = (topic: string, partition: number, processor: string, record: string): string =>
  `${topic}/${partition}/${processor}/${record}`;

/**
 * Returns the topics of the catalogue that have dead letters, or only the wanted one, which need not be in the
 * catalogue.
 */
export const deadLetteredTopics = (wanted?: string): readonly string[] =>
  wanted === undefined ? allTopics.filter(({ deadLetters }) => deadLetters).map(({ name }) => name) : [wanted];
