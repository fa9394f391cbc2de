import { afterAll, describe } from 'vitest';
import { connectRedis, type Redis } from '../../infra/stores/redis/client.ts';
import { redisSingleUse } from '../../infra/stores/single-use/redis.ts';
import { singleUseContract } from '../../infra/stores/single-use/single-use-contract.ts';
import { env } from './projections/support.ts';

const connections: Redis[] = [];
afterAll(() => {
  for (const each of connections) each.disconnect();
});

describe('single-use values in Redis', () =>
  singleUseContract(async () => {
    const redis = connectRedis(new URL('/9', env('REDIS_URL')).href, 'test');
    connections.push(redis);
    return redisSingleUse(redis, 'test:single-use:');
  }));
