import { allTopics, deadLetterTopic } from '../../../schemas/topics.ts';
import { all, declaredProcessors, declaredTopologies } from '../../../streams/all.ts';
import type { AnyTopic } from '../../../streams/kernel.ts';
import type { Config } from '../../config.ts';
import { openWholeLog } from '../../kafka/connect.ts';
import type { Layout } from '../../kafka/layout.ts';
import type { Log } from '../../kafka/port.ts';
import { createLogger } from '../../kit/logger.ts';
import type { RegionDependencies, RegionReader } from '../../regions/promote.ts';
import { groupOf } from '../../runner/names.ts';
import { setUpTopics } from '../setup/layout.ts';

const namesOf = (topics: readonly AnyTopic[]): readonly string[] => topics.map(({ name }) => name);

/** Topics of the states of processors: they are not mirrored, as they are rebuilt from the events. */
export const stateTopics = (): readonly string[] => declaredProcessors().flatMap(({ state }) => state?.name ?? []);

/** Topics of the catalogue that are mirrored, with those of their dead letters. */
export function mirroredTopics(): readonly string[] {
  const states = new Set(stateTopics());
  return allTopics
    .filter(({ name }) => !states.has(name))
    .flatMap(({ name, deadLetters }) => (deadLetters ? [name, deadLetterTopic(name)] : [name]));
}

/** Returns every topology and worker of a layout. Observers write nothing, so they go on where the mirror has set them. */
export const regionReaders = ({ topologies }: Pick<Layout, 'topologies'>): readonly RegionReader[] => [
  ...declaredTopologies(topologies).map(
    ({ name, members, external, redrives }): RegionReader => ({
      ...{ name, kind: 'processor', group: groupOf(name), topics: namesOf(external) },
      membersOf: (topic) =>
        members.filter(({ inputs }) => inputs.some((input) => input.name === topic)).map((member) => member.name),
      redrives: redrives?.name ?? null,
      attemptsMax: 0,
    }),
  ),
  ...Object.values(all.workers).map(
    ({ name, inputs, attemptsMax }): RegionReader => ({
      ...{ name, kind: 'worker', group: groupOf(name), topics: namesOf(inputs) },
      ...{ membersOf: () => [name], redrives: null, attemptsMax },
    }),
  ),
];

/** Runs work with the whole log of a region, and closes it afterwards. */
export async function withRegion<T>(
  config: Config,
  onProgress: (line: string) => void,
  work: (dependencies: RegionDependencies) => Promise<T>,
): Promise<T> {
  const log = openWholeLog(config, 'region', createLogger('region', 'silent'));
  try {
    return await work(regionDependencies(log, onProgress));
  } finally {
    await log.close();
  }
}

/** Returns what the work on a region needs of this platform. */
export const regionDependencies = (log: Log, onProgress: (line: string) => void): RegionDependencies => ({
  ...{ log, onProgress, topics: mirroredTopics(), stateTopics: stateTopics(), readers: regionReaders },
  timerTopics: new Set(declaredProcessors().flatMap(({ timers }) => timers?.topic.name ?? [])),
  setUp: (opened) => setUpTopics(opened, { partitions: null, topologies: null }),
});
