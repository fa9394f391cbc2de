import type { GoldenSet } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Golden sets by id: the current state of each, including removed ones. */
export type GoldenSets = ReadonlyMap<string, GoldenSet>;

/** The current state of every golden set of every tenant. */
export const goldenSets = table({
  name: 'golden-sets',
  topic: topics.evaluationsCurrent,
  initial: new Map() as GoldenSets,
  evolve: (known, { data }) => new Map(known).set(data.goldenSetId, data),
});
