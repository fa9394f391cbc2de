import type { Tool } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Tools by id: the current definition of each, including removed ones. */
export type Tools = ReadonlyMap<string, Tool>;

/** The current definition of every tool of every tenant. */
export const tools = table({
  name: 'tools',
  topic: topics.toolsCurrent,
  initial: new Map() as Tools,
  evolve: (known, { data }) => new Map(known).set(data.toolId, data),
});
