import { Kafka, KafkaJSConnectionError, logLevel } from 'kafkajs';
import Broker from 'kafkajs/src/broker/index.js';
import Runner from 'kafkajs/src/consumer/runner.js';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  eventually,
  numbered,
  openBench,
  outgoing,
  Recorder,
  textsOf,
  unique,
} from '../../../infra/kafka/contract/testing.ts';
import { createClient } from '../../../infra/kafka/kafkajs/client.ts';
import { KafkaJsMember } from '../../../infra/kafka/kafkajs/member.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { brokers, openLog } from './open-log.ts';

/** Returns the names of the groups that currently read `topic`. */
async function groupsReading(topic: string): Promise<readonly string[]> {
  const admin = new Kafka({ brokers: [...brokers()], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const ids = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  const { groups } = await admin.describeGroups(ids);
  await admin.disconnect();
  return groups
    .filter(({ members }) => members.some(({ memberAssignment }) => memberAssignment.includes(topic)))
    .map(({ groupId }) => groupId);
}

describe('a reader whose group is rebalanced', () => {
  const { log, topic } = openBench(async () => {
    const opened = openLog();
    return { log: opened, close: () => opened.close() };
  });
  const append = async (name: string, texts: readonly string[], partition = 0): Promise<void> => {
    const appender = await log().appender();
    await appender.append(texts.map((text) => outgoing(name, text, { partition })));
    await appender.close();
  };
  /**
   * Joins the one group that reads the topic, so that its member must rejoin, then leaves, which causes a second
   * rejoin.
   */
  const disturb = async (name: string): Promise<void> => {
    const groups = await groupsReading(name);
    expect(groups).toHaveLength(1);
    const other: Log = openLog();
    const intruder = new Recorder();
    // The second member does not read its partitions, so that the reader of each record is known.
    intruder.positions = () => new Promise(() => undefined);
    const joined = await other.join({ group: groups[0] ?? '', topics: [name], handlers: intruder });
    await eventually(() => expect(intruder.assignments.length).toBeGreaterThan(0));
    await joined.close();
    await other.close();
  };

  it('continues its tail from its read position, without gap or repeat', async () => {
    const name = await topic(2);
    for (const partition of [0, 1]) await append(name, numbered(5), partition);
    const seen: string[][] = [[], []];
    const crashes: Error[] = [];
    const reader = await log().tail({
      topics: [name],
      from: 'beginning',
      onBatch: ({ partition, records }) => void seen[partition]?.push(...textsOf(records)),
      onCrash: (error) => void crashes.push(error),
    });
    await eventually(() => expect(seen).toEqual([numbered(5), numbered(5)]));
    await disturb(name);
    for (const partition of [0, 1]) await append(name, ['5', '6'], partition);
    await eventually(() => expect(seen).toEqual([numbered(7), numbered(7)]));
    expect(crashes).toEqual([]);
    await reader.close();
  });

  it('reads to the end once, although it was rebalanced half-way', async () => {
    const name = await topic();
    await append(name, numbered(400));
    const seen: string[] = [];
    let began: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      began = resolve;
    });
    const reading = log().readTo({
      from: [{ topic: name, partition: 0, offset: 0 }],
      onBatch: async ({ records }) => {
        seen.push(...textsOf(records));
        began();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      },
    });
    await first;
    await Promise.all([reading, disturb(name)]);
    expect(seen).toEqual(numbered(400));
  });
});

describe('a member that is assigned partitions and does not learn of it', () => {
  const { log, topic } = openBench(async () => {
    const opened = openLog();
    return { log: opened, close: () => opened.close() };
  });
  afterEach(() => void vi.restoreAllMocks());

  it('gives up, so that its owner joins again: kafkajs would fetch and drop what it fetches', async () => {
    const name = await topic(2);
    const group = unique('unlearned');
    const handlers = new Recorder();
    const logger = pino({ level: 'silent' });
    const member = await KafkaJsMember.join(
      { group, topics: [name], handlers },
      {
        kafka: createClient({ brokers: brokers(), clientId: 'khipu-test', logger }),
        logger,
        start: { startedMs: 0, restarts: 0 },
        watermarks: (topics) => log().watermarks(topics),
      },
    );
    await eventually(() => expect(handlers.assignments).toHaveLength(1));
    // The coordinator answers, and the connection breaks before the answer is read.
    const { syncGroup } = Broker.prototype;
    let lost = 0;
    vi.spyOn(Broker.prototype, 'syncGroup').mockImplementation(async function (this: Broker, request) {
      const answer = await syncGroup.call(this, request);
      if (request.memberId !== handlers.assignments[0]?.memberId) return answer;
      lost += 1;
      throw new KafkaJSConnectionError('Closed connection');
    });
    const other: Log = openLog();
    const second = new Recorder();
    const joined = await other.join({ group, topics: [name], handlers: second });
    await eventually(() => expect(handlers.crashes).toMatchObject([{ code: 'LOG_UNAVAILABLE' }]));
    expect(lost).toBeGreaterThan(0);
    await Promise.all([member.close(), joined.close()]);
    await other.close();
  });
});

describe('a member without heartbeats', () => {
  const { log, topic } = openBench(async () => {
    const opened = openLog();
    return { log: opened, close: () => opened.close() };
  });
  afterEach(() => void vi.restoreAllMocks());

  it('gives up, so that its owner rejoins, and is abandoned when it cannot be ended', async () => {
    const name = await topic();
    const logger = pino({ level: 'silent' });
    const handlers = new Recorder();
    const member = await KafkaJsMember.join(
      { group: unique('silent'), topics: [name], handlers },
      {
        kafka: createClient({ brokers: brokers(), clientId: 'khipu-test', logger }),
        logger,
        start: { startedMs: 0, restarts: 0 },
        watermarks: (topics) => log().watermarks(topics),
        silentMsMax: 3_000,
      },
    );
    await eventually(() => expect(handlers.assignments).toHaveLength(1));
    // It stays a member as long as it sends heartbeats.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(handlers.crashes).toEqual([]);
    // As observed in a fetcher of a killed broker: it waits, and does not fail or end.
    vi.spyOn(Runner.prototype, 'heartbeat').mockImplementation(() => new Promise(() => undefined));
    await eventually(() => expect(handlers.crashes).toMatchObject([{ code: 'LOG_UNAVAILABLE' }]));
    const began = performance.now();
    await member.close();
    expect(performance.now() - began).toBeLessThan(7_000);
  });
});
