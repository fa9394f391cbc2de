import type { CacheProjection } from '../../projections/kernel/cache.ts';
import type { Projection } from '../../projections/kernel.ts';
import type { Log, Position } from '../kafka/port.ts';
import { quoted, type Sql } from '../stores/postgres/client.ts';
import type { Redis } from '../stores/redis/client.ts';
import { generationSchema, liveView } from './generation.ts';
import { lagOf } from './run/lag.ts';
import { readOffsets } from './sinks/offsets.ts';
import { asProjector } from './sinks/postgres.ts';
import { RedisSink } from './sinks/redis.ts';

/** The state of one view. */
export interface ViewStatus {
  readonly view: string;
  readonly store: 'postgres' | 'redis';
  /** Version of this release. */
  readonly version: number;
  /** Null when the view does not exist yet, or has no generations. */
  readonly generation: number | null;
  /** True when an older version built the live generation: rows from then may have another meaning now. */
  readonly rebuildNeeded: boolean;
  /** Offsets between the last applied one and the end of the log; transaction markers count, so it may be a few at rest. */
  readonly lag: number;
  /** Null for Redis. Above a million, an estimate of the server. */
  readonly rows: number | null;
}

const COUNT_EXACTLY_BELOW = 1_000_000;

/** Returns the state of all views, those in Postgres and those in Redis. */
export async function listViews(
  { sql, redis, log }: { readonly sql: Sql; readonly redis: Redis; readonly log: Log },
  projections: readonly Projection[],
  caches: readonly CacheProjection[],
): Promise<readonly ViewStatus[]> {
  const behind = async (topics: readonly string[], positions: readonly Position[]): Promise<number> =>
    lagOf(await log.watermarks(topics), positions).reduce((total, { records }) => total + records, 0);
  const statuses: ViewStatus[] = [];
  for (const projection of projections) {
    const { name, version, inputs } = projection;
    const live = await liveView(sql, name);
    const positions = live === undefined ? [] : await readOffsets(sql, name, live.generation);
    statuses.push({
      view: name,
      store: 'postgres',
      version,
      generation: live?.generation ?? null,
      rebuildNeeded: live !== undefined && live.version !== version,
      lag: await behind(
        inputs.map((topic) => topic.name),
        positions,
      ),
      rows: live === undefined ? 0 : await countRows(sql, projection, live.generation),
    });
  }
  for (const cache of caches) {
    const marks = await log.watermarks(cache.inputs.map((topic) => topic.name));
    const positions = await new RedisSink(redis, cache, Date.now).positions(marks);
    const lag = await behind(
      cache.inputs.map((topic) => topic.name),
      positions,
    );
    statuses.push({
      view: cache.name,
      store: 'redis',
      version: cache.version,
      generation: null,
      rebuildNeeded: false,
      lag,
      rows: null,
    });
  }
  return statuses;
}

function countRows(sql: Sql, { name, tables }: Projection, generation: number): Promise<number> {
  const schema = quoted(generationSchema(name, generation));
  return sql.begin(async (tx) => {
    await asProjector(tx);
    let rows = 0;
    for (const table of tables) {
      const target = `${schema}.${quoted(table.name)}`;
      const [estimate] = await tx<{ n: number }[]>`
        SELECT reltuples::float8 AS n FROM pg_class WHERE oid = ${target}::text::regclass`;
      if ((estimate?.n ?? 0) >= COUNT_EXACTLY_BELOW) rows += estimate?.n ?? 0;
      else rows += (await tx.unsafe<{ n: number }[]>(`SELECT count(*)::float8 AS n FROM ${target}`))[0]?.n ?? 0;
    }
    return rows;
  }) as Promise<number>;
}
