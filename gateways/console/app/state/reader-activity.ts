import type { Schemas } from '../../../../infra/client/api.ts';

export type Reader = Schemas['Topology']['readers'][number];
type Activity = Schemas['PlatformActivity'];
export type ReaderProcess = Activity['readers'][number]['processes'][number];
export type PartitionActivity = Activity['readers'][number]['partitions'][number];

/** How far a reader is. */
export interface ReaderActivity {
  /** Offsets that it has not read, over its partitions. */
  readonly lag: number;
  readonly partitions: readonly PartitionActivity[];
  /** Processes that read for it, the oldest first. */
  readonly processes: readonly ReaderProcess[];
}

const sum = (partitions: readonly PartitionActivity[]): number => partitions.reduce((total, { lag }) => total + lag, 0);

/**
 * Returns how far a reader is; null when nothing is known of it. Members of a topology commit their positions together: a
 * member has the partitions of the topics that it reads.
 */
export function activityOf({ name, kind, topology, reads }: Reader, activity: Activity | null): ReaderActivity | null {
  const group = (wanted: string | null) => activity?.readers.find((each) => each.kind === kind && each.name === wanted);
  const own = group(name);
  const found = own ?? group(topology);
  if (found === undefined) return null;
  const partitions = own?.partitions ?? found.partitions.filter(({ topic }) => reads.includes(topic));
  return { lag: sum(partitions), partitions, processes: found.processes };
}

/** Returns how often the processes of a reader began again after an error; null when none of them says it. */
export function restartsOf({ processes }: ReaderActivity): number | null {
  const known = processes.map(({ restarts }) => restarts).filter((restarts) => restarts !== null);
  return known.length === 0 ? null : known.reduce((total, restarts) => total + restarts, 0);
}

/** Returns whether a dead letter is neither redriven nor dropped. */
export const isOpen = ({ outcome }: Schemas['DeadLetter']): boolean => outcome === null || outcome.verb === 'failed';

/** Returns how many open dead letters a reader has written; null when none were read. */
export const openLettersOf = (
  { name, topology, reads }: Reader,
  letters: readonly Schemas['DeadLetter'][] | null,
): number | null =>
  letters?.filter(
    (letter) =>
      isOpen(letter) &&
      (letter.processor === name || (letter.processor === topology && reads.includes(letter.from.topic))),
  ).length ?? null;
