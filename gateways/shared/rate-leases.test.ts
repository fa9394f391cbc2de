import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { RateLeases } from './rate-leases.ts';

/** A Redis for leases: counts per key in one window. `down` makes it fail. */
class Counts {
  readonly taken = new Map<string, number>();
  asked = 0;
  down = false;

  async eval(_script: string, _keys: number, key: string, windowMs: number, max: number, share: number) {
    this.asked += 1;
    await Promise.resolve();
    if (this.down) throw new Error('away');
    const taken = this.taken.get(key) ?? 0;
    const given = Math.max(1, Math.min(share, max - taken));
    this.taken.set(key, taken + given);
    return [taken + given, given, windowMs];
  }
}

const open = (counts: Counts): RateLeases => new RateLeases(counts as unknown as Redis, 'rate:');
const ask = (leases: RateLeases, max: number, windowMs = 60_000): Promise<number> =>
  new Promise((resolve, reject) =>
    leases.incr('caller', (error, counted) => (error ? reject(error) : resolve(counted?.current ?? -1)), windowMs, max),
  );

test('two gateways together admit exactly the limit', async () => {
  const counts = new Counts();
  const gateways = [open(counts), open(counts)];
  let allowed = 0;
  for (let n = 0; n < 2_000; n += 1) if ((await ask(gateways[n % 2] as RateLeases, 1_000)) <= 1_000) allowed += 1;
  expect(allowed).toBe(1_000);
});

test('Redis is asked once per hundredth of the limit, and not again for a caller that has used it up', async () => {
  const counts = new Counts();
  const leases = open(counts);
  for (let n = 0; n < 1_000; n += 1) await ask(leases, 1_000);
  expect(counts.asked).toBe(100);
  for (let n = 0; n < 50; n += 1) expect(await ask(leases, 1_000)).toBeGreaterThan(1_000);
  expect(counts.asked).toBe(101);
});

test('concurrent requests are counted one by one', async () => {
  const leases = open(new Counts());
  const counted = await Promise.all(Array.from({ length: 25 }, () => ask(leases, 1_000)));
  expect(counted).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
});

test('a small limit is exact', async () => {
  const leases = open(new Counts());
  expect([await ask(leases, 2), await ask(leases, 2), await ask(leases, 2)]).toEqual([1, 2, 3]);
});

test('the rest of a lease is not used in the next window', async () => {
  const counts = new Counts();
  const leases = open(counts);
  await ask(leases, 1_000, 5);
  await new Promise((resolve) => setTimeout(resolve, 10));
  await ask(leases, 1_000, 5);
  expect(counts.asked).toBe(2);
});

test('without Redis waiting requests fail, and the next one tries again', async () => {
  const counts = new Counts();
  const leases = open(counts);
  counts.down = true;
  await expect(Promise.all([ask(leases, 10), ask(leases, 10)])).rejects.toThrow('away');
  counts.down = false;
  expect(await ask(leases, 10)).toBe(1);
});
