import { describe, expect, it } from 'vitest';
import { numbered } from '../contract/testing.ts';
import type { LogRecord } from '../log.ts';
import { bytesOf } from '../record-size.ts';
import { type KeyQueue, KeyQueues } from './key-queues.ts';

const MIB = 1024 * 1024;
let offsets = 0;

const recordOf = (key: string | null, tenant?: string, bytes = 0): LogRecord => {
  offsets += 1;
  const headers = tenant === undefined ? {} : { ce_tenantid: tenant };
  return { topic: 't', partition: 0, offset: offsets, key, value: Buffer.alloc(bytes), headers, timestampMs: 0 };
};

const queuesOf = (concurrencyMax = 100, tenantConcurrencyMax = concurrencyMax): KeyQueues =>
  new KeyQueues({ concurrencyMax, tenantConcurrencyMax });

const addAll = (queues: KeyQueues, keys: readonly string[], tenant?: string): void => {
  for (const key of keys) queues.add(recordOf(key, tenant));
};

/** Begins all that may be begun. */
function begun(queues: KeyQueues, fits: (record: LogRecord) => boolean = () => true): KeyQueue[] {
  const some: KeyQueue[] = [];
  for (let next = queues.begin(fits); next !== undefined; next = queues.begin(fits)) some.push(next);
  return some;
}
const keysOf = (some: readonly KeyQueue[]): string[] => some.map(({ key }) => key);
const one = (queues: KeyQueues): KeyQueue => {
  const queue = queues.begin(() => true);
  if (queue === undefined) throw new Error('nothing may be begun');
  return queue;
};

describe('the keys of a partition', () => {
  it('are worked on side by side, the records of one in order and one at a time', () => {
    const queues = queuesOf();
    const records = [recordOf('a'), recordOf('b'), recordOf('a')];
    for (const record of records) queues.add(record);
    const [a, b, ...more] = begun(queues);
    expect([a?.records, b?.records]).toEqual([[records[0], records[2]], [records[1]]]);
    expect(more).toEqual([]);
    queues.shift(a as KeyQueue);
    const again = one(queues);
    expect([again.key, again.records]).toEqual(['a', [records[2]]]);
  });

  it('take turns: one that has more goes to the end of the line', () => {
    const queues = queuesOf(1);
    addAll(queues, ['a', 'a', 'b', 'c']);
    const order: string[] = [];
    for (const _ of numbered(4)) {
      const queue = one(queues);
      order.push(queue.key);
      queues.shift(queue);
    }
    expect(order).toEqual(['a', 'b', 'c', 'a']);
    expect(begun(queues)).toEqual([]);
  });

  it('are no more at work at once than may be, and the next begins when one ends', () => {
    const queues = queuesOf(2);
    addAll(queues, ['a', 'b', 'c']);
    const [a] = begun(queues);
    expect(queues.busy).toBe(2);
    queues.shift(a as KeyQueue);
    expect(queues.busy).toBe(1);
    expect(keysOf(begun(queues))).toEqual(['c']);
  });

  it('that wait for a record that does not fit are passed over, and keep their place in the line', () => {
    const queues = queuesOf();
    addAll(queues, ['a', 'b', 'c'], 'first');
    addAll(queues, ['d'], 'second');
    expect(keysOf(begun(queues, ({ key }) => key === 'b'))).toEqual(['b']);
    expect(keysOf(begun(queues, ({ key }) => key === 'd'))).toEqual(['d']);
    expect(keysOf(begun(queues))).toEqual(['a', 'c']);
  });

  it('are forgotten when their last record is done, and begin anew with the next', () => {
    const queues = queuesOf();
    const first = queues.add(recordOf('a'));
    queues.shift(one(queues));
    const second = queues.add(recordOf('a'));
    expect(second).not.toBe(first);
    expect(begun(queues)).toEqual([second]);
  });

  it('leave their place to others when their task ends, and are nobody’s any more', () => {
    const queues = queuesOf(1);
    addAll(queues, ['a', 'a', 'b']);
    queues.abort(one(queues));
    expect(queues.busy).toBe(0);
    expect(keysOf(begun(queues))).toEqual(['b']);
  });

  it('that have no name are one key', () => {
    const queues = queuesOf();
    queues.add(recordOf(null));
    queues.add(recordOf(null));
    const [only, ...more] = begun(queues);
    expect([only?.records.length, more]).toEqual([2, []]);
  });

  it('forget a cancel when its turn has come, and none that waits', () => {
    const queues = queuesOf();
    const [before, cancel, after] = [recordOf('a'), recordOf('a'), recordOf('a')];
    const queue = queues.add(before);
    for (const record of [cancel, after]) {
      queues.add(record);
      queue.cancels.push({ offset: record.offset, record: { type: 'EmbedText', data: {} } as never });
    }
    const waiting = (): number[] => queue.cancels.map(({ offset }) => offset);
    queues.shift(one(queues));
    expect(waiting()).toEqual([cancel.offset, after.offset]);
    queues.shift(one(queues));
    expect(waiting()).toEqual([after.offset]);
    queues.shift(one(queues));
    expect(waiting()).toEqual([]);
  });
});

describe('the tenants of a partition', () => {
  const many = (tenant: string, count: number): string[] => numbered(count).map((key) => `${tenant}${key}`);
  const tenantsOf = (some: readonly KeyQueue[]): string => keysOf(some).join('').replaceAll(/\d/g, '');

  it('take turns, however many keys each has', () => {
    const queues = queuesOf(8);
    addAll(queues, many('a', 20), 'a');
    addAll(queues, many('b', 2), 'b');
    addAll(queues, many('c', 20), 'c');
    expect(tenantsOf(begun(queues))).toBe('abcabcac');
  });

  it('have no more keys at work than one may, while places are left for others', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, many('a', 20), 'a');
    const working = begun(queues);
    expect(tenantsOf(working)).toBe('aa');
    addAll(queues, many('b', 1), 'b');
    expect(tenantsOf(begun(queues))).toBe('b');
    queues.shift(working[0] as KeyQueue);
    expect(tenantsOf(begun(queues))).toBe('a');
  });

  it('have one bound together where records tell none', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, many('x', 9));
    expect(begun(queues)).toHaveLength(2);
  });

  it('keep that bound when one of their keys is done, another is at work and none waits', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, ['a', 'b'], 'x');
    const [a] = begun(queues);
    queues.shift(a as KeyQueue);
    addAll(queues, ['c', 'd'], 'x');
    expect(keysOf(begun(queues))).toEqual(['c']);
  });

  it('that come back go behind those that waited meanwhile', () => {
    const queues = queuesOf(1);
    addAll(queues, ['first'], 'a');
    const first = one(queues);
    addAll(queues, ['waiting'], 'b');
    queues.shift(first);
    addAll(queues, ['again'], 'a');
    expect(keysOf(begun(queues))).toEqual(['waiting']);
  });

  it('keep one bound through the records of their keys, done or left by a task that ended', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, ['a', 'a', 'b', 'c', 'd'], 'x');
    const [a, b] = begun(queues);
    queues.shift(a as KeyQueue);
    queues.abort(b as KeyQueue);
    expect(keysOf(begun(queues))).toEqual(['c', 'd']);
  });

  it('are told apart by the record that is worked on: a key may change hands', () => {
    const queues = queuesOf(6, 1);
    queues.add(recordOf('shared', 'a'));
    queues.add(recordOf('shared', 'b'));
    addAll(queues, ['other'], 'a');
    queues.shift(one(queues));
    expect(keysOf(begun(queues)).sort()).toEqual(['other', 'shared']);
  });
});

describe('a partition', () => {
  const fill = (queues: KeyQueues, from: number, to: number): void =>
    addAll(
      queues,
      numbered(to - from).map((key) => `key ${from + Number(key)}`),
    );
  const work = (queues: KeyQueues, count: number): void => {
    for (const _ of numbered(count)) queues.shift(one(queues));
  };

  it('is full with a thousand records of many keys, and has room again when less than half of them wait', () => {
    const queues = queuesOf();
    fill(queues, 0, 999);
    expect([queues.isFull, queues.hasRoom]).toEqual([false, false]);
    fill(queues, 999, 1_000);
    expect(queues.isFull).toBe(true);
    work(queues, 500);
    expect([queues.isFull, queues.hasRoom]).toEqual([false, false]);
    work(queues, 1);
    expect(queues.hasRoom).toBe(true);
  });

  it('counts a key with very much work for sixteen records, from its first to its last', () => {
    const queues = queuesOf();
    addAll(
      queues,
      numbered(100).map(() => 'hot'),
    );
    fill(queues, 0, 1_000 - 17);
    expect(queues.isFull).toBe(false);
    fill(queues, 1_000, 1_001);
    expect(queues.isFull).toBe(true);
    const hot = one(queues);
    while (hot.records.length > 16) {
      queues.shift(hot);
      begun(queues, ({ key }) => key === 'hot');
    }
    expect(queues.isFull).toBe(true);
    queues.shift(hot);
    expect(queues.isFull).toBe(false);
  });

  it('is full with 32 MiB, keys and headers among them, and has room again below half of that', () => {
    const queues = queuesOf();
    const addMiB = (key: string): void => {
      const bytes = MIB - bytesOf(recordOf(key, 't'));
      queues.add(recordOf(key, 't', bytes));
    };
    for (const key of numbered(31)) addMiB(key);
    expect([queues.isFull, queues.hasRoom]).toEqual([false, false]);
    addMiB('last');
    expect(queues.isFull).toBe(true);
    work(queues, 16);
    expect([queues.isFull, queues.hasRoom]).toEqual([false, false]);
    work(queues, 1);
    expect(queues.hasRoom).toBe(true);
  });
});
