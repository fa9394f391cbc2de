import { allCaches, allProjections } from '../../../projections/all.ts';
import { declaredProcessors } from '../../../streams/all.ts';
import { journalOf, otherLayout, type TopologyLayout } from '../../../streams/kernel.ts';
import type { Config } from '../../config.ts';
import type { GrowthDependencies } from '../../growth/dependencies.ts';
import { openLog } from '../../kafka/connect.ts';
import { KafkaJsAdmin } from '../../kafka/kafkajs/admin.ts';
import { GROUPS_OF_READS } from '../../kafka/kafkajs/log.ts';
import { readLayout } from '../../kafka/layout.ts';
import type { Log, Position } from '../../kafka/port.ts';
import { createLogger } from '../../kit/logger.ts';
import { prepareViewsOn } from '../../projections/generation.ts';
import { loadViews } from '../../projections/load-view.ts';
import { livePositions, setLivePositions } from '../../projections/positions.ts';
import { rebuildCache } from '../../projections/rebuild/cache.ts';
import { deadLetteredTopics } from '../../runner/dead-letters/ledger.ts';
import { transactionalIdOf as toolIdOf } from '../../runner/dead-letters/settle.ts';
import { transactionalIdOf } from '../../runner/names.ts';
import { connectPostgres } from '../../stores/postgres/client.ts';
import { connectRedis } from '../../stores/redis/client.ts';
import { groupReaders } from '../log/readers.ts';

const CLIENT = 'growth';
const logger = createLogger(CLIENT, 'silent');

/** Returns the layout of the topologies; before the first start any, as nothing can grow then. */
async function layoutOf(log: Log): Promise<TopologyLayout> {
  try {
    return (await readLayout(log))?.topologies ?? 'chained';
  } finally {
    await log.close();
  }
}

/** Returns the topic of events of each state topic. */
const journals = (): GrowthDependencies['journals'] =>
  new Map(
    declaredProcessors().flatMap((processor) => {
      const journal = processor.state === null ? null : journalOf(processor);
      return processor.state === null || journal === null ? [] : [[processor.state.name, journal] as const];
    }),
  );

/** Runs work with what a growth of this platform needs, and closes it afterwards. */
export async function withGrowth<T>(
  config: Config,
  onProgress: (line: string) => void,
  work: (dependencies: GrowthDependencies) => Promise<T>,
): Promise<T> {
  const open = (): Log => openLog(config, CLIENT, logger);
  const layout = await layoutOf(open());
  const readers = groupReaders(layout);
  const idle = groupReaders(otherLayout(layout)).filter(({ name }) => !readers.some((reader) => reader.name === name));
  const admin = new KafkaJsAdmin({
    ...{ brokers: config.brokers, login: config.kafkaLogin, clientId: `khipu-${CLIENT}`, logger },
  });
  const sql = connectPostgres(config.databaseUrl, { applicationName: `khipu-${CLIENT}`, connectionsMax: 1 });
  const redis = connectRedis(config.redisUrl, `khipu-${CLIENT}`);
  try {
    await prepareViewsOn(sql, await loadViews(allProjections));
    return await work({
      openLog: open,
      admin,
      groups: readers.map(({ group, topics }) => ({ name: group, topics })),
      idleGroups: idle.map(({ group }) => group),
      readsOfTools: [GROUPS_OF_READS],
      views: allProjections.map(({ name, inputs }) => ({
        ...{ name: `view ${name}`, topics: inputs.map((topic) => topic.name) },
        positions: () => livePositions(sql, name),
      })),
      settleViews: async (ends: readonly Position[]) => {
        for (const { name, inputs } of allProjections)
          await setLivePositions(
            sql,
            name,
            ends.filter(({ topic }) => inputs.some((input) => input.name === topic)),
          );
        for (const cache of allCaches) await rebuildCache(redis, cache);
      },
      transactionalIds: (partitions) => [
        ...[...readers, ...idle].flatMap(({ name }) =>
          Array.from({ length: partitions }, (_, n) => transactionalIdOf(name, n)),
        ),
        ...deadLetteredTopics().map(toolIdOf),
      ],
      journals: journals(),
      onProgress,
    });
  } finally {
    redis.disconnect();
    await sql.end({ timeout: 5 });
    await admin.close();
  }
}
