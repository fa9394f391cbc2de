import { type CacheProjection, type CacheWrite, cacheKey } from '../../../projections/kernel/cache.ts';
import { partitionId } from '../../kafka/partition-id.ts';
import type { Position, Watermark } from '../../kafka/port.ts';
import { APPLY_SCRIPT } from '../../stores/redis/apply-script.ts';
import type { Redis } from '../../stores/redis/client.ts';
import { ProjectionError } from '../errors.ts';
import { alone, type StoreViews } from '../run/bound-view.ts';
import type { Advance, Item, Sink } from './sink.ts';

type WithScript = Redis & { khipuApply(offsets: string, advances: string, writes: string): Promise<string | null> };

/** Most records of one script: Redis answers no other client meanwhile. */
const SCRIPT_RECORDS_MAX = 1_000;

/** Returns a view in Redis, which one script writes. `now` as in RedisSink. */
export const redisView = (redis: Redis, view: CacheProjection, now: () => number): StoreViews =>
  alone({ ...view, sink: new RedisSink(redis, view, now) }, { store: 'redis', recordsMax: SCRIPT_RECORDS_MAX });

/**
 * A view in Redis. Offsets are stored beside the hashes and advance with them in one script. When Redis has lost its data,
 * the offsets are lost too: the view is then built again from the beginning of the log.
 */
export class RedisSink implements Sink<CacheWrite> {
  readonly #redis: WithScript;
  readonly #view: CacheProjection;
  readonly #now: () => number;

  /** `now` is the wall clock, ms since 1970: writes of keys that would already have expired are left out. */
  constructor(redis: Redis, view: CacheProjection, now: () => number) {
    redis.defineCommand('khipuApply', { numberOfKeys: 1, lua: APPLY_SCRIPT });
    this.#redis = redis as WithScript;
    this.#view = view;
    this.#now = now;
  }

  get #offsetsKey(): string {
    return cacheKey(this.#view, 'offsets');
  }

  async positions(partitions: readonly Watermark[]): Promise<readonly Position[]> {
    const offsets = await this.#redis.hgetall(this.#offsetsKey);
    return partitions.map(({ topic, partition }) => ({
      topic,
      partition,
      offset: Number(offsets[partitionId({ topic, partition })] ?? 0),
    }));
  }

  async holds(positions: readonly Position[]): Promise<boolean> {
    const offsets = await this.#redis.hgetall(this.#offsetsKey);
    return positions.every(
      ({ topic, partition, offset }) => Number(offsets[partitionId({ topic, partition })] ?? 0) >= offset,
    );
  }

  async commit(items: readonly Item<CacheWrite>[], advances: readonly Advance[]): Promise<void> {
    const stale = await this.#redis.khipuApply(
      this.#offsetsKey,
      JSON.stringify(
        advances.map(({ topic, partition, expected, next }) => [
          partitionId({ topic, partition }),
          `${expected}`,
          `${next}`,
        ]),
      ),
      JSON.stringify(items.flatMap((item) => this.#writesOf(item))),
    );
    if (stale !== null)
      throw new ProjectionError(
        'PROJECTION_ZOMBIE',
        `${this.#view.name}: the offset of ${stale} is not where it was left`,
      );
  }

  #writesOf({ record, changes }: Item<CacheWrite>): object[] {
    return changes.flatMap(({ key, set, append, ttlMs }) => {
      const expiresAtMs = ttlMs === null ? null : record.timestampMs + ttlMs;
      if (expiresAtMs !== null && expiresAtMs <= this.#now()) return [];
      return [
        {
          k: cacheKey(this.#view, key),
          o: String(record.offset),
          ...(set === undefined ? {} : { s: set }),
          ...(append === undefined ? {} : { a: appended(append) }),
          ...(expiresAtMs === null ? {} : { x: String(expiresAtMs) }),
        },
      ];
    });
  }
}

/** Returns an append as the script takes it. */
const appended = ({ attempt, start, text }: NonNullable<CacheWrite['append']>): object => ({
  ...{ n: attempt, b: start, e: start + text.length, t: text },
});
