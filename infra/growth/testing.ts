import { deadLetterTopic, topics } from '../../schemas/topics.ts';
import { setUpTopics } from '../bin/setup/layout.ts';
import { MemoryAdmin } from '../kafka/memory/admin.ts';
import { MemoryBroker } from '../kafka/memory/broker.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import type { LogRecord, OutgoingRecord, Position } from '../kafka/port.ts';
import type { GrowthDependencies } from './dependencies.ts';
import { grownTopics } from './grown-topics.ts';

/** The reader whose offsets the tests follow. */
export const READER = { name: 'khipu.policy', topics: [topics.sessionsCommands.name, topics.policyAnswers.name] };

/** The error with which `diesAt` ends a run. */
export class Died extends Error {}

/** A platform in memory on which a growth can be run, and can die. */
export async function platform(partitions: number) {
  const broker = new MemoryBroker();
  const log = new MemoryLog({ broker });
  await setUpTopics(log, { partitions, topologies: null });
  const settled: (readonly Position[])[] = [];

  /** Returns the dependencies of one run. It dies before its `diesAt`-th request that changes something. */
  const run = (diesAt = Number.POSITIVE_INFINITY, over: Partial<GrowthDependencies> = {}) => {
    let changes = 0;
    const pass = async (): Promise<void> => {
      changes += 1;
      if (changes >= diesAt) throw new Died(`before change ${changes}`);
    };
    const dependencies: GrowthDependencies = {
      openLog: () =>
        new MemoryLog({
          broker,
          yield: async (point) => {
            if (point === 'write' || point === 'stage' || point === 'commit' || point === 'fence') await pass();
          },
        }),
      admin: new MemoryAdmin(broker, pass),
      groups: [READER],
      idleGroups: [],
      readsOfTools: [],
      views: [],
      settleViews: async (ends) => {
        await pass();
        settled.push(ends);
      },
      transactionalIds: (count) => Array.from({ length: count }, (_, partition) => `khipu.policy.${partition}`),
      journals: new Map([[topics.sessionsState.name, topics.sessionsEvents]]),
      onProgress: () => undefined,
      ...over,
    };
    return { dependencies, changes: () => changes };
  };
  const append = async (records: readonly OutgoingRecord[]): Promise<readonly Position[]> =>
    (await log.appender()).append(records);
  /** Commits the reader's offsets at the ends. */
  const drain = async (): Promise<void> => {
    const offsets = (await log.watermarks(READER.topics)).map((mark) => ({ ...mark, offset: mark.high, metadata: '' }));
    const transactor = await log.transactor('khipu.policy.0');
    await transactor.commit({ records: [], group: READER.name, offsets });
    await transactor.close();
  };
  return { broker, log, run, append, drain, settled };
}

/** Returns every readable record of the topics that grow, by topic and partition. */
export function contentOf(log: MemoryLog): ReadonlyMap<string, readonly (readonly LogRecord[])[]> {
  return new Map(
    grownTopics.map(({ name }) => [
      name,
      log.partitionsOf(name).map(({ partition, low }) => [...log.fetch(name, partition, low).records]),
    ]),
  );
}

export const deadLetters = deadLetterTopic(topics.sessionsCommands.name);
