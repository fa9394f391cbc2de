import type { Schemas } from '../../../../infra/client/api.ts';

export type Reader = Schemas['Topology']['readers'][number];
type Activity = Schemas['PlatformActivity'];
export type PartitionActivity = Activity['readers'][number]['partitions'][number];

/** How far a reader is. */
export interface ReaderActivity {
  /** Offsets that it has not read, over its partitions. */
  readonly lag: number;
  readonly partitions: readonly PartitionActivity[];
}

const sum = (partitions: readonly PartitionActivity[]): number => partitions.reduce((total, { lag }) => total + lag, 0);

/**
 * Returns how far a reader is; null when nothing is known of it. Members of a topology commit their positions together: a
 * member has the partitions of the topics that it reads.
 */
export function activityOf({ name, kind, topology, reads }: Reader, activity: Activity | null): ReaderActivity | null {
  const group = (wanted: string | null) =>
    activity?.readers.find((each) => each.kind === kind && each.name === wanted)?.partitions;
  const own = group(name);
  if (own !== undefined) return { lag: sum(own), partitions: own };
  const shared = group(topology)?.filter(({ topic }) => reads.includes(topic));
  return shared === undefined ? null : { lag: sum(shared), partitions: shared };
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
