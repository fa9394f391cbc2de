import { type CacheProjection, type CacheWrite, cacheKey } from '../../projections/kernel/cache.ts';
import type { Position, Watermark } from '../kafka/log.ts';
import { APPLY_SCRIPT } from '../redis/apply-script.ts';
import type { Redis } from '../redis/client.ts';
import { ProjectionError } from './errors.ts';
import type { Advance, Item, Sink } from './sink.ts';

type WithScript = Redis & { khipuApply(offsets: string, advances: string, writes: string): Promise<string | null> };

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/**
 * A view in Redis. Offsets stand beside the hashes and move with them in one script. When Redis has lost its data, the
 * offsets are gone too: the view is then made again from the beginning of the log.
 */
export class RedisSink implements Sink<CacheWrite> {
  readonly #redis: WithScript;
  readonly #view: CacheProjection;
  readonly #now: () => number;

  /** `now`: the wall clock in ms, by which writes of keys that would have expired already are left out. */
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
      offset: Number(offsets[placeOf(topic, partition)] ?? 0),
    }));
  }

  async holds(positions: readonly Position[]): Promise<boolean> {
    const offsets = await this.#redis.hgetall(this.#offsetsKey);
    return positions.every(({ topic, partition, offset }) => Number(offsets[placeOf(topic, partition)] ?? 0) >= offset);
  }

  async commit(items: readonly Item<CacheWrite>[], advances: readonly Advance[]): Promise<void> {
    const stale = await this.#redis.khipuApply(
      this.#offsetsKey,
      JSON.stringify(
        advances.map(({ topic, partition, expected, next }) => [placeOf(topic, partition), `${expected}`, `${next}`]),
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
          ...(append === undefined ? {} : { a: { n: append.attempt, i: append.index, t: append.text } }),
          ...(expiresAtMs === null ? {} : { x: String(expiresAtMs) }),
        },
      ];
    });
  }
}
