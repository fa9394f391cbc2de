import type { Log, OutgoingRecord, Transactor } from '../../kafka/port.ts';
import { bytesOf } from '../../kafka/record-size.ts';
import { withTransactor } from '../../kafka/with-transactor.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import { deadLetteredTopics, Ledger } from './ledger.ts';
import { type DeadLetter, isOpen, redriven } from './letter.ts';
import { type DeadLetterFilter, listDeadLetters, selected } from './select.ts';
import { deadLetterHeaders, note } from './write.ts';

/** Dead letters per transaction. While it is open, readers of the topic wait, so it stays small. */
const LETTERS_MAX = 200;
const BYTES_MAX = 4_000_000;
const LOOK_EVERY_MS = 250;

export type Verb = 'redrive' | 'drop';

export interface SettleOptions {
  readonly log: Log;
  readonly verb: Verb;
  readonly filter: DeadLetterFilter;
  /** Name of the operator, recorded in the notes. */
  readonly by: string;
  /** Time for the readers of parked keys to process what was sent, in ms. */
  readonly waitMs: number;
  readonly clock?: Clock;
}

export interface Settled {
  /** Dead letters that are settled now. */
  readonly done: readonly DeadLetter[];
  /**
   * Dead letters of parked keys that are still open: the first of the queue failed again, was not reached in time, or
   * more records were parked behind it.
   */
  readonly parked: readonly DeadLetter[];
}

/** Returns the transactional id for a topic: a newer tool fences an older one. */
export const transactionalIdOf = (topic: string): string => `${TRANSACTIONAL_IDS}${topic}`;
export const TRANSACTIONAL_IDS = 'khipu.dlq.';

/**
 * Redrives or drops the dead letters that match. Each is settled once, no matter how often or by how many operators it
 * is requested, and where a run is interrupted: its note is written in the transaction that acts on it. The dead letter
 * of a parked key is settled by its reader, in the transaction of the results, so the tool sends it there and waits;
 * redriving it redrives the whole queue of its key. Rejects with LogError; run it again then: settled dead letters are
 * not settled twice.
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

/** Returns the dead letters that `settle` would act on now. */
export async function toSettle(log: Log, verb: Verb, filter: DeadLetterFilter): Promise<readonly DeadLetter[]> {
  const ledger = new Ledger();
  await ledger.readNew(log, deadLetteredTopics(filter.topic));
  return chosen(ledger.letters, verb, matchingIn(ledger.letters, filter));
}

/**
 * Returns matching open dead letters of known origin. Records written by other programs have none, so they can be
 * neither redriven nor dropped.
 */
const matchingIn = (all: readonly DeadLetter[], filter: DeadLetterFilter): readonly DeadLetter[] =>
  selected(all, { ...filter, all: false }).filter(({ from }) => from.topic !== '');

const settleTopic = (topic: string, options: SettleOptions): Promise<Settled> =>
  withTransactor(options.log, transactionalIdOf(topic), (transactor) => settleWith(transactor, topic, options));

async function settleWith(transactor: Transactor, topic: string, options: SettleOptions): Promise<Settled> {
  const { log, verb, filter, by, waitMs, clock = systemClock } = options;
  const ledger = new Ledger();
  await ledger.readToMark(log, transactor, topic, clock);
  const matching = matchingIn(ledger.letters, filter);
  const wanted = chosen(ledger.letters, verb, matching);
  const skipped = wanted.filter(({ sequence }) => sequence === null);
  await inChunks(transactor, skipped, (letter) => settlement(letter, verb, by));
  const queues = queuesOf(matching);
  const until = clock.now() + waitMs;
  // Records that arrived during the redrive of a queue are parked too: repeat until the key is free.
  let sent: readonly DeadLetter[] = wanted.filter(({ sequence }) => sequence !== null);
  const asked = new Set<DeadLetter>(sent);
  while (sent.length > 0) {
    await inChunks(transactor, sent, (letter) => [redriven(letter, by, verb === 'drop')]);
    await untilSettled(options, ledger, topic, sent, until);
    const stuck = sent.some((letter) => isOpen(ledger.current(letter)));
    if (stuck || verb === 'drop' || clock.now() >= until) break;
    sent = inQueues(ledger.letters, queues);
    for (const letter of sent) asked.add(letter);
  }
  const now = [...asked].map((letter) => ledger.current(letter));
  const done = [...skipped, ...now.filter((letter) => !isOpen(letter))];
  return { done, parked: openIn(ledger.letters, queues) };
}

/**
 * Returns the matching dead letters to act on. For a redrive, the dead letter of a parked key brings its whole queue,
 * which is redriven in order or not at all.
 */
function chosen(all: readonly DeadLetter[], verb: Verb, matching: readonly DeadLetter[]): readonly DeadLetter[] {
  if (verb === 'drop') return matching;
  const alone = matching.filter((letter) => letter.sequence === null && !isLeftOut(letter));
  return [...alone, ...inQueues(all, queuesOf(matching))];
}

/** Returns whether the dead letter was written without its value: it can only be dropped. */
const isLeftOut = ({ headers }: DeadLetter): boolean => headers[deadLetterHeaders.leftOut] !== undefined;

/**
 * Returns the dead letters of these queues that can be sent: of each queue, those before the first that has no value.
 */
function inQueues(all: readonly DeadLetter[], queues: ReadonlySet<string>): readonly DeadLetter[] {
  const stopped = new Set<string>();
  return openIn(all, queues).filter((letter) => {
    if (isLeftOut(letter)) stopped.add(queueOf(letter));
    return !stopped.has(queueOf(letter));
  });
}

const openIn = (all: readonly DeadLetter[], queues: ReadonlySet<string>): readonly DeadLetter[] =>
  all.filter((letter) => letter.sequence !== null && isOpen(letter) && queues.has(queueOf(letter)));

const queuesOf = (letters: readonly DeadLetter[]): ReadonlySet<string> =>
  new Set(letters.filter(({ sequence }) => sequence !== null).map(queueOf));

const queueOf = ({ topic, partition, processor, key }: DeadLetter): string =>
  JSON.stringify([topic, partition, processor, key]);

/**
 * Returns the records that settle a dead letter, for one transaction: the note, and for a redrive also the original
 * record.
 */
function settlement(letter: DeadLetter, verb: Verb, by: string): readonly OutgoingRecord[] {
  const { from, key, processor, record } = letter;
  const settles = note({ ...from, key, record }, processor, verb === 'redrive' ? 'redriven' : 'dropped', by);
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

/** Waits until each dead letter is settled, a record of its queue has failed again, or the time is over. */
async function untilSettled(
  { log, clock = systemClock }: SettleOptions,
  ledger: Ledger,
  topic: string,
  sent: readonly DeadLetter[],
  untilMs: number,
): Promise<void> {
  for (;;) {
    await ledger.readNew(log, [topic]);
    const stopped = new Set(sent.filter((letter) => failedAgain(letter, ledger.current(letter))).map(queueOf));
    if (sent.every((letter) => !isOpen(ledger.current(letter)) || stopped.has(queueOf(letter)))) return;
    if (clock.now() >= untilMs) return;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

const failedAgain = (before: DeadLetter, now: DeadLetter): boolean =>
  now.note?.outcome === 'failed' && now.attempt > before.attempt;
