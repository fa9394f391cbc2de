import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeTransactions } from '../../../infra/kafka/contract/transactions-contract.ts';
import { Cluster } from '../../../infra/kafka/platformatic/cluster.ts';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { brokers } from './open-log.ts';

const options = () => ({
  ...{ brokers: brokers(), clientId: 'khipu-test', replicationFactor: 1 },
  logger: pino({ level: 'silent' }),
});

it('the broker under test is at the level of implicit transactions', async () => {
  const versions = vi.spyOn(Cluster.prototype, 'transactionVersion');
  const log = new PlatformaticLog(options());
  await (await log.transactor('level')).close();
  await log.close();
  expect(await versions.mock.results[0]?.value).toBe(2);
});

describe('a broker before KIP-890: partitions and groups are announced', () => {
  beforeAll(() => void vi.spyOn(Cluster.prototype, 'transactionVersion').mockResolvedValue(1));
  afterAll(() => void vi.restoreAllMocks());
  describeTransactions(async () => {
    const log = new PlatformaticLog(options());
    return { log, close: () => log.close() };
  });
});
