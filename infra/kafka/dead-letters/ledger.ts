import { allTopics, deadLetterTopic } from '../../../schemas/topics.ts';
import type { Clock } from '../clock.ts';
import type { FetchedBatch, Log, LogRecord, Transactor } from '../log.ts';
import { readToMark } from '../read-to-mark.ts';
import { deadLetterHeaders } from '../runner/dead-letter.ts';
import { type DeadLetter, noted, toDeadLetter } from './letter.ts';

/**
 * Letters and the notes on them, folded: what is open and what became of the rest. A letter is named by its reader and the
 * place of the original, so that one that was written twice (projections bury at least once) counts once.
 */
export class Ledger {
  readonly #letters = new Map<string, DeadLetter>();
  readonly #next = new Map<string, number>();

  /** Oldest first per partition. */
  get letters(): readonly DeadLetter[] {
    return [...this.#letters.values()].sort(
      (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset,
    );
  }

  /** What the letter has become since it was read. */
  now(letter: DeadLetter): DeadLetter {
    return this.#letters.get(nameOf(letter.topic, letter.partition, letter.processor, letter.from.offset)) ?? letter;
  }

  add(record: LogRecord): void {
    const { topic, partition, headers } = record;
    const origin = Number(headers[deadLetterHeaders.offset] ?? -1);
    const name = nameOf(topic, partition, headers[deadLetterHeaders.processor] ?? '', origin);
    const letter = this.#letters.get(name);
    const outcome = headers[deadLetterHeaders.note];
    if (outcome === 'mark') return;
    if (outcome === undefined) {
      if (letter === undefined) this.#letters.set(name, toDeadLetter(record));
    } else if (letter !== undefined) this.#letters.set(name, noted(letter, record));
  }

  /** Reads what came since; all that a read_committed reader can see now. */
  async readOn(log: Log, topics: readonly string[]): Promise<void> {
    const from = (await log.watermarks(topics.map(deadLetterTopic)))
      .map(({ topic, partition, low, high }) => ({
        ...{ topic, partition, high },
        offset: this.#next.get(`${topic}/${partition}`) ?? low,
      }))
      .filter(({ offset, high }) => offset < high);
    const onBatch = (batch: FetchedBatch): void => {
      for (const record of batch.records) this.add(record);
      this.#next.set(`${batch.topic}/${batch.partition}`, batch.next);
    };
    await log.readTo({ from, onBatch });
  }

  /** Reads the letters of one topic to an end that is certain. `transactor` has fenced every older tool. */
  async readToMark(log: Log, transactor: Transactor, origin: string, clock: Clock): Promise<void> {
    const marks = await log.watermarks([deadLetterTopic(origin)]);
    const places = marks.map(({ partition }) => ({ topic: origin, partition }));
    const read = await readToMark(log, transactor, places, (record) => this.add(record), clock);
    for (const { topic, partition, offset } of read) this.#next.set(`${topic}/${partition}`, offset);
  }
}

const nameOf = (topic: string, partition: number, processor: string, origin: number): string =>
  `${topic}/${partition}/${processor}/${origin}`;

/** Topics of the catalogue with dead letters, or the one that is asked for, which may be another. */
export const deadLetteredTopics = (wanted?: string): readonly string[] =>
  wanted === undefined ? allTopics.filter(({ deadLetters }) => deadLetters).map(({ name }) => name) : [wanted];
