import { createHash } from 'node:crypto';
import { deadLetterTopic } from '../../../schemas/topics.ts';
import { codeOf, messageOf } from '../errors.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../log.ts';
import { bytesOf, LETTER_BYTES_MAX } from '../record-size.ts';

const STACK_CHARS_MAX = 4_000;
/** Messages may quote what they complain about. */
const MESSAGE_CHARS_MAX = 2_000;

/** The headers a dead letter carries beside those of the original. */
export const deadLetterHeaders = {
  code: 'khipu_dlq_code',
  message: 'khipu_dlq_message',
  stack: 'khipu_dlq_stack',
  processor: 'khipu_dlq_processor',
  topic: 'khipu_dlq_topic',
  partition: 'khipu_dlq_partition',
  offset: 'khipu_dlq_offset',
  attempt: 'khipu_dlq_attempt',
  /** Place in the line of a parked key, from 1, the record that died. Only on letters of a processor that parks. */
  sequence: 'khipu_dlq_sequence',
  /** Only on letters without their value: how much was left out, and its digest. The original has it, where it stands. */
  leftOut: 'khipu_dlq_left_out',
  /** Only on notes: what became of a letter. A note names it by processor and offset of the original. */
  note: 'khipu_dlq_note',
  by: 'khipu_dlq_by',
} as const;

/** The headers of a record that was appended again for the one reader that could not take it. */
export const redriveHeaders = {
  processor: 'khipu_redrive_processor',
  /** Offset of the original: with processor and partition the letter's name, which no other letter ever has. */
  offset: 'khipu_redrive_offset',
  /** Only for a parked letter: it counts only when it is the first of its line. */
  sequence: 'khipu_redrive_sequence',
  /** Runs before this one. */
  attempt: 'khipu_redrive_attempt',
  /** Only for a parked letter: leave it out of its line instead. */
  drop: 'khipu_redrive_drop',
  by: 'khipu_redrive_by',
} as const;

/** What became of a letter. `failed`: it was redriven, and died again; it stays open. `mark` is about none: see `readToMark`. */
export type Outcome = 'redriven' | 'dropped' | 'failed' | 'mark';

const redriveNames = new Set<string>(Object.values(redriveHeaders));

export const isRedriven = (headers: Headers): boolean => headers[redriveHeaders.processor] !== undefined;

/** Everyone but the reader that buried it has taken the original. `processor`: the name under which this reader buries. */
export const isForAnother = (headers: Headers, processor: string): boolean => {
  const wanted = headers[redriveHeaders.processor];
  return wanted !== undefined && wanted !== processor;
};

const runsBefore = (headers: Headers): number => Number(headers[redriveHeaders.attempt] ?? 0);

const ownNames = new Set<string>(Object.values(deadLetterHeaders));

const why = (error: unknown): Headers => ({
  [deadLetterHeaders.code]: codeOf(error),
  [deadLetterHeaders.message]: messageOf(error).slice(0, MESSAGE_CHARS_MAX),
  [deadLetterHeaders.stack]: (error instanceof Error ? (error.stack ?? '') : '').slice(0, STACK_CHARS_MAX),
});

/**
 * The record as it was, in the same partition of `<topic>.dlq`, with why and from where. Nothing is lost, but one that is
 * larger than a letter may be is buried without its value, so that it does not stop its partition: see `leftOut`.
 * `attempt`: runs of the record as it stands there; those of its earlier redrives are added.
 */
export function deadLetter(
  record: LogRecord,
  processor: string,
  error: unknown,
  attempt: number,
  sequence?: number,
): OutgoingRecord {
  const headers = Object.entries(record.headers).filter(([name]) => !redriveNames.has(name));
  return fitting({
    topic: deadLetterTopic(record.topic),
    partition: record.partition,
    key: record.key,
    value: record.value,
    headers: {
      ...Object.fromEntries(headers),
      ...why(error),
      [deadLetterHeaders.processor]: processor,
      [deadLetterHeaders.topic]: record.topic,
      [deadLetterHeaders.partition]: String(record.partition),
      [deadLetterHeaders.offset]: String(record.offset),
      [deadLetterHeaders.attempt]: String(runsBefore(record.headers) + attempt),
      ...(sequence !== undefined && { [deadLetterHeaders.sequence]: String(sequence) }),
    },
  });
}

/** The letter itself, or as much of it as its topic takes: without its value, its headers, and in the end its key. */
function fitting(letter: OutgoingRecord): OutgoingRecord {
  if (bytesOf(letter) <= LETTER_BYTES_MAX) return letter;
  const value = letter.value ?? Buffer.alloc(0);
  const leftOut = `${value.length} bytes, sha256 ${createHash('sha256').update(value).digest('hex')}`;
  const headers = { ...letter.headers, [deadLetterHeaders.leftOut]: leftOut };
  const withoutValue = { ...letter, value: null, headers };
  if (bytesOf(withoutValue) <= LETTER_BYTES_MAX) return withoutValue;
  const own = Object.entries(headers).filter(([name]) => ownNames.has(name));
  const bare = { ...withoutValue, headers: Object.fromEntries(own) };
  return bytesOf(bare) <= LETTER_BYTES_MAX ? bare : { ...bare, key: null };
}

/** A note on the letter of `processor` whose original stands at `offset`, for the same key and partition. */
export function note(
  letter: { readonly topic: string; readonly partition: number; readonly key: string | null; readonly offset: number },
  processor: string,
  outcome: Outcome,
  by: string,
  rest: Headers = {},
): OutgoingRecord {
  return {
    topic: deadLetterTopic(letter.topic),
    partition: letter.partition,
    key: letter.key,
    value: null,
    headers: {
      [deadLetterHeaders.note]: outcome,
      [deadLetterHeaders.processor]: processor,
      [deadLetterHeaders.offset]: String(letter.offset),
      [deadLetterHeaders.by]: by,
      ...rest,
    },
  };
}

/** The note of the reader of a redriven record: it was taken, or left out, or it died again. */
export function noteOn(redriven: LogRecord, outcome: 'redriven' | 'dropped'): OutgoingRecord {
  const { headers } = redriven;
  const letter = { ...redriven, offset: Number(headers[redriveHeaders.offset]) };
  return note(letter, headers[redriveHeaders.processor] ?? '', outcome, headers[redriveHeaders.by] ?? '');
}

export function failedAgain(redriven: LogRecord, error: unknown, attempt: number): OutgoingRecord {
  const { headers } = redriven;
  const letter = { ...redriven, offset: Number(headers[redriveHeaders.offset]) };
  return note(letter, headers[redriveHeaders.processor] ?? '', 'failed', headers[redriveHeaders.by] ?? '', {
    ...why(error),
    [deadLetterHeaders.attempt]: String(runsBefore(headers) + attempt),
  });
}
