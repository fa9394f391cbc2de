import type { Log } from '../log.ts';
import { deadLetteredTopics, Ledger } from './ledger.ts';
import { type DeadLetter, isOpen } from './letter.ts';

export interface DeadLetterFilter {
  /** The topic of the originals. */
  readonly topic?: string | undefined;
  readonly code?: string | undefined;
  readonly key?: string | undefined;
  /** The reader that buried it, such as `policy` or `projection.sessions`. */
  readonly processor?: string | undefined;
  /** Ms since 1970: buried at this time or later. */
  readonly sinceMs?: number | undefined;
  /** Ms since 1970: buried before this time. */
  readonly untilMs?: number | undefined;
  /** The oldest of each partition first. */
  readonly limit?: number | undefined;
  /** Those that were redriven or dropped as well. */
  readonly all?: boolean | undefined;
}

export function selected(letters: readonly DeadLetter[], filter: DeadLetterFilter): readonly DeadLetter[] {
  const { code, key, processor, sinceMs, untilMs, limit, all } = filter;
  return letters
    .filter(
      (letter) =>
        (all === true || isOpen(letter)) &&
        (code === undefined || letter.code === code) &&
        (key === undefined || letter.key === key) &&
        (processor === undefined || letter.processor === processor) &&
        (sinceMs === undefined || letter.atMs >= sinceMs) &&
        (untilMs === undefined || letter.atMs < untilMs),
    )
    .slice(0, limit);
}

/** The dead letters that match, oldest first per partition. */
export async function listDeadLetters(log: Log, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const ledger = new Ledger();
  await ledger.readOn(log, deadLetteredTopics(filter.topic));
  return selected(ledger.letters, filter);
}
