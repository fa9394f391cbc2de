import { createHash } from 'node:crypto';
import { deadLetterTopic } from '../../../schemas/topics.ts';
import { UNKNOWN_OFFSET } from '../../../streams/kernel.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { bytesOf, LETTER_BYTES_MAX } from '../../kafka/record-size.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';

const STACK_CHARS_MAX = 4_000;
/** Bound on the message, which may quote the faulty input. */
const MESSAGE_CHARS_MAX = 2_000;

/** Headers of a dead letter, in addition to those of the original. */
export const deadLetterHeaders = {
  code: 'khipu_dlq_code',
  message: 'khipu_dlq_message',
  stack: 'khipu_dlq_stack',
  processor: 'khipu_dlq_processor',
  topic: 'khipu_dlq_topic',
  partition: 'khipu_dlq_partition',
  /** Only where it is known: a record that a topology handed on had none yet. */
  offset: 'khipu_dlq_offset',
  /** Name of the original record (`recordNameOf`): with the processor, the name of the dead letter. */
  record: 'khipu_dlq_record',
  attempt: 'khipu_dlq_attempt',
  /**
   * Position in the queue of a parked key, from 1 for the record that failed. Only written by a processor that parks.
   */
  sequence: 'khipu_dlq_sequence',
  /**
   * Only on dead letters without their value: size and digest of the value that was left out. The original record still
   * has it.
   */
  leftOut: 'khipu_dlq_left_out',
  /** Topic to which a redrive appends the original; absent when it is the topic of the original. */
  redrives: 'khipu_dlq_redrives',
  /** Only on notes: the outcome of a dead letter. */
  note: 'khipu_dlq_note',
  by: 'khipu_dlq_by',
} as const;

/** Headers of a redriven record: appended again for the one reader that could not process it. */
export const redriveHeaders = {
  processor: 'khipu_redrive_processor',
  /** Name of the original: with the processor, the name of the dead letter. */
  record: 'khipu_redrive_record',
  /** Topic of the original, for a record that comes back through the topic of redriven records of a topology. */
  topic: 'khipu_redrive_topic',
  /** Only for a parked key: the record is processed only when it is the first of its queue. */
  sequence: 'khipu_redrive_sequence',
  /** Number of earlier runs. */
  attempt: 'khipu_redrive_attempt',
  /** Only for a parked key: drop the record from its queue instead of processing it. */
  drop: 'khipu_redrive_drop',
  by: 'khipu_redrive_by',
} as const;

/**
 * The outcome in a note on a dead letter. `failed`: redriven and failed again; it stays open. `mark` belongs to no dead
 * letter: see `readToMark`.
 */
export type Outcome = 'redriven' | 'dropped' | 'failed' | 'mark';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Returns the name of a record within its topic partition: `<ce_id>@<offset>`, or `<ce_id>` while its offset is unknown,
 * or `@<offset>` for a record without a valid id.
 */
export function recordNameOf({ headers, offset }: Pick<LogRecord, 'headers' | 'offset'>): string {
  const id = headers['ce_id'] ?? '';
  return `${UUID.test(id) ? id : ''}${offset === UNKNOWN_OFFSET ? '' : `@${offset}`}`;
}

/** Returns the name of the dead letter of a redriven record, with its place. */
const letterOf = ({ topic, partition, key, headers }: LogRecord): NotedLetter => ({
  ...{ topic, partition, key },
  record: headers[redriveHeaders.record] ?? '',
});

const redriveNames = new Set<string>(Object.values(redriveHeaders));

/** Returns whether a record was appended again for one reader. Other readers have processed the original. */
export const isRedriven = (headers: Headers): boolean => headers[redriveHeaders.processor] !== undefined;

/**
 * Returns whether a redriven record is addressed to a reader other than `processor`, the name under which that reader
 * writes its dead letters. Other readers have processed the original.
 */
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

interface LetterOptions {
  /** Position in the queue of a parked key. */
  readonly sequence?: number | undefined;
  /** Topic to which a redrive appends the record. Default: its own topic. */
  readonly redrives?: string | undefined;
}

/**
 * Returns the dead letter of a record: key, value and headers unchanged, in the same partition of `<topic>.dlq`, with
 * cause and origin in headers. A record that is too large for a dead letter is written without its value, so that it
 * does not block its partition: see `leftOut`.
 * `attempt`: number of runs of this copy of the record; the runs before its redrive are added.
 */
export function deadLetter(
  record: LogRecord,
  processor: string,
  error: unknown,
  attempt: number,
  { sequence, redrives }: LetterOptions = {},
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
      ...(record.offset !== UNKNOWN_OFFSET && { [deadLetterHeaders.offset]: String(record.offset) }),
      [deadLetterHeaders.record]: recordNameOf(record),
      [deadLetterHeaders.attempt]: String(runsBefore(record.headers) + attempt),
      ...(sequence !== undefined && { [deadLetterHeaders.sequence]: String(sequence) }),
      ...(redrives !== undefined && { [deadLetterHeaders.redrives]: redrives }),
    },
  });
}

/**
 * Returns the dead letter, cut to the size that its topic takes: first without its value, then without the original
 * headers, then without its key.
 */
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

/** The dead letter that a note is about. */
export interface NotedLetter {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  /** Name of the original record. */
  readonly record: string;
}

/** Returns a note on the dead letter that `processor` wrote for an original, for the same key and partition. */
export function note(
  letter: NotedLetter,
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
      [deadLetterHeaders.record]: letter.record,
      [deadLetterHeaders.by]: by,
      ...rest,
    },
  };
}

/** Returns the note of the reader of a redriven record that was processed or dropped. */
export function noteOn(redriven: LogRecord, outcome: 'redriven' | 'dropped'): OutgoingRecord {
  const { headers } = redriven;
  return note(letterOf(redriven), headers[redriveHeaders.processor] ?? '', outcome, headers[redriveHeaders.by] ?? '');
}

/** Returns the note on a redriven record that failed again: the new cause, and the total number of runs. */
export function failedAgain(redriven: LogRecord, error: unknown, attempt: number): OutgoingRecord {
  const { headers } = redriven;
  return note(letterOf(redriven), headers[redriveHeaders.processor] ?? '', 'failed', headers[redriveHeaders.by] ?? '', {
    ...why(error),
    [deadLetterHeaders.attempt]: String(runsBefore(headers) + attempt),
  });
}
