import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { principalOf } from '../../../infra/bin/roles/grants.ts';
import { eventually, outgoing, Recorder, readWhole } from '../../../infra/kafka/contract/testing.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { listDeadLetters } from '../../../infra/runner/dead-letters/select.ts';
import { settle } from '../../../infra/runner/dead-letters/settle.ts';
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
const LOGIN_REFUSED = { code: 'LOG_LOGIN_REFUSED' };
const NO_COORDINATOR = 'Failed to find group coordinator';
const append = async (log: Log, topic: string): Promise<unknown> =>
  (await log.appender()).append([outgoing(topic, 'x')]);

describe('with only its ACLs', () => {
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

  it('operators redrive dead letters', async () => {
    await append(platform().logAs(ADMIN), 'sessions.commands');
    const log = as('operator');
    const filter = { topic: 'sessions.commands' };
    await eventually(async () => expect(await listDeadLetters(log, filter)).toHaveLength(1));
    const { done } = await settle({ log, verb: 'redrive', filter, by: 'a test', waitMs: 1_000 });
    expect(done).toHaveLength(1);
  });
});

describe('a role is denied', () => {
  it.each([
    ['gateway', 'policy.decisions'],
    ['budget', 'policy.decisions'],
    ['audit', 'slm.requests'],
    ['slm', 'sessions.events'],
    ['budget', 'policy.decisions.dlq'],
    ['core', 'budget.events'],
    ['projection', 'sessions.events'],
    ['setup', 'kill-switch.commands'],
  ])('as %s, to write to %s', async (role, topic) => {
    await expect(append(as(role), topic)).rejects.toMatchObject(FORBIDDEN);
  });

  it.each([
    ['gateway', 'sessions.state'],
    ['budget', 'conversation.events'],
    // Core hands these on, and never reads them.
    ['core', 'policy.decisions'],
    ['slm', 'identity.directory'],
    ['projection', 'sessions.commands'],
  ])('as %s, to read %s', async (role, topic) => {
    await expect(readWhole(as(role), topic)).rejects.toMatchObject(FORBIDDEN);
  });

  // The first driver does not report why it got no coordinator; the second one does, below.
  it('the transactions and the group of another', async () => {
    await expect(as('budget').transactor('khipu.core.0')).rejects.toThrow(NO_COORDINATOR);
    const stranger = new Recorder();
    const joining = as('budget').join({
      ...{ group: 'khipu.core', topics: ['budget.commands'], handlers: stranger },
    });
    await eventually(() => expect(stranger.crashes.map(({ message }) => message)).toEqual([NO_COORDINATOR]));
    await (await joining.catch(() => null))?.close();
    expect(stranger.assignments).toEqual([]);
  });

  it('the creation of topics', async () => {
    await expect(as('core').createTopics([{ name: 'khipu.more', partitions: 1, config: {} }])).rejects.toMatchObject(
      FORBIDDEN,
    );
  });

  it('everything with a wrong password', async () => {
    const log = platform().logAs(principalOf('gateway'), { KAFKA_SASL_PASSWORD: 'a guess' });
    await expect(log.ping(5_000)).rejects.toMatchObject(LOGIN_REFUSED);
  });
});

describe('over the second driver, by PLAIN,', () => {
  const plain = (user: string): Log =>
    platform().logAs(user, { KHIPU_KAFKA_CLIENT: 'platformatic', KAFKA_SASL_MECHANISM: 'plain' });

  it('a role does its work, and is denied everything else', async () => {
    const gateway = plain(principalOf('gateway'));
    await expect(append(gateway, 'policy.decisions')).rejects.toMatchObject(FORBIDDEN);
    const killSwitch = plain(principalOf('kill-switch'));
    const transactor = await killSwitch.transactor('khipu.kill-switch.of-a-test');
    const [offset] = await killSwitch.committed('khipu.kill-switch', ['kill-switch.commands']);
    const mine = { records: [outgoing('kill-switch.state', 'null', { key: 'test' })], group: 'khipu.kill-switch' };
    await transactor.commit({ ...mine, offsets: offset === undefined ? [] : [offset] });
    await expect(killSwitch.transactor('khipu.policy.0')).rejects.toMatchObject(FORBIDDEN);
    await expect(killSwitch.committed('khipu.policy', ['kill-switch.commands'])).rejects.toMatchObject(FORBIDDEN);
    await expect(readWhole(killSwitch, 'sessions.events')).rejects.toMatchObject(FORBIDDEN);
    const guessed = { KHIPU_KAFKA_CLIENT: 'platformatic', KAFKA_SASL_PASSWORD: 'a guess' };
    await expect(platform().logAs(TEAM, guessed).ping(5_000)).rejects.toMatchObject(LOGIN_REFUSED);
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
  /** Returns the key of the first record of the topic; rejects when reading is denied. */
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

  it('reads the topic granted to it', async () => {
    expect(await firstOf('slm.metrics', `${TEAM}.invoices`)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is denied any other topic', async () => {
    await expect(firstOf('conversation.events', `${TEAM}.curious`)).rejects.toThrow(/not authorized to access topics/i);
  });

  it('is denied the group of another team', async () => {
    await expect(firstOf('slm.metrics', 'khipu.slm')).rejects.toThrow(NO_COORDINATOR);
  });

  it('cannot write to any topic, not even to one it reads', async () => {
    const producer = client().producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
    await producer.connect();
    for (const topic of ['slm.metrics', 'conversation.events'])
      await expect(producer.send({ topic, messages: [{ value: 'x' }] }), topic).rejects.toThrow(
        /not authorized to access topics/i,
      );
    await producer.disconnect();
  });

  it('is rejected with a wrong password', async () => {
    const admin = client('a guess').admin();
    await expect(admin.connect()).rejects.toThrow(/authentication failed/i);
    await admin.disconnect();
  });
});
