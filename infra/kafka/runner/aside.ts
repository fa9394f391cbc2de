import type { LogRecord, OutgoingRecord } from '../log.ts';
import { deadLetter, failedAgain, isForAnother, noteOn, redriveHeaders } from './dead-letter.ts';
import type { ParkedLines } from './parking.ts';

/** A record of this key died before, and waits; this one waits behind it. */
export class KeyParkedError extends Error {
  readonly code = 'KEY_PARKED';
}

/**
 * What a task does with a record before it decodes it.
 * `work`: it is to be worked on. `pass`: it is for another, or was settled already. `park`: its key is parked.
 * `drop`: its letter is to be left out.
 */
export type Admission = 'work' | 'pass' | 'park' | 'drop';

/**
 * Puts records aside for one task: which are worked on, what is written for those that are not, and what for those that
 * died. docs/explanation/exactly-once.md, "Parked keys", names the rules. Whatever it returns is written in the
 * transaction that passes the record over, and `lines` is published after it.
 */
export class Aside {
  readonly #processor: string;
  /** Null when the processor parks nothing. */
  readonly lines: ParkedLines | null;

  constructor(processor: string, lines: ParkedLines | null) {
    this.#processor = processor;
    this.lines = lines;
  }

  admit(record: LogRecord): Admission {
    const { topic, key, headers } = record;
    if (headers[redriveHeaders.processor] !== undefined) {
      if (isForAnother(headers, this.#processor)) return 'pass';
      if (headers[redriveHeaders.sequence] !== undefined) return this.#admitParked(record);
    }
    return this.lines?.any === true && key !== null && this.lines.holds(topic, key) ? 'park' : 'work';
  }

  /** The next of its line, and no other: an earlier one was settled before, a later one must wait. */
  #admitParked({ topic, key, headers }: LogRecord): Admission {
    if (this.lines === null || key === null) return 'pass';
    const offset = Number(headers[redriveHeaders.offset]);
    if (headers[redriveHeaders.drop] !== undefined)
      return this.lines.includes({ topic, key, offset }) ? 'drop' : 'pass';
    return this.lines.first(topic, key) === offset ? 'work' : 'pass';
  }

  /** The letter of a record that waits behind its key. */
  park(record: LogRecord): OutgoingRecord {
    const error = new KeyParkedError('a record of this key died before; this one waits behind it');
    error.stack = '';
    return this.#bury(record, error, 0);
  }

  /** What to write when the record was worked on, or dropped: a note where it had a letter. */
  settle(record: LogRecord, outcome: 'redriven' | 'dropped'): readonly OutgoingRecord[] {
    if (record.headers[redriveHeaders.sequence] === undefined || record.key === null) return [];
    const offset = Number(record.headers[redriveHeaders.offset]);
    this.lines?.remove({ topic: record.topic, key: record.key, offset });
    return [noteOn(record, outcome)];
  }

  /** What to write for a record that died: a letter, or a note on the one that it has. It stays the first of its line. */
  died(record: LogRecord, error: unknown, attempt: number): OutgoingRecord {
    if (record.headers[redriveHeaders.sequence] !== undefined) return failedAgain(record, error, attempt);
    return this.#bury(record, error, attempt);
  }

  #bury(record: LogRecord, error: unknown, attempt: number): OutgoingRecord {
    const { topic, key, offset } = record;
    const sequence = key === null ? undefined : this.lines?.add({ topic, key, offset });
    const letter = deadLetter(record, this.#processor, error, attempt, sequence);
    // A key too large for a letter has no line: nobody could ever name it to take the line up.
    if (key !== null && letter.key === null) this.lines?.remove({ topic, key, offset });
    return letter;
  }
}
