import type { Redis } from 'ioredis';

/** What @fastify/rate-limit asks of a store: where the caller's count stands with this request in it, and for how long. */
type Counted = (error: Error | null, counted?: { readonly current: number; readonly ttl: number }) => void;

/** One round trip: takes up to ARGV[3] requests out of what is left of ARGV[2], one when nothing is, so that it shows. */
const TAKE = `
  local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
  local given = math.max(1, math.min(tonumber(ARGV[3]), tonumber(ARGV[2]) - taken))
  local count = redis.call('INCRBY', KEYS[1], given)
  if count == given then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
  return {count, given, redis.call('PTTL', KEYS[1])}
`;

/** A gateway holds a hundredth of a limit at most, which is what a caller may lose when it stops or the caller moves on. */
const LEASE_SHARE = 0.01;
const LEASE_MAX = 1_000;
/** Callers beyond it: the one that came first asks Redis again. */
const CALLERS_MAX = 10_000;

interface Lease {
  /** Where the shared count stood when the lease was taken, its requests included. */
  count: number;
  left: number;
  endsAtMs: number;
  waiting: Counted[];
  asking: boolean;
}

/**
 * Counts requests across gateways without a round trip for each: a gateway takes a small share of a caller's limit from
 * Redis and spends it by itself. The limit holds exactly, for what was taken is counted; a caller that has used it up is
 * refused without asking again until its window ends.
 */
export class RateLeases {
  readonly #redis: Redis;
  readonly #nameSpace: string;
  readonly #leases = new Map<string, Lease>();

  constructor(redis: Redis, nameSpace: string) {
    this.#redis = redis;
    this.#nameSpace = nameSpace;
  }

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

  /** Routes with a limit of their own would have one of these; there are none. */
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
      // Those who waited come first; what is still without takes the next lease.
      for (const counted of lease.waiting.splice(0)) this.incr(key, counted, windowMs, max);
    } catch (error) {
      lease.asking = false;
      for (const counted of lease.waiting.splice(0)) counted(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #leaseOf(key: string): Lease {
    const known = this.#leases.get(key);
    if (known !== undefined) return known;
    if (this.#leases.size >= CALLERS_MAX) {
      const oldest = this.#leases.keys().next();
      if (!oldest.done) this.#leases.delete(oldest.value);
    }
    const lease: Lease = { count: 0, left: 0, endsAtMs: 0, waiting: [], asking: false };
    this.#leases.set(key, lease);
    return lease;
  }
}
