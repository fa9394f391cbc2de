import { describe, expect, it } from 'vitest';
import { numbered } from '../../kafka/contract/testing.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { bytesOf } from '../../kafka/record-size.ts';
import { type KeyQueue, KeyQueues } from './key-queues.ts';

const MIB = 1024 * 1024;
let offsets = 0;

const recordOf = (key: string | null, tenant?: string, bytes = 0): LogRecord => {
  offsets += 1;
  const headers = tenant === undefined ? {} : { ce_tenantid: tenant };
  return { topic: 't', partition: 0, offset: offsets, key, value: Buffer.alloc(bytes), headers, timestampMs: 0 };
};

const queuesOf = (concurrencyMax = 100, tenantConcurrencyMax = concurrencyMax): KeyQueues =>
  new KeyQueues({
    ...{ concurrencyMax, tenantConcurrencyMax, weightOf: () => 1 },
    isExempt: ({ key }) => key?.startsWith('exempt') === true,
  });

const addAll = (queues: KeyQueues, keys: readonly string[], tenant?: string): void => {
  for (const key of keys) queues.add(recordOf(key, tenant));
};

/** Begins all keys that may begin. */
function begun(queues: KeyQueues, fits: (record: LogRecord) => boolean = () => true): KeyQueue[] {
  const some: KeyQueue[] = [];
  for (let next = queues.begin(fits); next !== undefined; next = queues.begin(fits)) some.push(next);
  return some;
}
const keysOf = (some: readonly KeyQueue[]): (string | null)[] => some.map(({ key }) => key);
const one = (queues: KeyQueues): KeyQueue => {
  const queue = queues.begin(() => true);
  if (queue === undefined) throw new Error('nothing may be begun');
  return queue;
};

describe('the keys of a partition', () => {
  it('are processed concurrently, the records of one key in order and one at a time', () => {
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

  it('whose record is exempt begin beside the limit, before the others, one record at a time', () => {
    const queues = queuesOf(1, 1);
    addAll(queues, ['a', 'b', 'exempt', 'exempt', 'exempt too'], 't');
    const some = begun(queues);
    expect(keysOf(some)).toEqual(['exempt', 'exempt too', 'a']);
    expect(queues.busy).toBe(3);
    queues.shift(some[0] as KeyQueue);
    expect(keysOf(begun(queues))).toEqual(['exempt']);
    queues.abort(some[1] as KeyQueue);
    queues.shift(some[0] as KeyQueue);
    expect([queues.busy, begun(queues)]).toEqual([1, []]);
    queues.shift(some[2] as KeyQueue);
    expect(keysOf(begun(queues))).toEqual(['b']);
  });

  it('whose record is exempt wait for room in the window', () => {
    const queues = queuesOf(1);
    addAll(queues, ['exempt', 'exempt too']);
    expect(keysOf(begun(queues, ({ key }) => key !== 'exempt'))).toEqual(['exempt too']);
    expect(keysOf(begun(queues))).toEqual(['exempt']);
  });

  it('take turns: a key with more records goes to the end', () => {
    const queues = queuesOf(1);
    addAll(queues, ['a', 'a', 'b', 'c']);
    const order: (string | null)[] = [];
    for (const _ of numbered(4)) {
      const queue = one(queues);
      order.push(queue.key);
      queues.shift(queue);
    }
    expect(order).toEqual(['a', 'b', 'c', 'a']);
    expect(begun(queues)).toEqual([]);
  });

  it('are at work up to the bound, and the next begins when one ends', () => {
    const queues = queuesOf(2);
    addAll(queues, ['a', 'b', 'c']);
    const [a] = begun(queues);
    expect(queues.busy).toBe(2);
    queues.shift(a as KeyQueue);
    expect(queues.busy).toBe(1);
    expect(keysOf(begun(queues))).toEqual(['c']);
  });

  it('whose record does not fit are skipped, and keep their turn', () => {
    const queues = queuesOf();
    addAll(queues, ['a', 'b', 'c'], 'first');
    addAll(queues, ['d'], 'second');
    expect(keysOf(begun(queues, ({ key }) => key === 'b'))).toEqual(['b']);
    expect(keysOf(begun(queues, ({ key }) => key === 'd'))).toEqual(['d']);
    expect(keysOf(begun(queues))).toEqual(['a', 'c']);
  });

  it('are removed when their last record is done, and added again with the next', () => {
    const queues = queuesOf();
    const first = queues.add(recordOf('a'));
    queues.shift(one(queues));
    const second = queues.add(recordOf('a'));
    expect(second).not.toBe(first);
    expect(begun(queues)).toEqual([second]);
  });

  it('make room for others when their task ends, and do not return', () => {
    const queues = queuesOf(1);
    addAll(queues, ['a', 'a', 'b']);
    queues.abort(one(queues));
    expect(queues.busy).toBe(0);
    expect(keysOf(begun(queues))).toEqual(['b']);
  });

  it('do not end twice: a release after the last record changes nothing', () => {
    const queues = queuesOf(1);
    addAll(queues, ['a', 'b']);
    const a = one(queues);
    queues.shift(a);
    queues.abort(a);
    expect([queues.busy, keysOf(begun(queues))]).toEqual([0, ['b']]);
  });

  it('without a name are one key', () => {
    const queues = queuesOf();
    queues.add(recordOf(null));
    queues.add(recordOf(null));
    const [only, ...more] = begun(queues);
    expect([only?.records.length, more]).toEqual([2, []]);
  });

  it('remove a cancel in its turn, not before', () => {
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

  it('have keys at work up to the bound per tenant, while others may begin', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, many('a', 20), 'a');
    const working = begun(queues);
    expect(tenantsOf(working)).toBe('aa');
    addAll(queues, many('b', 1), 'b');
    expect(tenantsOf(begun(queues))).toBe('b');
    queues.shift(working[0] as KeyQueue);
    expect(tenantsOf(begun(queues))).toBe('a');
  });

  it('share one bound when records name no tenant', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, many('x', 9));
    expect(begun(queues)).toHaveLength(2);
  });

  it('keep the bound when one of their keys is done, another is at work and none waits', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, ['a', 'b'], 'x');
    const [a] = begun(queues);
    queues.shift(a as KeyQueue);
    addAll(queues, ['c', 'd'], 'x');
    expect(keysOf(begun(queues))).toEqual(['c']);
  });

  it('that return go behind tenants that are waiting', () => {
    const queues = queuesOf(1);
    addAll(queues, ['first'], 'a');
    const first = one(queues);
    addAll(queues, ['waiting'], 'b');
    queues.shift(first);
    addAll(queues, ['again'], 'a');
    expect(keysOf(begun(queues))).toEqual(['waiting']);
  });

  it('keep one bound through the records of their keys, finished or released by an ended task', () => {
    const queues = queuesOf(6, 2);
    addAll(queues, ['a', 'a', 'b', 'c', 'd'], 'x');
    const [a, b] = begun(queues);
    queues.shift(a as KeyQueue);
    queues.abort(b as KeyQueue);
    expect(keysOf(begun(queues))).toEqual(['c', 'd']);
  });

  it('are distinguished by the current record: a key may change its tenant', () => {
    const queues = queuesOf(6, 1);
    queues.add(recordOf('shared', 'a'));
    queues.add(recordOf('shared', 'b'));
    addAll(queues, ['other'], 'a');
    queues.shift(one(queues));
    expect(keysOf(begun(queues)).sort()).toEqual(['other', 'shared']);
  });
});

describe('the lanes of a partition', () => {
  const inLane = (lane: string, key: string, tenant = 'a'): LogRecord => {
    const record = recordOf(key, tenant);
    return { ...record, headers: { ...record.headers, khipu_lane: lane } };
  };
  const fill = (queues: KeyQueues, lane: string, count: number, tenant?: string): void => {
    for (const n of numbered(count)) queues.add(inLane(lane, `${lane} ${tenant ?? ''}${n}`, tenant));
  };
  const lanesOf = (some: readonly KeyQueue[]): string =>
    keysOf(some)
      .map((key) => key?.[0])
      .join('');

  it('have shares of the beginnings, and none waits without end', () => {
    const queues = queuesOf(1);
    fill(queues, 'batch', 30);
    fill(queues, 'standard', 30);
    fill(queues, 'interactive', 30);
    let order = '';
    for (const _ of numbered(26)) {
      const queue = one(queues);
      order += lanesOf([queue]);
      queues.shift(queue);
    }
    for (const [lane, share] of [
      ['i', 16],
      ['s', 8],
      ['b', 2],
    ] as const) {
      expect([lane, order.split(lane).length - 1]).toEqual([lane, share]);
    }
    expect(order.startsWith('i')).toBe(true);
  });

  it('with nothing in the others have all beginnings, and an urgent record is next', () => {
    const queues = queuesOf(1);
    fill(queues, 'batch', 10);
    const order: (string | null)[] = [];
    for (const n of numbered(6)) {
      if (n === '3') queues.add(inLane('interactive', 'urgent'));
      const queue = one(queues);
      order.push(queue.key);
      queues.shift(queue);
    }
    expect(order).toEqual(['batch 0', 'batch 1', 'batch 2', 'urgent', 'batch 3', 'batch 4']);
  });

  it('leave a quarter of the places to others than batch work', () => {
    const queues = queuesOf(8);
    fill(queues, 'batch', 20);
    const working = begun(queues);
    expect(working).toHaveLength(6);
    fill(queues, 'interactive', 5);
    expect(lanesOf(begun(queues))).toBe('ii');
    queues.shift(working[0] as KeyQueue);
    expect(lanesOf(begun(queues))).toBe('i');
    expect(lanesOf(begun(queuesOf(1)))).toBe('');
  });

  it('leave a quarter of the places of a tenant to its more urgent work', () => {
    const queues = queuesOf(64, 48);
    fill(queues, 'batch', 100, 'x');
    const working = begun(queues);
    expect(working).toHaveLength(36);
    fill(queues, 'interactive', 20, 'x');
    expect(lanesOf(begun(queues))).toBe('i'.repeat(12));
    fill(queues, 'batch', 100, 'y');
    expect(begun(queues)).toHaveLength(12);
    queues.shift(working[0] as KeyQueue);
    expect(keysOf(begun(queues))).toEqual(['interactive x12', 'batch y12']);
  });

  it('have turns of tenants of their own, and their bound of a tenant counts all lanes', () => {
    const queues = queuesOf(10, 3);
    fill(queues, 'standard', 5, 'x');
    fill(queues, 'interactive', 2, 'y');
    fill(queues, 'batch', 5, 'x');
    expect(keysOf(begun(queues)).filter((key) => key?.includes(' x'))).toHaveLength(3);
  });

  it('that this version does not know are standard, like those without a name', () => {
    const queues = queuesOf(1);
    queues.add(inLane('toString', 'unknown'));
    queues.add(recordOf('none', 'a'));
    queues.add(inLane('interactive', 'urgent'));
    expect(keysOf(begun(queues))).toEqual(['urgent']);
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

  it('is full with a thousand records of many keys, and has room again below half of that', () => {
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

  it('counts a key with very many records as sixteen, from its first to its last', () => {
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

  it('counts a tenant with very many records as four hundred, so that those of others are read as well', () => {
    const queues = queuesOf(2, 1);
    addAll(queues, numbered(5_000), 'greedy');
    expect(queues.isFull).toBe(false);
    addAll(queues, ['modest'], 'modest');
    expect(keysOf(begun(queues)).sort()).toEqual(['0', 'modest']);
    for (const tenant of ['b', 'c'])
      addAll(
        queues,
        numbered(300).map((key) => `${tenant}${key}`),
        tenant,
      );
    expect(queues.isFull).toBe(true);
  });

  it('is full with 32 MiB, including keys and headers, and has room again below half of that', () => {
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
