import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { connectRedis } from '../../infra/stores/redis/client.ts';
import type { CallRate } from '../../infra/tools/rate/port.ts';
import { redisCallRate } from '../../infra/tools/rate/redis.ts';
import { env } from './projections/support.ts';

const opened: CallRate[] = [];
afterAll(() => Promise.all(opened.map((rate) => rate.close())));

function open(): CallRate {
  const rate = redisCallRate(() => connectRedis(new URL('/9', env('REDIS_URL')).href, 'test'), 'test:tool-rate:');
  opened.push(rate);
  return rate;
}

test('workers share the calls of a minute, and each tool has its own', async () => {
  const [one, other] = [open(), open()];
  const tool = `acme/${randomUUID()}`;
  const taken = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? one : other).take(tool, 4)));
  expect(taken.filter((wait) => wait === null)).toHaveLength(4);
  for (const wait of taken) expect(wait === null || (wait > 50_000 && wait <= 60_000)).toBe(true);
  expect(await one.take(`${tool}-other`, 1)).toBeNull();
});
