import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { brokers } from './open-log.ts';

const id = randomUUID();
const topic = `pending.${id}`;
const group = `khipu.pending.${id}`;
const kafka = new Kafka({ brokers: [...brokers()], logLevel: logLevel.NOTHING });
// Longer than every wait here: no other producer fences the id, so the broker does not end its transaction.
const producer = kafka.producer({ transactionalId: `pending.${id}`, idempotent: true, transactionTimeout: 600_000 });
const log = new PlatformaticLog({
  ...{ brokers: brokers(), clientId: 'khipu-test', logger: pino({ level: 'silent' }), replicationFactor: 1 },
  pendingMs: { coordinator: 500, log: 500 },
});

const begun = async (offset: string) => {
  const transaction = await producer.transaction();
  await transaction.sendOffsets({
    consumerGroupId: group,
    topics: [{ topic, partitions: [{ partition: 0, offset }] }],
  });
  return transaction;
};

beforeAll(async () => {
  await log.createTopics([{ name: topic, partitions: 1, config: {} }]);
  await producer.connect();
});
afterAll(async () => {
  await producer.disconnect();
  await log.close();
});

it('offsets of a transaction that nothing ends are reported with a code of their own, until it ends', async () => {
  await (await begun('3')).commit();
  expect(await log.committed(group, [topic])).toMatchObject([{ topic, partition: 0, offset: 3 }]);
  const hanging = await begun('7');
  await expect(log.committed(group, [topic])).rejects.toMatchObject({
    code: 'TRANSACTION_HANGING',
    message: expect.stringContaining(`offsets of ${group} are pending in a transaction that nothing ends`),
  });
  await hanging.abort();
  expect(await log.committed(group, [topic])).toMatchObject([{ topic, partition: 0, offset: 3 }]);
});
