import { beforeEach, expect, test } from 'vitest';
import { toOutgoing } from '../../infra/kafka/envelope.ts';
import { LogError } from '../../infra/kafka/errors.ts';
import type { OutgoingRecord, Position } from '../../infra/kafka/log.ts';
import { MemoryLog } from '../../infra/kafka/memory/log.ts';
import { localDecoder } from '../../infra/kafka/runner/testing.ts';
import { turnDelta } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { LogStretch } from './log-stretch.ts';

const topic = topics.conversationEvents.name;
const decoder = localDecoder();
const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
let ids = 0;

const event = (sessionId: string, sequence: number, tenantId = 'demo'): OutgoingRecord => {
  ids += 1;
  const record = turnDelta({ sessionId, turnId: uuidOf(0), sequence, attempt: 1, index: sequence, text: 'x' });
  const meta = { id: uuidOf(ids), tenantId, correlationId: uuidOf(ids), causationId: uuidOf(ids), timeMs: 1_000 };
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  return toOutgoing(decoder.codec, { topic, key: sessionId, record, ...meta, traceparent, source: 'test' });
};

let log: MemoryLog;
let readings: (readonly Position[])[];
let away: boolean;
let stretch: LogStretch;

beforeEach(async () => {
  log = new MemoryLog();
  await log.createTopics([{ name: topic, partitions: 2, config: {} }]);
  readings = [];
  away = false;
  const watched: Pick<MemoryLog, 'readTo' | 'watermarks'> = {
    watermarks: (names) => log.watermarks(names),
    readTo: (options) => {
      readings.push(options.from);
      return away ? Promise.reject(new LogError('LOG_UNAVAILABLE', 'away')) : log.readTo(options);
    },
  };
  stretch = new LogStretch(watched, decoder);
});

const append = async (...events: readonly OutgoingRecord[]): Promise<readonly Position[]> =>
  (await log.appender()).append(events);
const read = async (sessionId: string, after = 0, positions: readonly Position[] = [], tenantId = 'demo') =>
  (await stretch.read({ sessionId, tenantId, after, positions })).map(({ sequence }) => sequence);

test('the events of one session and tenant behind a sequence are given in order', async () => {
  await append(event('a', 1), event('b', 1), event('a', 2), event('a', 3), event('a', 4, 'other'));
  expect(await read('a')).toEqual([1, 2, 3]);
  expect(await read('a', 2)).toEqual([3]);
  expect(await read('a', 0, [], 'other')).toEqual([4]);
  expect(await read('c')).toEqual([]);
});

test('the log is read from where the read model stands, and not at all when it has everything', async () => {
  const [first, second] = await append(event('a', 1), event('a', 2));
  const partition = first?.partition ?? 0;
  const reached = (offset: number): Position[] => [{ topic, partition, offset }];
  expect(await read('a', 1, reached(second?.offset ?? 0))).toEqual([2]);
  expect(readings).toEqual([[{ topic, partition, offset: second?.offset }]]);
  expect(await read('a', 2, reached((second?.offset ?? 0) + 1))).toEqual([]);
  expect(readings).toHaveLength(1);
});

test('whoever comes while it is read shares the next reading, from the earliest place that one of them needs', async () => {
  const [first] = await append(event('a', 1), event('b', 1), event('a', 2));
  const partition = first?.partition ?? 0;
  const one = read('a');
  const others = [read('b'), read('a', 1, [{ topic, partition, offset: (first?.offset ?? 0) + 1 }]), read('a')];
  expect(await Promise.all([one, ...others])).toEqual([[1, 2], [1], [2], [1, 2]]);
  expect(readings).toHaveLength(2);
  expect(readings[1]).toContainEqual({ topic, partition, offset: 0 });
});

test('a reading that fails is told to those who shared it, and the next one is tried', async () => {
  await append(event('a', 1));
  away = true;
  const failed = await Promise.allSettled([read('a'), read('a')]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  away = false;
  expect(await read('a')).toEqual([1]);
});
