import { partitionOfPlace } from '../../streams/kernel/place.ts';
import type { AnyTopic } from '../../streams/kernel.ts';
import type { Log, LogRecord, OutgoingRecord, Transactor } from '../kafka/port.ts';
import type { GrownTopic } from './grown-topics.ts';
import { readWhole } from './read-whole.ts';
import { GROWTH_ID } from './state.ts';
import { type Step, targetOf } from './target.ts';

/** States of one transaction: each is two records. */
const STATES_MAX = 500;

/** The topic of events whose fold is the state: its records have the key of the state, and say where it belongs. */
export interface Journal {
  readonly topic: AnyTopic;
  /** Ends of its old partitions. */
  readonly ends: readonly number[];
}

/**
 * Moves the states of one old partition to those of their records. A state is written in its new place and removed from
 * its old one in one transaction, so a repeated call finds only what is left. Resolves with the number of moved states.
 */
export async function moveStates(
  log: Log,
  transactor: Transactor,
  topic: GrownTopic,
  partition: number,
  journal: Journal | null,
  step: Step,
): Promise<number> {
  const latest = new Map<string, LogRecord>();
  await readWhole(log, topic.name, [partition], (record) => {
    if (record.value === null) latest.delete(record.key ?? '');
    else latest.set(record.key ?? '', record);
  });
  if (latest.size === 0) return 0;
  const places = await placesOf(log, partition, latest, journal, step);
  const moves = [...latest.values()].flatMap((record): OutgoingRecord[][] => {
    const target = places.get(record.key ?? '') ?? targetOfKey(record, step);
    const { key, value, headers, timestampMs } = record;
    const moved = { topic: topic.name, partition: target, key, value, headers, timestampMs };
    return target === partition ? [] : [[moved, { topic: topic.name, partition, key, value: null, headers: {} }]];
  });
  for (let at = 0; at < moves.length; at += STATES_MAX)
    await transactor.commit({ records: moves.slice(at, at + STATES_MAX).flat(), group: GROWTH_ID, offsets: [] });
  return moves.length;
}

/**
 * Returns the new partition of a state without events, whose key is then what places its records: a key, a tenant or a
 * place. Any other stays where it is.
 */
function targetOfKey({ key, partition }: LogRecord, { from, to }: Step): number {
  const placedBy = key ?? '';
  return partitionOfPlace(placedBy, from) === partition ? partitionOfPlace(placedBy, to) : partition;
}

/** Returns the new partition of each state, by key: that of the events of its key. */
async function placesOf(
  log: Log,
  partition: number,
  states: ReadonlyMap<string, LogRecord>,
  journal: Journal | null,
  step: Step,
): Promise<ReadonlyMap<string, number>> {
  const places = new Map<string, number>();
  if (journal === null) return places;
  const { topic: rule, ends } = journal;
  await readWhole(log, rule.name, [partition], (record) => {
    if (record.offset < (ends[partition] ?? 0) && states.has(record.key ?? ''))
      places.set(record.key ?? '', targetOf({ rule }, record, step));
  });
  return places;
}
