import { offsetCommitV9 } from '@platformatic/kafka';
import { Cluster } from '../../../../infra/kafka/platformatic/cluster.ts';
import { Connections } from '../../../../infra/kafka/platformatic/connections.ts';
import type { Log, Transactor } from '../../../../infra/kafka/port.ts';

/**
 * Wraps a log so that its transactors write without transactions: idempotent appends with acks=all, then a plain commit
 * of the offsets. A crash between the two doubles records. Exists to show the cost of exactly-once.
 *
 * Offsets are committed for a memberless group beside the real one, which the broker accepts from any client.
 */
export function withoutTransactions(log: Log, brokers: string): Log {
  const connections = new Connections('khipu-bench-plain');
  const cluster = new Cluster(brokers.split(','), connections);
  const transactor = async (): Promise<Transactor> => {
    const appender = await log.appender({ lingerMs: 0 });
    return {
      commit: async ({ records, group, offsets }) => {
        await appender.append(records);
        if (offsets.length === 0) return;
        const plain = plainGroup(group);
        const topics = offsets.map(({ topic, partition, offset, metadata }) => ({
          name: topic,
          partitions: [
            {
              partitionIndex: partition,
              committedOffset: BigInt(offset),
              committedLeaderEpoch: -1,
              committedMetadata: metadata,
            },
          ],
        }));
        await cluster.withCoordinator('GROUP', plain, (node) =>
          cluster.call(node, 'offsets', offsetCommitV9.api, plain, -1, '', null, topics),
        );
      },
      close: () => appender.close(),
    };
  };
  return {
    appender: (options) => log.appender(options),
    transactor,
    join: (options) => log.join(options),
    committed: (group, topics) => log.committed(group, topics),
    members: (group) => log.members(group),
    tail: (options) => log.tail(options),
    readTo: (options) => log.readTo(options),
    watermarks: (topics) => log.watermarks(topics),
    offsetsAt: (topics, timeMs) => log.offsetsAt(topics, timeMs),
    partitionCounts: (topics) => log.partitionCounts(topics),
    createTopics: (topics) => log.createTopics(topics),
    ping: (timeoutMs) => log.ping(timeoutMs),
    close: async () => {
      await connections.close();
      await log.close();
    },
  };
}

/** Returns the memberless group to which offsets are committed. */
export const plainGroup = (group: string): string => `${group}.plain`;
