import { afterAll, describe } from 'vitest';
import { expiringContract } from '../../infra/stores/expiring/expiring-contract.ts';
import { redisExpiring } from '../../infra/stores/expiring/redis.ts';
import { connectRedis, type Redis } from '../../infra/stores/redis/client.ts';
import { env } from './projections/support.ts';

const connections: Redis[] = [];
afterAll(() => {
  for (const each of connections) each.disconnect();
});

describe('expiring values in Redis', () =>
  expiringContract(async () => {
    const redis = connectRedis(new URL('/9', env('REDIS_URL')).href, 'test');
    connections.push(redis);
    return redisExpiring(redis, 'test:expiring:');
  }));
