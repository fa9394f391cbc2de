import { uuidV5 } from '../../../schemas/ids.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { deadLetterHeaders, redriveHeaders } from './write.ts';

/** The latest note on a dead letter. `failed` leaves it open. */
export interface LetterNote {
  readonly outcome: 'redriven' | 'dropped' | 'failed';
  readonly by: string;
  readonly atMs: number;
}

/** A dead letter, as operators see it. Its position in the `.dlq` topic is its name. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  /**
   * Code of the latest failure, like `message`, `stack` and `attempt`: a redriven record may fail with another error.
   */
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  readonly processor: string;
  /** Place of the original; the offset is -1 when it is unknown. */
  readonly from: { readonly topic: string; readonly partition: number; readonly offset: number };
  /** Name of the original: see `recordNameOf`. */
  readonly record: string;
  readonly attempt: number;
  readonly atMs: number;
  /** Position in the queue of its parked key, from 1; null when its reader does not park keys. */
  readonly sequence: number | null;
  readonly note: LetterNote | null;
  readonly headers: Headers;
  readonly value: Buffer | null;
}

/** Returns the name of a dead letter: its place in the dead-letter topic. */
export const letterName = ({ topic, partition, offset }: DeadLetter): string => `${topic}/${partition}/${offset}`;

/** Returns whether the dead letter is neither redriven nor dropped. */
export const isOpen = ({ note }: DeadLetter): boolean => note === null || note.outcome === 'failed';

const numberIn = (headers: Headers, name: string, otherwise: number): number => Number(headers[name] ?? otherwise);

/**
 * Reads a record of a dead-letter topic. Absent headers give `UNKNOWN` as code, empty texts and -1 as position of the
 * original.
 */
export const toDeadLetter = ({
  topic,
  partition,
  offset,
  key,
  headers,
  timestampMs,
  value,
}: LogRecord): DeadLetter => ({
  topic,
  partition,
  offset,
  key,
  code: headers[deadLetterHeaders.code] ?? 'UNKNOWN',
  message: headers[deadLetterHeaders.message] ?? '',
  stack: headers[deadLetterHeaders.stack] ?? '',
  processor: headers[deadLetterHeaders.processor] ?? '',
  from: {
    topic: headers[deadLetterHeaders.topic] ?? '',
    partition: numberIn(headers, deadLetterHeaders.partition, -1),
    offset: numberIn(headers, deadLetterHeaders.offset, -1),
  },
  record: headers[deadLetterHeaders.record] ?? '',
  attempt: numberIn(headers, deadLetterHeaders.attempt, 1),
  atMs: timestampMs,
  sequence: headers[deadLetterHeaders.sequence] === undefined ? null : numberIn(headers, deadLetterHeaders.sequence, 1),
  note: null,
  headers,
  value,
});

/** Returns the dead letter after a note on it. A note on a settled dead letter changes nothing. */
export function noted(letter: DeadLetter, { headers, timestampMs }: LogRecord): DeadLetter {
  if (!isOpen(letter)) return letter;
  const outcome = headers[deadLetterHeaders.note] as LetterNote['outcome'];
  const after = { ...letter, note: { outcome, by: headers[deadLetterHeaders.by] ?? '', atMs: timestampMs } };
  if (outcome !== 'failed') return after;
  return {
    ...after,
    code: headers[deadLetterHeaders.code] ?? letter.code,
    message: headers[deadLetterHeaders.message] ?? '',
    stack: headers[deadLetterHeaders.stack] ?? '',
    attempt: numberIn(headers, deadLetterHeaders.attempt, letter.attempt),
  };
}

const own = new Set<string>(Object.values(deadLetterHeaders));

/**
 * Returns the original record, to be appended to its topic again for the reader that wrote the dead letter and no other
 * reader. `ce_id` derives from the dead letter, so that redriving it twice gives the same id. With `drop` the record
 * only asks the reader of a parked key to settle the dead letter as dropped.
 */
export function redriven(letter: DeadLetter, by: string, drop = false): OutgoingRecord {
  const headers = Object.fromEntries(Object.entries(letter.headers).filter(([name]) => !own.has(name)));
  const id = headers['ce_id'];
  const redrives = letter.headers[deadLetterHeaders.redrives];
  return {
    topic: redrives ?? letter.from.topic,
    partition: letter.from.partition,
    key: letter.key,
    value: letter.value,
    headers: {
      ...headers,
      ...(id !== undefined &&
        /^[0-9a-f-]{36}$/.test(id) && { ce_id: uuidV5(id, `redrive/${letter.offset}`), ce_redriveof: id }),
      [redriveHeaders.processor]: letter.processor,
      [redriveHeaders.record]: letter.record,
      ...(redrives !== undefined && { [redriveHeaders.topic]: letter.from.topic }),
      [redriveHeaders.attempt]: String(letter.attempt),
      [redriveHeaders.by]: by,
      ...(letter.sequence !== null && { [redriveHeaders.sequence]: String(letter.sequence) }),
      ...(drop && { [redriveHeaders.drop]: 'true' }),
    },
  };
}
