import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../infra/kafka/envelope.ts';
import { type AnyRecord, revocationRefused, revokeTokens, tokensRevoked } from '../../../schemas/generated/records.ts';
import { identityOf, partIdOf } from '../idempotency.ts';
import type { EventListener } from '../log/event-tail.ts';
import { type KnownOutcome, Outcomes } from '../log/outcomes.ts';
import { CommandSender, type SendAllRequest, type SendRequest } from './sender.ts';

const command = revokeTokens({ scope: 'tenant', principal: 'p', capabilities: [], reason: 'a test' });
const done = tokensRevoked({ scope: 'tenant', issuedUntil: 1, revokedBy: 'p', reason: 'a test' });
const stopped = revocationRefused({ scope: 'tenant', principal: 'p', code: 'KILL_SWITCH', detail: 'x' });
const identity = identityOf(
  { tenantId: 'demo', principal: 'p' },
  { operationId: 'revokeTokens', tenantId: 'demo', params: {} },
  'key',
);

/** A gateway process: its appends, the events of its tail, and an event store. */
function gateway(store: (commandId: string) => Promise<KnownOutcome | null> = async () => null) {
  const listeners: EventListener[] = [];
  const appended: string[] = [];
  const listen = (listener: EventListener) => {
    listeners.push(listener);
    return () => undefined;
  };
  const outcomes = new Outcomes({ listen }, [done.type, stopped.type]);
  let failing = false;
  const sender = new CommandSender({
    outcomes,
    commands: {
      append: async (_command, { id }) => {
        if (failing) throw new Error('the log is unavailable');
        appended.push(id);
        return { topic: 'revocations.commands', partition: 0, offset: 0 };
      },
      appendAll: async (commands) => {
        for (const { envelope } of commands) {
          if (failing && appended.length === 2) throw new Error('the log is unavailable');
          appended.push(envelope.id);
        }
      },
    },
    readModel: { outcome: (_tenantId, commandId) => store(commandId) },
    metrics: { outcomeWait: { observe: () => undefined } as never },
  });
  return {
    sender,
    appended,
    fail: (is: boolean) => {
      failing = is;
    },
    hear: (record: AnyRecord, correlationId: string, requestDigest = 'd', tenantId = 'demo') => {
      const meta = { id: `event of ${correlationId}`, tenantId, correlationId, requestDigest, timeMs: 0 };
      const position = { topic: 'revocations.events', partition: 0, offset: 7, value: new Uint8Array(1) };
      for (const listener of listeners) listener({ record, meta: { ...meta, ...position } } as unknown as Decoded);
    },
  };
}

const request = (more: Partial<SendRequest<'RevokeTokens'>> = {}): SendRequest<'RevokeTokens'> => ({
  ...{ tenantId: 'demo', identity, requestDigest: 'd', traceparent: '', waitMs: 1_000 },
  outcomes: [done.type, stopped.type],
  make: () => command,
  place: () => null,
  ...more,
});
const stored = (record: AnyRecord, requestDigest: string | null = 'd'): KnownOutcome => ({
  ...{ record, eventId: 'e1', tenantId: 'demo', place: null, requestDigest, position: null, timeMs: 0 },
});
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('many commands of one request', () => {
  const many = (more: Partial<SendAllRequest> = {}): SendAllRequest => ({
    ...{
      tenantId: 'demo',
      identity,
      requestDigest: 'd',
      traceparent: '',
      count: 3,
      outcomes: [done.type, stopped.type],
    },
    make: () => Array.from({ length: 3 }, () => ({ command, place: null })),
    ...more,
  });
  const ids = [0, 1, 2].map((nth) => identity.partId(`command/${nth}`));

  test('are appended once in their order, each with an id of its own', async () => {
    const { sender, appended } = gateway();
    await Promise.all([sender.sendAll(many()), sender.sendAll(many())]);
    await sender.sendAll(many({ make: () => expect.unreachable() }));
    expect(appended).toEqual(ids);
  });

  test('are appended with the same ids after a failure in the middle', async () => {
    const { sender, appended, fail } = gateway();
    fail(true);
    await expect(sender.sendAll(many())).rejects.toThrow('the log is unavailable');
    fail(false);
    await sender.sendAll(many());
    expect(appended).toEqual([...ids.slice(0, 2), ...ids]);
  });

  test('are appended by another gateway only while the last one has no outcome', async () => {
    const outcomes = new Set(ids.slice(0, 2));
    const { sender, appended } = gateway(async (id) => (outcomes.has(id) ? stored(done) : null));
    await sender.sendAll(many());
    expect(appended).toEqual(ids);
    const later = gateway(async () => stored(done));
    await later.sender.sendAll(many({ make: () => expect.unreachable() }));
    expect(later.appended).toEqual([]);
  });

  test('with a key that was used for another request are refused', async () => {
    const { sender, appended } = gateway();
    await sender.sendAll(many());
    const elsewhere = gateway(async () => stored(done));
    for (const each of [sender, elsewhere.sender])
      await expect(each.sendAll(many({ requestDigest: 'other' }))).rejects.toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
    expect([...appended, ...elsewhere.appended]).toEqual(ids);
  });
});

describe('a sent command', () => {
  test('is answered by the first outcome of its chain, regardless of other events', async () => {
    const { sender, hear } = gateway();
    const sending = sender.send(request());
    await soon();
    hear(done, 'another');
    hear(done, identity.commandId);
    const { outcome, sent } = await sending;
    expect([outcome?.record, sent]).toEqual([done, command]);
    expect(outcome?.position).toEqual({ topic: 'revocations.events', partition: 0, offset: 7 });
  });

  test('is appended once when it is sent twice concurrently and once later', async () => {
    const { sender, hear, appended } = gateway();
    const sending = [sender.send(request()), sender.send(request())];
    await soon();
    hear(done, identity.commandId);
    await Promise.all(sending);
    const later = await sender.send(request({ make: () => expect.unreachable() }));
    expect([later.sent, later.outcome?.record]).toEqual([null, done]);
    expect(appended).toEqual([identity.commandId]);
  });

  test('is appended again after a failed append', async () => {
    const { sender, appended, fail } = gateway();
    fail(true);
    await expect(sender.send(request({ waitMs: 0 }))).rejects.toThrow('the log is unavailable');
    fail(false);
    expect(await sender.send(request({ waitMs: 0 }))).toMatchObject({ outcome: null, sent: command });
    expect(appended).toEqual([identity.commandId]);
  });

  test('with a key that was used for another request is refused, before and after its outcome', async () => {
    const { sender, hear, appended } = gateway();
    await sender.send(request({ waitMs: 0 }));
    const other = () => sender.send(request({ requestDigest: 'other' }));
    await expect(other()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    hear(done, identity.commandId);
    await expect(other()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const elsewhere = gateway(async () => stored(done));
    await expect(elsewhere.sender.send(request({ requestDigest: 'other' }))).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect([...appended, ...elsewhere.appended]).toEqual([identity.commandId]);
  });

  test('is sent as a new command after each transient refusal', async () => {
    const { sender, hear, appended } = gateway();
    let id = identity.commandId;
    for (const record of [stopped, stopped, done]) {
      const sending = sender.send(request());
      await soon();
      hear(record, id);
      expect((await sending).outcome?.record).toEqual(record);
      id = partIdOf(identity.commandId, `after/event of ${id}`);
    }
    expect(new Set(appended).size).toBe(3);
    expect((await sender.send(request())).outcome?.record).toEqual(done);
    expect(appended).toHaveLength(3);
  });
});

describe('the event store', () => {
  test('has the outcomes that passed before this process listened', async () => {
    const { sender, appended } = gateway(async () => stored(done));
    expect(await sender.send(request())).toMatchObject({ outcome: { eventId: 'e1' }, sent: null });
    expect(appended).toEqual([]);
  });

  test('is polled during the wait, because another gateway may have sent the command', async () => {
    let looks = 0;
    const { sender } = gateway(async () => {
      looks += 1;
      return looks < 3 ? null : stored(done);
    });
    expect((await sender.send(request())).outcome?.eventId).toBe('e1');
  });

  test('does not block a command when it is unavailable or slow', async () => {
    for (const store of [() => Promise.reject(new Error('away')), () => new Promise<never>(() => undefined)]) {
      const { sender, appended } = gateway(store);
      expect((await sender.send(request({ waitMs: 0 }))).outcome).toBeNull();
      expect(appended).toEqual([identity.commandId]);
    }
  });

  test('is not queried without an Idempotency-Key of the client', async () => {
    const { sender, hear } = gateway(() => expect.unreachable());
    const once = identityOf(
      { tenantId: 'demo', principal: 'p' },
      { operationId: 'x', tenantId: 'demo', params: {} },
      undefined,
    );
    const sending = sender.send(request({ identity: once }));
    await soon();
    hear(done, once.commandId);
    expect((await sending).outcome?.record).toEqual(done);
  });
});

test('an outcome of another tenant, or of another type, is ignored', async () => {
  const { sender, hear } = gateway();
  hear(done, identity.commandId, 'd', 'acme');
  expect(await sender.known.find('demo', identity.commandId, [done.type])).toBeNull();
  const other = gateway();
  other.hear(done, identity.commandId);
  expect(await other.sender.known.find('demo', identity.commandId, [stopped.type])).toBeNull();
});
