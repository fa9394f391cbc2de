import type { Headers, LogRecord } from '../kafka/port.ts';
import { deadLetterHeaders } from '../runner/dead-letters/write.ts';
import type { GrownTopic } from './grown-topics.ts';
import { type Step, targetOf } from './target.ts';

/**
 * Distance between the offsets of two layouts in the names of dead letters. A dead letter is named by its reader and the
 * name of the original in its partition (`recordNameOf`), which may be an offset alone, and offsets of a new partition
 * begin at 0 again. Below zero no record has an offset, so a moved letter keeps a name of its own.
 */
const LAYOUT_OFFSETS = 2 ** 40;
/** The offset in the name of a record. */
const OFFSET_IN_NAME = /(?<=@)-?\d+$/;

const moved = (offset: string): string => String(Number(offset) - LAYOUT_OFFSETS);

const nameIn = (headers: Headers): string =>
  `${headers[deadLetterHeaders.processor] ?? ''} ${headers[deadLetterHeaders.record] ?? ''}`;

/**
 * Returns a function that finds the new partition of each record of a dead-letter partition, called in their order. A note
 * has no headers of the original, so it follows the letter that it is about.
 */
export function lettersTo(topic: GrownTopic, step: Step): (record: LogRecord) => number {
  const homes = new Map<string, number>();
  return (record) => {
    const { headers, partition } = record;
    if (headers[deadLetterHeaders.note] !== undefined) return homes.get(nameIn(headers)) ?? partition;
    const target = targetOf(topic, record, step);
    homes.set(nameIn(headers), target);
    return target;
  };
}

/** Returns the headers of a letter, or of a note on it, in its new partition. In the old one its name stays unique. */
export function renamed(headers: Headers, source: number, target: number): Headers {
  const record = headers[deadLetterHeaders.record];
  if (target === source || record === undefined) return headers;
  const offset = headers[deadLetterHeaders.offset];
  return {
    ...headers,
    ...(headers[deadLetterHeaders.partition] !== undefined && { [deadLetterHeaders.partition]: String(target) }),
    ...(offset !== undefined && { [deadLetterHeaders.offset]: moved(offset) }),
    [deadLetterHeaders.record]: record.replace(OFFSET_IN_NAME, moved),
  };
}
