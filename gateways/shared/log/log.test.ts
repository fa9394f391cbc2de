import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import { MemoryLog } from '../../../infra/kafka/memory/log.ts';
import type { Log, Reader } from '../../../infra/kafka/port.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { inferenceFailed } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { LogAvailability } from './availability.ts';
import { CommandAppender } from './command-appender.ts';
import { EventTail } from './event-tail.ts';
import { Outcomes } from './outcomes.ts';

const TOPIC = topics.inferenceEvents.name;
const codec = createLocalCodec();
const decoder = new RecordDecoder(codec, () => Promise.reject(new Error('no registry')));
const logger = createLogger('test', 'silent');
let log: MemoryLog;
let closers: (() => unknown)[];

beforeEach(async () => {
  log = new MemoryLog();
  closers = [];
  await log.createTopics([
    { name: TOPIC, partitions: 1, config: {} },
    { name: topics.inferenceCommands.name, partitions: 1, config: {} },
  ]);
});
afterEach(async () => {
  for (const close of closers) await close();
});

const failed = (requestId: string) =>
  toOutgoing(codec, {
    topic: TOPIC,
    key: requestId,
    record: inferenceFailed({ requestId, code: 'SLM_TIMEOUT', detail: 'x', refusal: null }),
    id: `00000000-0000-4000-8000-${requestId.padStart(12, '0')}`,
    tenantId: 'demo',
    place: 'demo/0',
    correlationId: requestId,
    causationId: requestId,
    timeMs: 1_000,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    source: 'test',
  });
const append = async (...requestIds: string[]) => (await log.appender()).append(requestIds.map(failed));
/** Returns the log with some methods replaced. */
const logWith = (own: Partial<Log>): Log =>
  new Proxy<Log>(log, {
    get: (target, name: keyof Log) => own[name] ?? (target[name] as () => unknown).bind(target),
  });
const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

async function startTail(port: Log = log, rewind = 0): Promise<{ tail: EventTail; seen: string[] }> {
  const tail = new EventTail({ log: port, decoder, topics: [{ name: TOPIC, rewind }], logger });
  const seen: string[] = [];
  tail.listen(({ meta }) => seen.push(meta.key));
  tail.start();
  closers.push(() => tail.close());
  while (!tail.positioned) await settle();
  return { tail, seen };
}

test('a tail passes events after its start, and skips records that do not decode', async () => {
  await append('1');
  const { tail, seen } = await startTail();
  const broken = { ...failed('2'), value: Buffer.from('nonsense') };
  await (await log.appender()).append([broken, failed('3')]);
  await settle();
  expect(seen).toEqual(['3']);
  expect(tail.began).toEqual([{ topic: TOPIC, partition: 0, offset: 1 }]);
  expect(tail.lag).toBe(0);
});

test('a tail with a rewind passes the latest earlier events first', async () => {
  await append('1', '2', '3');
  for (const [rewind, expected] of [
    [2, ['2', '3', '4']],
    [9, ['1', '2', '3', '4', '5']],
  ] as const) {
    const { seen } = await startTail(log, rewind);
    await append(`${expected.at(-1)}`);
    await settle();
    expect(seen).toEqual(expected);
  }
});

test('a tail resumes at its read position after a crash', async () => {
  let crash: (error: Error) => void = () => undefined;
  let reader: Reader | undefined;
  const port = logWith({
    tail: async (options) => {
      crash = options.onCrash;
      reader = await log.tail(options);
      return reader;
    },
  });
  const { tail, seen } = await startTail(port);
  await append('1');
  await settle();
  await reader?.close();
  crash(new Error('session lost'));
  await append('2');
  while (!tail.positioned || seen.length < 2) await settle();
  expect(seen).toEqual(['1', '2']);
});

test('a tail catches up with what was appended before, and waits no longer than its bound when it cannot', async () => {
  let heldBack: Promise<void> | undefined;
  let ends = log.watermarks.bind(log);
  const port = logWith({
    tail: (options) =>
      log.tail({
        ...options,
        onBatch: async (batch) => heldBack?.then(() => options.onBatch(batch)) ?? options.onBatch(batch),
      }),
    watermarks: (names) => ends(names),
  });
  const { tail, seen } = await startTail(port);
  await tail.catchUp(60_000);

  let release = (): void => undefined;
  heldBack = new Promise((resolve) => {
    release = resolve;
  });
  await append('1');
  await tail.catchUp(50);
  expect(seen).toEqual([]);
  const caughtUp = tail.catchUp(60_000);
  release();
  await caughtUp;
  expect(seen).toEqual(['1']);

  ends = () => Promise.reject(new Error('no broker'));
  await tail.catchUp(50);
});

test('an outcome reaches a waiting request and a later one', async () => {
  const { tail } = await startTail();
  const outcomes = new Outcomes(tail, ['InferenceFailed']);
  const [one, two] = [outcomes.expect('7', 1_000), outcomes.expect('7', 1_000)];
  const other = outcomes.expect('8', 30);
  await append('7');
  expect((await one.outcome)?.record.type).toBe('InferenceFailed');
  expect((await two.outcome)?.position).toEqual({ topic: TOPIC, partition: 0, offset: 0 });
  expect(await other.outcome).toBeNull();
  expect(outcomes.recent('7')?.tenantId).toBe('demo');
  expect(await outcomes.expect('7', 1_000).outcome).toBe(outcomes.recent('7'));
  await append('7');
  await settle();
  expect(outcomes.recent('7')?.position?.offset).toBe(0);
});

test('a cancelled wait ends', async () => {
  const outcomes = new Outcomes((await startTail()).tail, ['InferenceFailed']);
  const waiting = outcomes.expect('7', 60_000);
  waiting.cancel();
  expect(await waiting.outcome).toBeNull();
});

const command = {
  type: 'EmbedText',
  data: { requestId: 'r', principal: 'p', capabilities: [], model: null, input: ['x'], credential: null, labels: [] },
} as const;
const envelope = {
  id: '00000000-0000-4000-8000-000000000001',
  tenantId: 'demo',
  place: 'demo/0',
  traceparent: '00-a-b-01',
};

async function commandAppender(port: Log = log) {
  const availability = new LogAvailability(port);
  closers.push(() => availability.close());
  return { availability, commands: new CommandAppender({ appender: await port.appender(), codec, availability }) };
}

test('a command is the first record of its chain', async () => {
  const { commands } = await commandAppender();
  expect(await commands.append(command, envelope)).toMatchObject({ topic: 'inference.commands', offset: 0 });
  const [record] = log.fetch('inference.commands', 0, 0).records;
  expect(record?.headers).toMatchObject({
    ce_id: envelope.id,
    ce_correlationid: envelope.id,
    ce_causationid: envelope.id,
    ce_tenantid: 'demo',
    ce_source: 'khipu/gateway',
  });
});

test('many commands are appended in their order, in slices that a record batch holds', async () => {
  const slices: number[] = [];
  const appender = await log.appender();
  const counting = logWith({
    appender: async () => ({
      append: (records) => {
        slices.push(records.length);
        return appender.append(records);
      },
      close: () => appender.close(),
    }),
  });
  const { commands } = await commandAppender(counting);
  const parts = Array.from({ length: 1_203 }, (_, nth) => ({ command, envelope: { ...envelope, id: `part-${nth}` } }));
  await commands.appendAll(parts);
  expect(slices).toEqual([500, 500, 203]);
  slices.length = 0;
  await commands.appendAll([]);
  expect(slices).toEqual([]);
});

test('after a failed append the next ones fail at once until the log answers again', async () => {
  const { commands, availability } = await commandAppender();
  log.away = true;
  await expect(commands.append(command, envelope)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  expect(availability.up).toBe(false);
  log.away = false;
  await expect(commands.append(command, envelope)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  while (!availability.up) await settle();
  await commands.append(command, envelope);
});

test('an append without an answer fails after two seconds', async () => {
  const silent = logWith({
    appender: async () => ({ append: () => new Promise<never>(() => undefined), close: async () => undefined }),
  });
  const { commands } = await commandAppender(silent);
  const began = Date.now();
  await expect(commands.append(command, envelope)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  expect(Date.now() - began).toBeLessThan(2_500);
});

test('an outcome of another command of the chain answers no request', async () => {
  let hear = (_event: unknown): void => undefined;
  const listen = (listener: (event: never) => void) => {
    hear = listener as typeof hear;
    return () => undefined;
  };
  const outcomes = new Outcomes({ listen } as never, ['MemoryRemembered', 'ToolCallCompleted']);
  const event = (type: string) => ({
    record: { type, data: {} },
    meta: { correlationId: '7', value: new Uint8Array(9) },
  });
  const waiting = outcomes.expect('7', 1_000, ['ToolCallCompleted']);
  hear(event('MemoryRemembered'));
  hear(event('ToolCallCompleted'));
  expect((await waiting.outcome)?.record.type).toBe('ToolCallCompleted');
  expect(outcomes.recent('7', ['MemoryRemembered'])?.record.type).toBe('MemoryRemembered');
  expect(outcomes.recent('7', ['TurnCompleted'])).toBeUndefined();
});
