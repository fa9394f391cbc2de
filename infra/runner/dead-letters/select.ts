import type { Log } from '../../kafka/port.ts';
import { deadLetteredTopics, Ledger } from './ledger.ts';
import { type DeadLetter, isOpen, letterName } from './letter.ts';

/** A selection of dead letters; each given field narrows it. */
export interface DeadLetterFilter {
  /** Topic of the original records. */
  readonly topic?: string | undefined;
  readonly code?: string | undefined;
  /** Names of letters: see `letterName`. */
  readonly names?: ReadonlySet<string> | undefined;
  readonly key?: string | undefined;
  /** Reader that wrote the dead letter, such as `policy` or `projection.sessions`. */
  readonly processor?: string | undefined;
  /** Written at this time or later, in ms since 1970. */
  readonly sinceMs?: number | undefined;
  /** Written before this time, in ms since 1970. */
  readonly untilMs?: number | undefined;
  /** Maximum number of dead letters; the oldest of each partition come first. */
  readonly limit?: number | undefined;
  /** Includes redriven and dropped dead letters. Default: only open ones. */
  readonly all?: boolean | undefined;
}

/** Returns the dead letters that match the filter, in the given order. */
export function selected(letters: readonly DeadLetter[], filter: DeadLetterFilter): readonly DeadLetter[] {
  const { code, names, key, processor, sinceMs, untilMs, limit, all } = filter;
  return letters
    .filter(
      (letter) =>
        (all === true || isOpen(letter)) &&
        (code === undefined || letter.code === code) &&
        (names === undefined || names.has(letterName(letter))) &&
        (key === undefined || letter.key === key) &&
        (processor === undefined || letter.processor === processor) &&
        (sinceMs === undefined || letter.atMs >= sinceMs) &&
        (untilMs === undefined || letter.atMs < untilMs),
    )
    .slice(0, limit);
}

/** Reads the dead letters that match, oldest first per partition. */
export async function listDeadLetters(log: Log, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const ledger = new Ledger();
  await ledger.readNew(log, deadLetteredTopics(filter.topic));
  return selected(ledger.letters, filter);
}
