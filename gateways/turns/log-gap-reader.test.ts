import { beforeEach, expect, test } from 'vitest';
import { toOutgoing } from '../../infra/kafka/envelope.ts';
import { LogError } from '../../infra/kafka/errors.ts';
import { MemoryLog } from '../../infra/kafka/memory/log.ts';
import type { OutgoingRecord, Position } from '../../infra/kafka/port.ts';
import { localDecoder } from '../../infra/runner/testing/processors.ts';
import { turnFailed } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { placeOf } from '../../streams/kernel/place.ts';
import { LogGapReader } from './log-gap-reader.ts';

const topic = topics.conversationEvents.name;
const decoder = localDecoder();
const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
let ids = 0;

const event = (sessionId: string, sequence: number, tenantId = 'demo'): OutgoingRecord => {
  ids += 1;
  const record = turnFailed({ sessionId, turnId: uuidOf(0), sequence, code: 'X', detail: 'x', refusal: null });
  const place = placeOf(tenantId, sessionId, 16);
  const meta = {
    id: uuidOf(ids),
    tenantId,
    place,
    correlationId: uuidOf(ids),
    causationId: uuidOf(ids),
    timeMs: 1_000,
  };
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  return toOutgoing(decoder.codec, { topic, key: sessionId, record, ...meta, traceparent, source: 'test' });
};

let log: MemoryLog;
let readings: (readonly Position[])[];
let away: boolean;
let stretch: LogGapReader;

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
  stretch = new LogGapReader(watched, decoder);
});

const append = async (...events: readonly OutgoingRecord[]): Promise<readonly Position[]> =>
  (await log.appender()).append(events);
const read = async (sessionId: string, after = 0, positions: readonly Position[] = [], tenantId = 'demo') =>
  (await stretch.read({ sessionId, tenantId, after, positions })).map(({ sequence }) => sequence);

test('the events of one session and tenant behind a sequence are returned in order', async () => {
  await append(event('a', 1), event('b', 1), event('a', 2), event('a', 3), event('a', 4, 'other'));
  expect(await read('a')).toEqual([1, 2, 3]);
  expect(await read('a', 2)).toEqual([3]);
  expect(await read('a', 0, [], 'other')).toEqual([4]);
  expect(await read('c')).toEqual([]);
});

test('the log is read from the position of the read model, and not at all when the read model is complete', async () => {
  const [first, second] = await append(event('a', 1), event('a', 2));
  const partition = first?.partition ?? 0;
  const reached = (offset: number): Position[] => [{ topic, partition, offset }];
  expect(await read('a', 1, reached(second?.offset ?? 0))).toEqual([2]);
  expect(readings).toEqual([[{ topic, partition, offset: second?.offset }]]);
  expect(await read('a', 2, reached((second?.offset ?? 0) + 1))).toEqual([]);
  expect(readings).toHaveLength(1);
});

test('requests during a pass share the next one, from the lowest offset that any of them needs', async () => {
  const [first] = await append(event('a', 1), event('b', 1), event('a', 2));
  const partition = first?.partition ?? 0;
  const one = read('a');
  const others = [read('b'), read('a', 1, [{ topic, partition, offset: (first?.offset ?? 0) + 1 }]), read('a')];
  expect(await Promise.all([one, ...others])).toEqual([[1, 2], [1], [2], [1, 2]]);
  expect(readings).toHaveLength(2);
  expect(readings[1]).toContainEqual({ topic, partition, offset: 0 });
});

test('a failed pass rejects the requests that shared it, and the next pass runs', async () => {
  await append(event('a', 1));
  away = true;
  const failed = await Promise.allSettled([read('a'), read('a')]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  away = false;
  expect(await read('a')).toEqual([1]);
});
