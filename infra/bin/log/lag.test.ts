import { beforeEach, describe, expect, it } from 'vitest';
import { outgoing } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { shownRows } from '../commands/lag.ts';
import { registered } from '../roles/names.ts';
import { groupReaders } from './readers.ts';
import { topicActivity } from './topic-activity.ts';
import { ageText, topicRows } from './topic-rows.ts';
import { type ReaderPositions, unreadOf } from './unread.ts';

let log: MemoryLog;
beforeEach(async () => {
  log = new MemoryLog();
  await log.createTopics([{ name: 'sessions.events', partitions: 2, config: {} }]);
});

const topic = 'sessions.events';
const commit = async (...texts: string[]): Promise<void> => {
  const transactor = await log.transactor('t');
  await transactor.commit({
    records: texts.map((text) => outgoing(topic, text, { partition: 1 })),
    ...{ group: 'g', offsets: [] },
  });
  await transactor.close();
};
const reader = (offset: number): ReaderPositions => ({
  ...{ name: 'audit', kind: 'processor', topics: [topic] },
  positions: [{ topic, partition: 1, offset }],
});
const lagsAt = async (offset: number): Promise<readonly number[]> =>
  (await unreadOf(log, [reader(offset)], await log.watermarks([topic]))).map(({ lag }) => lag);

describe('lag', () => {
  it('counts records, and not the markers of transactions', async () => {
    await commit('a', 'b');
    expect((await log.watermarks([topic])).find(({ partition }) => partition === 1)?.high).toBeGreaterThan(2);
    expect(await lagsAt(0)).toEqual([0, 2]);
    expect(await lagsAt(1)).toEqual([0, 1]);
    expect(await lagsAt(2)).toEqual([0, 0]);
  });

  it('is counted for each reader at its own position', async () => {
    await commit('a', 'b', 'c');
    const slow = { ...reader(1), name: 'slow' };
    const unread = await unreadOf(log, [reader(3), slow], await log.watermarks([topic]));
    expect(unread.map(({ reader: name, partition, lag }) => [name, partition, lag])).toEqual([
      ...[
        ['audit', 0, 0],
        ['audit', 1, 0],
      ],
      ...[
        ['slow', 0, 0],
        ['slow', 1, 2],
      ],
    ]);
  });

  it('is shown by partition, and as one row for a reader without any', async () => {
    await commit('a', 'b');
    const unread = await unreadOf(log, [reader(2), { ...reader(1), name: 'slow' }], await log.watermarks([topic]));
    expect(shownRows(unread, false)).toEqual([
      { kind: 'processor', reader: 'audit', lag: 0 },
      { kind: 'processor', reader: 'slow', topic, partition: 1, position: 1, end: expect.any(Number), lag: 1 },
    ]);
    expect(shownRows(unread, true)).toHaveLength(4);
  });
});

it('every topology, worker and observer of the declarations is a reader', () => {
  const names = groupReaders('chained').map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(['core', 'audit', ...Object.keys(registered.workers), ...Object.keys(registered.observers)]),
  );
  expect(names).not.toContain('policy');
  expect(groupReaders('apart').find(({ name }) => name === 'policy')).toMatchObject({ group: 'khipu.policy' });
});

describe('the activity of a topic', () => {
  it('has its newest record, and the records that arrive while it is watched', async () => {
    await commit('a');
    const watched = topicActivity(log, [topic], 400);
    setTimeout(() => void commit('b', 'c'), 50);
    const [found] = await watched;
    expect(found).toMatchObject({ topic, partitions: 2, lastMs: expect.any(Number) });
    expect(found?.records_per_second).toBeGreaterThan(1);
    expect(found?.records_per_second).toBeLessThanOrEqual(5);
  });

  it('becomes a row with its age, and the reader that is furthest behind', async () => {
    const activity = [{ topic, partitions: 2, offsets: 3, records_per_second: 0, lastMs: 1_000 }];
    const unread = [reader(0), { ...reader(0), name: 'slow' }].flatMap(({ name }, at) =>
      [0, 1].map((partition) => ({
        ...{ reader: name, kind: 'view' as const, topic, partition, offset: 0, end: 9, lag: at * 2 },
      })),
    );
    const [row] = topicRows(activity, unread, 61_000);
    expect(row).toMatchObject({ kind: 'events', age_seconds: 60, lag: 4, slowest: 'slow' });
    expect(topicRows(activity, [], 61_000)[0]).toMatchObject({ lag: null, slowest: null });
  });

  it('is empty for a topic without records', async () => {
    expect(await topicActivity(log, [topic], 0)).toMatchObject([{ offsets: 0, records_per_second: 0, lastMs: null }]);
    expect([null, 5, 61, 7_200, 200_000].map(ageText)).toEqual(['–', '5s', '1m', '2h', '2d']);
  });
});
