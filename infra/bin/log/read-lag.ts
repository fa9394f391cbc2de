import { allCaches, allProjections } from '../../../projections/all.ts';
import type { Config } from '../../config.ts';
import { readLayout } from '../../kafka/layout.ts';
import type { Log } from '../../kafka/port.ts';
import { viewPositions } from '../../projections/view-positions.ts';
import { connectPostgres } from '../../stores/postgres/client.ts';
import { connectRedis } from '../../stores/redis/client.ts';
import { failure } from '../failure.ts';
import { groupReaders } from './readers.ts';
import { type ReaderPositions, type Unread, unreadOf } from './unread.ts';

async function processorPositions(log: Log): Promise<readonly ReaderPositions[]> {
  const layout = await readLayout(log);
  if (layout === null) throw failure('NOT_SET_UP', 'the log has no topics of the platform; run khipu setup');
  return Promise.all(
    groupReaders(layout.topologies).map(async ({ name, group, topics }) => {
      const committed = await log.committed(group, topics);
      return { name, kind: 'processor' as const, topics, positions: committed.filter(({ offset }) => offset >= 0) };
    }),
  );
}

async function positionsOfViews(log: Log, { databaseUrl, redisUrl }: Config): Promise<readonly ReaderPositions[]> {
  const sql = connectPostgres(databaseUrl, { applicationName: 'khipu-cli', connectionsMax: 2 });
  const redis = connectRedis(redisUrl, 'khipu-cli');
  try {
    const views = await viewPositions({ sql, redis, log }, allProjections, allCaches);
    return views.map(({ view, topics, positions }) => ({ name: view, kind: 'view' as const, topics, positions }));
  } finally {
    redis.disconnect();
    await sql.end({ timeout: 5 });
  }
}

/** Returns what each processor and view has not read of each partition. Rejects with NOT_SET_UP. */
export async function readLag(log: Log, config: Config): Promise<readonly Unread[]> {
  const readers = [...(await processorPositions(log)), ...(await positionsOfViews(log, config))];
  const marks = await log.watermarks(readers.flatMap(({ topics }) => topics));
  return unreadOf(log, readers, marks);
}
