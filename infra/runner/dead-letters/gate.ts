import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import type { ParkedKeys } from './parked-keys.ts';
import { deadLetter, failedAgain, isForAnother, noteOn, recordNameOf, redriveHeaders } from './write.ts';

/** An earlier record of this key became a dead letter and is not settled; this record waits behind it. */
export class KeyParkedError extends Error {
  readonly code = 'KEY_PARKED';
}

/**
 * What a task does with a record before decoding it. `work`: process it. `pass`: skip it; it is addressed to another
 * reader, or was settled already. `park`: write a dead letter, because its key is parked. `drop`: settle its dead
 * letter as dropped.
 */
export type Admission = 'work' | 'pass' | 'park' | 'drop';

/**
 * Decides for one task which records are processed, and what is written for records that are not, or that failed.
 * docs/explanation/exactly-once.md, "Parked keys", lists the rules. The caller writes the returned records in the
 * transaction that passes the input record, and publishes `parkedKeys` after its commit.
 */
export class DeadLetterGate {
  readonly #processor: string;
  /** Null when the processor does not park keys. */
  readonly parkedKeys: ParkedKeys | null;
  readonly #redrives: string | undefined;

  /** `redrives`: topic through which redriven records come back. Default: their own topics. */
  constructor(processor: string, parkedKeys: ParkedKeys | null, redrives?: string) {
    this.#processor = processor;
    this.parkedKeys = parkedKeys;
    this.#redrives = redrives;
  }

  /** Returns what to do with a record of the input. */
  admit(record: LogRecord): Admission {
    const { topic, key, headers } = record;
    if (headers[redriveHeaders.processor] !== undefined) {
      if (isForAnother(headers, this.#processor)) return 'pass';
      if (headers[redriveHeaders.sequence] !== undefined) return this.#admitParked(record);
    }
    return this.parkedKeys?.any === true && key !== null && this.parkedKeys.holds(topic, key) ? 'park' : 'work';
  }

  /** Admits only the first record of its queue: an earlier one was settled already, a later one must wait. */
  #admitParked({ topic, key, headers }: LogRecord): Admission {
    if (this.parkedKeys === null || key === null) return 'pass';
    const record = headers[redriveHeaders.record] ?? '';
    if (headers[redriveHeaders.drop] !== undefined)
      return this.parkedKeys.includes({ topic, key, record }) ? 'drop' : 'pass';
    return this.parkedKeys.first(topic, key) === record ? 'work' : 'pass';
  }

  /** Returns the dead letter of a record that waits behind its parked key, and adds it to the queue. */
  park(record: LogRecord): OutgoingRecord {
    const error = new KeyParkedError('an earlier record of this key is a dead letter; this one waits behind it');
    error.stack = '';
    return this.#deadLetter(record, error, 0);
  }

  /**
   * Returns the note to write when a record was processed or dropped: one for a redriven record of a parked key, which
   * also leaves its queue; none otherwise.
   */
  noteSettled(record: LogRecord, outcome: 'redriven' | 'dropped'): readonly OutgoingRecord[] {
    if (record.headers[redriveHeaders.sequence] === undefined || record.key === null) return [];
    const original = record.headers[redriveHeaders.record] ?? '';
    this.parkedKeys?.remove({ topic: record.topic, key: record.key, record: original });
    return [noteOn(record, outcome)];
  }

  /**
   * Returns what to write for a record that failed: a dead letter, or a note on its existing one, which stays the first
   * of its queue.
   */
  failed(record: LogRecord, error: unknown, attempt: number): OutgoingRecord {
    if (record.headers[redriveHeaders.sequence] !== undefined) return failedAgain(record, error, attempt);
    return this.#deadLetter(record, error, attempt);
  }

  #deadLetter(record: LogRecord, error: unknown, attempt: number): OutgoingRecord {
    const { topic, key } = record;
    const name = recordNameOf(record);
    const sequence = key === null ? undefined : this.parkedKeys?.add({ topic, key, record: name });
    const letter = deadLetter(record, this.#processor, error, attempt, { sequence, redrives: this.#redrives });
    // A key that is too large for a dead letter has no queue: no redrive could name it.
    if (key !== null && letter.key === null) this.parkedKeys?.remove({ topic, key, record: name });
    return letter;
  }
}
