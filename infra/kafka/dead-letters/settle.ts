import { type Clock, systemClock } from '../clock.ts';
import type { Log, OutgoingRecord, Transactor } from '../log.ts';
import { bytesOf } from '../record-size.ts';
import { deadLetterHeaders, note } from '../runner/dead-letter.ts';
import { deadLetteredTopics, Ledger } from './ledger.ts';
import { type DeadLetter, isOpen, redriven } from './letter.ts';
import { type DeadLetterFilter, listDeadLetters, selected } from './select.ts';

/** A transaction of the tool keeps readers of the topic waiting while it is open: it stays small. */
const LETTERS_MAX = 200;
const BYTES_MAX = 4_000_000;
const LOOK_EVERY_MS = 250;

export type Verb = 'redrive' | 'drop';

export interface SettleOptions {
  readonly log: Log;
  readonly verb: Verb;
  readonly filter: DeadLetterFilter;
  /** Who does it; told in the notes. */
  readonly by: string;
  /** How long the readers of parked keys get to do their part, in ms. */
  readonly waitMs: number;
  readonly clock?: Clock;
}

export interface Settled {
  /** Letters that are settled now. */
  readonly done: readonly DeadLetter[];
  /** Letters of parked keys that are not: the first of each key died again, was not reached in time, or more came behind. */
  readonly parked: readonly DeadLetter[];
}

/** One transactional id a topic: a newer tool fences an older one. */
export const transactionalIdOf = (topic: string): string => `${TRANSACTIONAL_IDS}${topic}`;
export const TRANSACTIONAL_IDS = 'khipu.dlq.';

/**
 * Redrives or drops the letters that match, each once, however often and by however many it is asked for and wherever it
 * is cut off: a letter's note stands in the transaction that acts on it. A parked letter is settled by its reader, in the
 * transaction of what it causes, so the tool sends it there and waits; one that is redriven takes the whole line of its
 * key with it. Rejects with LogError: run it again, what is settled is not settled twice.
 */
export async function settle(options: SettleOptions): Promise<Settled> {
  const done: DeadLetter[] = [];
  const parked: DeadLetter[] = [];
  const { filter } = options;
  const candidates = await listDeadLetters(options.log, { ...filter, all: false });
  const byTopic = Map.groupBy(candidates, ({ from }) => from.topic);
  byTopic.delete('');
  for (const [topic, { length }] of byTopic) {
    // The limit is one for all topics together.
    const limit = filter.limit === undefined ? undefined : length;
    const one = await settleTopic(topic, { ...options, filter: { ...filter, limit } });
    done.push(...one.done);
    parked.push(...one.parked);
  }
  return { done, parked };
}

/** What `settle` would act on now. */
export async function toSettle(log: Log, verb: Verb, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const ledger = new Ledger();
  await ledger.readOn(log, deadLetteredTopics(filter.topic));
  return chosen(ledger.letters, verb, matchingIn(ledger.letters, filter));
}

/** Letters that are open, and ours: of what somebody else wrote there nobody knows where it came from. */
const matchingIn = (all: readonly DeadLetter[], filter: DeadLetterFilter): readonly DeadLetter[] =>
  selected(all, { ...filter, all: false }).filter(({ from }) => from.topic !== '');

async function settleTopic(topic: string, options: SettleOptions): Promise<Settled> {
  const { log, verb, filter, by, waitMs, clock = systemClock } = options;
  const transactor = await log.transactor(transactionalIdOf(topic));
  try {
    const ledger = new Ledger();
    await ledger.readToMark(log, transactor, topic, clock);
    const matching = matchingIn(ledger.letters, filter);
    const wanted = chosen(ledger.letters, verb, matching);
    const skipped = wanted.filter(({ sequence }) => sequence === null);
    await inChunks(transactor, skipped, (letter) => settlement(letter, verb, by));
    const lines = linesOf(matching);
    const until = clock.now() + waitMs;
    // What came behind while the line was redriven is parked too: again, until the key is free.
    let sent: readonly DeadLetter[] = wanted.filter(({ sequence }) => sequence !== null);
    const asked = new Set<DeadLetter>(sent);
    while (sent.length > 0) {
      await inChunks(transactor, sent, (letter) => [redriven(letter, by, verb === 'drop')]);
      await answered(options, ledger, topic, sent, until);
      const stuck = sent.some((letter) => isOpen(ledger.now(letter)));
      if (stuck || verb === 'drop' || clock.now() >= until) break;
      sent = inLines(ledger.letters, lines);
      for (const letter of sent) asked.add(letter);
    }
    const now = [...asked].map((letter) => ledger.now(letter));
    const done = [...skipped, ...now.filter((letter) => !isOpen(letter))];
    return { done, parked: openIn(ledger.letters, lines) };
  } finally {
    await transactor.close();
  }
}

/** Those that match; a parked letter that is redriven with all of its line, which is redriven in order or not at all. */
function chosen(all: readonly DeadLetter[], verb: Verb, matching: readonly DeadLetter[]): readonly DeadLetter[] {
  if (verb === 'drop') return matching;
  const alone = matching.filter((letter) => letter.sequence === null && !isLeftOut(letter));
  return [...alone, ...inLines(all, linesOf(matching))];
}

/** One without its value cannot be sent again: it can only be dropped. */
const isLeftOut = ({ headers }: DeadLetter): boolean => headers[deadLetterHeaders.leftOut] !== undefined;

/** What can be sent of these lines: each up to its first letter that cannot, behind which the others wait. */
function inLines(all: readonly DeadLetter[], lines: ReadonlySet<string>): readonly DeadLetter[] {
  const stopped = new Set<string>();
  return openIn(all, lines).filter((letter) => {
    if (isLeftOut(letter)) stopped.add(lineOf(letter));
    return !stopped.has(lineOf(letter));
  });
}

const openIn = (all: readonly DeadLetter[], lines: ReadonlySet<string>): readonly DeadLetter[] =>
  all.filter((letter) => letter.sequence !== null && isOpen(letter) && lines.has(lineOf(letter)));

const linesOf = (letters: readonly DeadLetter[]): ReadonlySet<string> =>
  new Set(letters.filter(({ sequence }) => sequence !== null).map(lineOf));

const lineOf = ({ topic, partition, processor, key }: DeadLetter): string =>
  JSON.stringify([topic, partition, processor, key]);

/** Appended again and noted, or only noted, together. */
function settlement(letter: DeadLetter, verb: Verb, by: string): readonly OutgoingRecord[] {
  const { from, key, processor } = letter;
  const settles = note({ ...from, key }, processor, verb === 'redrive' ? 'redriven' : 'dropped', by);
  return verb === 'redrive' ? [redriven(letter, by), settles] : [settles];
}

async function inChunks(
  transactor: Transactor,
  letters: readonly DeadLetter[],
  toRecords: (letter: DeadLetter) => readonly OutgoingRecord[],
): Promise<void> {
  let records: OutgoingRecord[] = [];
  let bytes = 0;
  const commit = async (): Promise<void> => {
    if (records.length > 0) await transactor.commit({ records, group: 'khipu.dlq', offsets: [] });
    records = [];
    bytes = 0;
  };
  for (const letter of letters) {
    const more = toRecords(letter);
    const size = more.reduce((sum, record) => sum + bytesOf(record), 0);
    if (records.length >= LETTERS_MAX || bytes + size > BYTES_MAX) await commit();
    records.push(...more);
    bytes += size;
  }
  await commit();
}

/** Waits until each of the letters is settled, one of its line has died again, or the time is over. */
async function answered(
  { log, clock = systemClock }: SettleOptions,
  ledger: Ledger,
  topic: string,
  sent: readonly DeadLetter[],
  untilMs: number,
): Promise<void> {
  for (;;) {
    await ledger.readOn(log, [topic]);
    const stopped = new Set(sent.filter((letter) => diedAgain(letter, ledger.now(letter))).map(lineOf));
    if (sent.every((letter) => !isOpen(ledger.now(letter)) || stopped.has(lineOf(letter)))) return;
    if (clock.now() >= untilMs) return;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

const diedAgain = (before: DeadLetter, now: DeadLetter): boolean =>
  now.note?.outcome === 'failed' && now.attempt > before.attempt;
