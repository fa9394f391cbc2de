import { Kafka, logLevel, type Producer } from 'kafkajs';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, numbered, openBench, outgoing, Recorder, unique } from '../../../infra/kafka/contract/testing.ts';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { brokers } from './open-log.ts';

const producers: Producer[] = [];

/** A producer that leaves transactions open or aborts them, which the port does not allow. */
async function producerOf(transactionalId: string): Promise<Producer> {
  const kafka = new Kafka({ brokers: [...brokers()], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 5 } });
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  producers.push(producer);
  return producer;
}

const KILOBYTE = 'x'.repeat(1_000);

describe('reading with the driver of @platformatic/kafka', () => {
  const { log, topic } = openBench(async () => {
    const opened = new PlatformaticLog({
      brokers: brokers(),
      clientId: 'khipu-test',
      logger: pino({ level: 'silent' }),
      replicationFactor: 1,
    });
    return { log: opened, close: () => opened.close() };
  });
  afterEach(async () => {
    await Promise.all(producers.splice(0).map((producer) => producer.disconnect()));
  });

  it('skips aborted transactions, of any number per producer and any size', async () => {
    const name = await topic();
    const producer = await producerOf(unique('id'));
    const write = async (key: string, count: number, outcome: 'commit' | 'abort'): Promise<void> => {
      const transaction = await producer.transaction();
      // Larger than one fetch response, so that the marker arrives in a later one.
      for (let sent = 0; sent < count; sent += 400)
        await transaction.send({
          topic: name,
          messages: numbered(Math.min(400, count - sent)).map(() => ({ key, value: KILOBYTE, partition: 0 })),
        });
      await transaction[outcome]();
    };
    const appender = await log().appender();
    await write('aborted', 3, 'abort');
    await write('committed', 2, 'commit');
    await write('aborted', 3_000, 'abort');
    await appender.append([outgoing(name, 'plain', { key: 'plain' })]);
    await write('aborted', 3, 'abort');
    await write('committed', 1, 'commit');
    await appender.close();
    const member = new Recorder();
    const membership = await log().join({ group: unique('group'), topics: [name], handlers: member });
    await eventually(() => expect(member.records).toHaveLength(4));
    expect(member.records.map(({ key }) => key)).toEqual(['committed', 'committed', 'plain', 'committed']);
    let next = 0;
    for (const batch of member.batches) {
      expect(batch.from).toBe(next);
      next = batch.next;
    }
    await membership.close();
  });

  it('is not blocked by a dead owner’s open transaction: fencing it ends the transaction', async () => {
    const name = await topic();
    const id = unique('id');
    const dead = await producerOf(`${id}-1`);
    const left = await dead.transaction();
    await left.send({ topic: name, messages: [{ key: 'k', value: 'left open', partition: 0 }] });
    const appender = await log().appender();
    await appender.append([outgoing(name, 'behind')]);
    await appender.close();
    const member = new Recorder();
    const membership = await log().join({ group: unique('group'), topics: [name], handlers: member });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(member.records).toEqual([]);
    const began = performance.now();
    const young = await log().transactor(id);
    await eventually(() => expect(member.records.map(({ value }) => String(value))).toEqual(['behind']));
    expect(performance.now() - began).toBeLessThan(5_000);
    await Promise.all([young.close(), membership.close()]);
  });

  it('is immediate from a resumed partition, while a long poll waits on another', async () => {
    const name = await topic(2);
    const member = new Recorder();
    let take: () => void = () => undefined;
    const waits: number[] = [];
    member.take = ({ partition }) => {
      if (partition !== 0) return undefined;
      return new Promise((resolve) => {
        take = resolve;
      });
    };
    const membership = await log().join({ group: unique('group'), topics: [name], handlers: member });
    const appender = await log().appender({ lingerMs: 0 });
    for (const round of numbered(10).map(Number)) {
      await appender.append([outgoing(name, 'held')]);
      await eventually(() => expect(member.records).toHaveLength(2 * round + 1));
      await appender.append([outgoing(name, 'waiting')]);
      // By then only the poll of the other partition is in flight.
      await new Promise((resolve) => setTimeout(resolve, 60));
      const began = performance.now();
      take();
      while (member.records.length < 2 * round + 2) await new Promise((resolve) => setImmediate(resolve));
      waits.push(performance.now() - began);
      take();
    }
    await Promise.all([membership.close(), appender.close()]);
    // An idle fetch waits 500 ms.
    expect(waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(100);
  });
});
