import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';

/** Callback of an @fastify/rate-limit store: the caller's count including this request, and the ms left of its window. */
type Counted = (error: Error | null, counted?: { readonly current: number; readonly ttl: number }) => void;

/**
 * Takes a lease in one round trip: up to ARGV[3] of the requests that are left of ARGV[2], and one when none is left, so
 * that the count exceeds the limit.
 */
const TAKE = `
  local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
  local given = math.max(1, math.min(tonumber(ARGV[3]), tonumber(ARGV[2]) - taken))
  local count = redis.call('INCRBY', KEYS[1], given)
  if count == given then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return {count, given, redis.call('PTTL', KEYS[1])}
`;

/** Size of a lease. An unused lease is lost when the gateway stops or the caller moves to another: at most 1 % of the limit. */
const LEASE_SHARE = 0.01;
const LEASE_MAX = 1_000;
/** Callers with a lease; beyond it the least recently used lease is dropped. */
const CALLERS_MAX = 10_000;

interface Lease {
  /** Shared count when the lease was taken, including the requests of the lease. */
  count: number;
  left: number;
  endsAtMs: number;
  waiting: Counted[];
  asking: boolean;
}

/**
 * Counts requests across gateways without a round trip for each: a gateway leases a small share of a caller's limit from
 * Redis and spends it locally. The limit is exact, because a lease is counted when it is taken. A caller that has used up
 * its limit is refused without another round trip until its window ends.
 */
export class RateLeases {
  readonly #redis: Redis;
  readonly #nameSpace: string;
  readonly #leases = new LRUCache<string, Lease>({ max: CALLERS_MAX });

  constructor(redis: Redis, nameSpace: string) {
    this.#redis = redis;
    this.#nameSpace = nameSpace;
  }

  /** Counts one request. Calls back with an error when Redis does not answer. */
  incr(key: string, counted: Counted, windowMs: number, max: number): void {
    const lease = this.#leaseOf(key);
    const nowMs = performance.now();
    if (nowMs < lease.endsAtMs) {
      if (lease.left > 0) {
        lease.left -= 1;
        counted(null, { current: lease.count - lease.left, ttl: lease.endsAtMs - nowMs });
        return;
      }
      if (lease.count > max) {
        counted(null, { current: lease.count, ttl: lease.endsAtMs - nowMs });
        return;
      }
    }
    lease.waiting.push(counted);
    if (!lease.asking) void this.#ask(key, lease, windowMs, max);
  }

  /** Returns the store of a route with its own limit; no route has one. */
  child(): RateLeases {
    return this;
  }

  async #ask(key: string, lease: Lease, windowMs: number, max: number): Promise<void> {
    lease.asking = true;
    try {
      const share = Math.min(LEASE_MAX, Math.max(1, Math.floor(max * LEASE_SHARE)));
      const [count, given, ttl] = (await this.#redis.eval(
        TAKE,
        1,
        `${this.#nameSpace}${key}`,
        windowMs,
        max,
        share,
      )) as [number, number, number];
      lease.count = count;
      lease.left = given;
      lease.endsAtMs = performance.now() + Math.max(0, ttl);
      lease.asking = false;
      // Requests that waited are served first; the rest take the next lease.
      for (const counted of lease.waiting.splice(0)) this.incr(key, counted, windowMs, max);
    } catch (error) {
      lease.asking = false;
      for (const counted of lease.waiting.splice(0)) counted(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #leaseOf(key: string): Lease {
    const known = this.#leases.get(key);
    if (known !== undefined) return known;
    const lease: Lease = { count: 0, left: 0, endsAtMs: 0, waiting: [], asking: false };
    this.#leases.set(key, lease);
    return lease;
  }
}
