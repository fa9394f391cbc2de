import { pino } from 'pino';
import { afterEach, expect, it, vi } from 'vitest';
import { outgoing, unique } from '../../../infra/kafka/contract/testing.ts';
import { KafkaJsLog } from '../../../infra/kafka/kafkajs/log.ts';
import { Cluster } from '../../../infra/kafka/platformatic/cluster.ts';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { brokers } from './open-log.ts';

afterEach(() => void vi.restoreAllMocks());

const written = ['EndTxn', 'Produce', 'TxnOffsetCommit'];
const announced = ['AddOffsetsToTxn', 'AddPartitionsToTxn', ...written];

it.each([
  { client: 'kafkajs', Driver: KafkaJsLog, level: 2, once: announced },
  { client: 'platformatic', Driver: PlatformaticLog, level: 2, once: written },
  { client: 'platformatic', Driver: PlatformaticLog, level: 1, once: announced },
])('$client sends each request of a transaction once, at level $level', async ({ Driver, level, once }) => {
  vi.spyOn(Cluster.prototype, 'transactionVersion').mockResolvedValue(level);
  const requests: string[] = [];
  const log = new Driver({
    ...{ brokers: brokers(), clientId: 'khipu-test', logger: pino({ level: 'silent' }), replicationFactor: 1 },
    onRequest: (api) => requests.push(api),
  });
  const topic = unique('requests');
  await log.createTopics([{ name: topic, partitions: 1, config: {} }]);
  const transactor = await log.transactor(unique('id'));
  const commit = (offset: number) =>
    transactor.commit({
      records: [outgoing(topic, 'a', { partition: 0 })],
      group: unique('group'),
      offsets: [{ topic, partition: 0, offset, metadata: '' }],
    });
  await commit(1);
  const before = requests.length;
  await commit(2);
  const sent = requests.slice(before).filter((api) => announced.includes(api));
  await transactor.close();
  await log.close();
  expect(sent.sort()).toEqual(once);
});
