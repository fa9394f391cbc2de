import { Kafka, logLevel, type Producer } from 'kafkajs';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, unique } from '../../../infra/kafka/contract/testing.ts';
import { KafkaJsLog } from '../../../infra/kafka/kafkajs/log.ts';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { brokers } from './open-log.ts';

const options = () => ({
  ...{ brokers: brokers(), clientId: 'khipu-test', replicationFactor: 1 },
  logger: pino({ level: 'silent' }),
});
const topic = unique('aborted');
const producers: Producer[] = [];
let logs: readonly (readonly [driver: string, log: Log])[] = [];

/** Begins a transaction of an own producer, and returns how to write to the one partition and how to end it. */
async function begin(name: string) {
  const kafka = new Kafka({ brokers: [...brokers()], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ transactionalId: unique(name), idempotent: true, maxInFlightRequests: 1 });
  producers.push(producer);
  await producer.connect();
  const transaction = await producer.transaction();
  const write = (value: string) =>
    transaction.send({ topic, messages: [{ key: 'k', value, partition: 0 }] }).then(() => undefined);
  return { write, commit: () => transaction.commit(), abort: () => transaction.abort() };
}

beforeAll(async () => {
  logs = [
    ['kafkajs', new KafkaJsLog(options())],
    ['platformatic', new PlatformaticLog(options())],
  ];
  await logs[0]?.[1].createTopics([{ name: topic, partitions: 1, config: {} }]);
  // Open at once, and aborted in another order than they began: the broker lists them in the order of their aborts.
  const [one, two, three, kept] = await Promise.all(['one', 'two', 'three', 'kept'].map(begin));
  for (const value of ['first', 'second'])
    for (const [name, each] of Object.entries({ one, two, three, kept })) await each?.write(`${name} ${value}`);
  await three?.abort();
  await two?.abort();
  await one?.abort();
  await kept?.commit();
  // The markers are written after the commit is answered: eight records and four markers.
  await eventually(async () => expect((await logs[0]?.[1].watermarks([topic]))?.[0]?.high).toBe(12));
});
afterAll(async () => {
  await Promise.all(producers.map((producer) => producer.disconnect()));
  await Promise.all(logs.map(([, log]) => log.close()));
});

async function readFrom(log: Log, offset: number): Promise<readonly string[]> {
  const values: string[] = [];
  await log.readTo({
    from: [{ topic, partition: 0, offset }],
    onBatch: ({ records }) => void values.push(...records.map(({ value }) => value?.toString() ?? '')),
  });
  return values;
}

describe.each([0, 1])('records of aborted transactions that overlap, read by driver %i', (driver) => {
  const log = (): Log => {
    const opened = logs[driver];
    if (opened === undefined) throw new Error('no such driver');
    return opened[1];
  };

  it('are left out', async () => {
    expect(await readFrom(log(), 0)).toEqual(['kept first', 'kept second']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('are left out by a reader that begins at offset %i', async (offset) => {
    const expected = ['kept first', 'kept second'].slice(offset > 3 ? 1 : 0);
    expect(await readFrom(log(), offset)).toEqual(expected);
  });
});
