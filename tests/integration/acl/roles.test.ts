import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { principalOf } from '../../../infra/bin/roles/grants.ts';
import { eventually, outgoing, Recorder, readWhole } from '../../../infra/kafka/contract/testing.ts';
import { listDeadLetters } from '../../../infra/kafka/dead-letters/select.ts';
import { settle } from '../../../infra/kafka/dead-letters/settle.ts';
import type { Log } from '../../../infra/kafka/log.ts';
import { ADMIN, passwordOf } from '../../support/secured-broker.ts';
import { type GuardedPlatform, startGuardedPlatform, TEAM } from './platform.ts';

let started: GuardedPlatform | undefined;
beforeAll(async () => {
  started = await startGuardedPlatform();
}, 240_000);
afterAll(() => started?.close());
const platform = (): GuardedPlatform => {
  if (started === undefined) throw new Error('the platform did not start');
  return started;
};
const as = (role: string): Log => platform().logAs(principalOf(role));
const FORBIDDEN = { code: 'LOG_FORBIDDEN' };
const NO_COORDINATOR = 'Failed to find group coordinator';
const append = async (log: Log, topic: string): Promise<unknown> =>
  (await log.appender()).append([outgoing(topic, 'x')]);

describe('with no right but its ACLs', () => {
  it('each role does its work: a turn runs from its prompt to the audit of its answer', async () => {
    const { api, runners, viewed } = platform();
    const { status, body } = await api.start({ persona: 'guide', prompt: 'What is a khipu?' });
    expect(status).toBe(201);
    expect((await api.stream(body, body.turn_url)).at(-1)).toMatchObject({ event: 'turn.completed' });
    await eventually(async () => {
      for (const topic of ['slm.metrics', 'audit.events', 'sessions.events'])
        expect((await readWhole(as('operator'), topic)).length, topic).toBeGreaterThan(0);
      expect(viewed()).toBeGreaterThan(0);
    });
    for (const runner of runners) expect(await runner.health(), runner.name).toMatchObject({ ok: true });
  });

  it('a kill switch is engaged and released, and a tenant is made', async () => {
    const { api } = platform();
    for (const action of ['engage', 'release'])
      expect(
        await api.call('POST', '/v1/kill-switch', { body: { scope: 'tenant:acl', action, reason: 'a test' } }),
      ).toMatchObject({ status: 200 });
    const tenant = { tenant_id: 'guarded', name: 'Guarded' };
    expect((await api.call('POST', '/v1/tenants', { body: tenant })).status).toBe(201);
  });

  it('people send dead letters back', async () => {
    await append(platform().logAs(ADMIN), 'sessions.commands');
    const log = as('operator');
    const filter = { topic: 'sessions.commands' };
    await eventually(async () => expect(await listDeadLetters(log, filter)).toHaveLength(1));
    const { done } = await settle({ log, verb: 'redrive', filter, by: 'a test', waitMs: 1_000 });
    expect(done).toHaveLength(1);
  });
});

describe('a role is refused', () => {
  it.each([
    ['gateway', 'policy.decisions'],
    ['sessions', 'slm.requests'],
    ['slm', 'sessions.events'],
    ['policy', 'policy.decisions.dlq'],
    ['projection', 'sessions.events'],
    ['setup', 'killswitch.commands'],
  ])('as %s, to write to %s', async (role, topic) => {
    await expect(append(as(role), topic)).rejects.toMatchObject(FORBIDDEN);
  });

  it.each([
    ['gateway', 'sessions.state'],
    ['sessions', 'conversation.events'],
    ['slm', 'identity.directory'],
    ['projection', 'sessions.commands'],
  ])('as %s, to read %s', async (role, topic) => {
    await expect(readWhole(as(role), topic)).rejects.toMatchObject(FORBIDDEN);
  });

  // The first driver keeps to itself why it was told of no coordinator; the second says it, below.
  it('the transactions and the group of another', async () => {
    await expect(as('sessions').transactor('khipu.policy.0')).rejects.toThrow(NO_COORDINATOR);
    const stranger = new Recorder();
    const joining = as('sessions').join({
      ...{ group: 'khipu.conversation', topics: ['policy.decisions'], handlers: stranger },
    });
    await eventually(() => expect(stranger.crashes.map(({ message }) => message)).toEqual([NO_COORDINATOR]));
    await (await joining.catch(() => null))?.close();
    expect(stranger.assignments).toEqual([]);
  });

  it('topics of its own making', async () => {
    await expect(as('policy').createTopics([{ name: 'khipu.more', partitions: 1, config: {} }])).rejects.toMatchObject(
      FORBIDDEN,
    );
  });

  it('everything under a wrong password', async () => {
    const log = platform().logAs(principalOf('gateway'), { KAFKA_SASL_PASSWORD: 'a guess' });
    await expect(log.ping(5_000)).rejects.toMatchObject(FORBIDDEN);
  });
});

describe('over the second driver, by PLAIN,', () => {
  const plain = (user: string): Log =>
    platform().logAs(user, { KHIPU_KAFKA_CLIENT: 'platformatic', KAFKA_SASL_MECHANISM: 'plain' });

  it('a role does its work, and is refused elsewhere', async () => {
    const gateway = plain(principalOf('gateway'));
    await expect(append(gateway, 'policy.decisions')).rejects.toMatchObject(FORBIDDEN);
    const killswitch = plain(principalOf('killswitch'));
    const transactor = await killswitch.transactor('khipu.killswitch.of-a-test');
    const [offset] = await killswitch.committed('khipu.killswitch', ['killswitch.commands']);
    const mine = { records: [outgoing('killswitch.state', 'null', { key: 'test' })], group: 'khipu.killswitch' };
    await transactor.commit({ ...mine, offsets: offset === undefined ? [] : [offset] });
    await expect(killswitch.transactor('khipu.policy.0')).rejects.toMatchObject(FORBIDDEN);
    await expect(killswitch.committed('khipu.policy', ['killswitch.commands'])).rejects.toMatchObject(FORBIDDEN);
    await expect(readWhole(killswitch, 'sessions.events')).rejects.toMatchObject(FORBIDDEN);
    const guessed = { KHIPU_KAFKA_CLIENT: 'platformatic', KAFKA_SASL_PASSWORD: 'a guess' };
    await expect(platform().logAs(TEAM, guessed).ping(5_000)).rejects.toMatchObject(FORBIDDEN);
  });
});

describe('a team of another system, with a plain client', () => {
  const client = (password = passwordOf(TEAM)): Kafka =>
    new Kafka({
      brokers: [platform().address],
      sasl: { mechanism: 'scram-sha-256', username: TEAM, password },
      logLevel: logLevel.NOTHING,
      retry: { retries: 1 },
    });
  /** The key of the first record of the topic; rejects when it may not be read. */
  const firstOf = async (topic: string, groupId: string): Promise<string> => {
    const consumer = client().consumer({ groupId, retry: { retries: 1, restartOnFailure: async () => false } });
    const first = Promise.withResolvers<string>();
    first.promise.catch(() => undefined);
    consumer.on(consumer.events.CRASH, ({ payload }) => first.reject(payload.error));
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ eachMessage: async ({ message }) => first.resolve(String(message.key)) });
      return await first.promise;
    } finally {
      await consumer.disconnect();
    }
  };

  it('reads the topic that it was given', async () => {
    expect(await firstOf('slm.metrics', `${TEAM}.invoices`)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is refused any other', async () => {
    await expect(firstOf('conversation.events', `${TEAM}.curious`)).rejects.toThrow(/not authorized to access topics/i);
  });

  it('is refused the group of another', async () => {
    await expect(firstOf('slm.metrics', 'khipu.slm')).rejects.toThrow(NO_COORDINATOR);
  });

  it('writes nowhere, not even where it reads', async () => {
    const producer = client().producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
    await producer.connect();
    for (const topic of ['slm.metrics', 'conversation.events'])
      await expect(producer.send({ topic, messages: [{ value: 'x' }] }), topic).rejects.toThrow(
        /not authorized to access topics/i,
      );
    await producer.disconnect();
  });

  it('is nobody under a wrong password', async () => {
    const admin = client('a guess').admin();
    await expect(admin.connect()).rejects.toThrow(/authentication failed/i);
    await admin.disconnect();
  });
});
