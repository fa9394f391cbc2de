import { uuidV5 } from '../ids.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../log.ts';
import { deadLetterHeaders, redriveHeaders } from '../runner/dead-letter.ts';

/** What a note said last: `failed` leaves the letter open. */
export interface LetterNote {
  readonly outcome: 'redriven' | 'dropped' | 'failed';
  readonly by: string;
  readonly atMs: number;
}

/** A dead letter, as operators see it. Its place in the `.dlq` topic is its name. */
export interface DeadLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  /** Why it died last, like `message`, `stack` and `attempt`: a redriven letter may die of something else. */
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  readonly processor: string;
  readonly from: { readonly topic: string; readonly partition: number; readonly offset: number };
  readonly attempt: number;
  readonly atMs: number;
  /** Place in the line of its parked key, from 1; null when its reader parks nothing. */
  readonly sequence: number | null;
  readonly note: LetterNote | null;
  readonly headers: Headers;
  readonly value: Buffer | null;
}

export const isOpen = ({ note }: DeadLetter): boolean => note === null || note.outcome === 'failed';

const numberIn = (headers: Headers, name: string, otherwise: number): number => Number(headers[name] ?? otherwise);

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
  attempt: numberIn(headers, deadLetterHeaders.attempt, 1),
  atMs: timestampMs,
  sequence: headers[deadLetterHeaders.sequence] === undefined ? null : numberIn(headers, deadLetterHeaders.sequence, 1),
  note: null,
  headers,
  value,
});

/** The letter after a note on it. What settled it stands: a later note changes nothing. */
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
 * The record as it was before it died, to be appended to its topic again, for the reader that buried it and no other.
 * `ce_id` derives from the letter, so that redriving it twice gives the same id. With `drop` it only tells the reader of
 * a parked key that the letter is to be left out.
 */
export function redriven(letter: DeadLetter, by: string, drop = false): OutgoingRecord {
  const headers = Object.fromEntries(Object.entries(letter.headers).filter(([name]) => !own.has(name)));
  const id = headers['ce_id'];
  return {
    topic: letter.from.topic,
    partition: letter.from.partition,
    key: letter.key,
    value: letter.value,
    headers: {
      ...headers,
      ...(id !== undefined &&
        /^[0-9a-f-]{36}$/.test(id) && { ce_id: uuidV5(id, `redrive/${letter.offset}`), ce_redriveof: id }),
      [redriveHeaders.processor]: letter.processor,
      [redriveHeaders.offset]: String(letter.from.offset),
      [redriveHeaders.attempt]: String(letter.attempt),
      [redriveHeaders.by]: by,
      ...(letter.sequence !== null && { [redriveHeaders.sequence]: String(letter.sequence) }),
      ...(drop && { [redriveHeaders.drop]: 'true' }),
    },
  };
}
