import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MemoryLog } from '../../kafka/memory/log.ts';
import { deadLetterHeaders } from '../../runner/dead-letters/write.ts';
import { logWith, MemoryStore, say, TextDecoder, viewDependencies } from '../testing/memory-views.ts';
import type { StoreViews } from './bound-view.ts';
import { groupOf, runViews, type ViewsRunner } from './run-views.ts';
import type { ViewDependencies } from './view-dependencies.ts';

const runners: ViewsRunner[] = [];
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.close()));
});

const run = (log: MemoryLog, stores: readonly StoreViews[], more: Partial<ViewDependencies> = {}): ViewsRunner => {
  const runner = runViews(stores, viewDependencies(log, more));
  runners.push(runner);
  return runner;
};
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 5 });
const ready = (runner: ViewsRunner) =>
  eventually(async () => {
    for (const view of runner.views) expect(await view.health()).toMatchObject({ ok: true });
  });
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => String(from + n));

describe('the views of a process', () => {
  it('join one group, decode each record once, and are written in one transaction', async () => {
    const log = await logWith('a', 'b');
    const store = new MemoryStore({ both: ['a', 'b'], one: ['a'], other: ['a'] });
    const decoder = new TextDecoder();
    const join = vi.spyOn(log, 'join');
    await ready(run(log, [store], { decoder }));
    await say(log, 'a', '1', '2');
    await eventually(() => expect(store.rows('other')).toEqual(['1', '2']));
    expect(join.mock.calls.map(([{ group, topics }]) => [group, topics])).toEqual([
      ['khipu.projection.both+one+other', ['a', 'b']],
    ]);
    expect(store.transactions).toEqual([['both', 'one', 'other']]);
    expect(decoder.decoded).toBe(2);
    await say(log, 'b', '3');
    await eventually(() => expect(store.rows('both')).toEqual(['1', '2', '3']));
    expect(store.transactions).toEqual([['both', 'one', 'other'], ['both']]);
  });

  it('have a group of their own per set, in any order of the names', () => {
    expect(groupOf(['b', 'a'])).toBe(groupOf(['a', 'b']));
    expect(groupOf(['a'])).not.toBe(groupOf(['a', 'b']));
  });

  it('report the position of each view, by topic and partition', async () => {
    const log = await logWith('a', 'b');
    const store = new MemoryStore({ one: ['a'], other: ['b'] });
    const runner = run(log, [store]);
    await ready(runner);
    await say(log, 'a', '1');
    await eventually(() =>
      expect(runner.views.map((view) => view.positions())).toEqual([
        [{ topic: 'a', partition: 0, offset: 1 }],
        [{ topic: 'b', partition: 0, offset: 0 }],
      ]),
    );
  });

  it('with different positions: each passes over the records it has', async () => {
    const log = await logWith('a');
    const store = new MemoryStore({ one: ['a'], other: ['a'] });
    await say(log, 'a', ...numbers(0, 10));
    const advances = [{ topic: 'a', partition: 0, expected: 0, next: 7 }];
    await store.commit([{ view: 'other', items: [], advances }]);
    run(log, [store]);
    await eventually(() => expect(store.rows('one')).toEqual(numbers(0, 10)));
    await eventually(() => expect(store.rows('other')).toEqual(numbers(7, 10)));
  });

  it('of two processes share partitions, of topics with four of them and with one', async () => {
    const log = await logWith(['four', 4], 'single');
    const store = new MemoryStore({ one: ['four'], both: ['four', 'single'] });
    const [first, second] = [run(log, [store]), run(log, [store])];
    await Promise.all([ready(first), ready(second)]);
    for (const text of numbers(0, 20)) await say(log, 'four', text);
    for (const text of numbers(20, 30)) await say(log, 'single', text);
    const sorted = (rows: readonly string[]) => rows.map(Number).toSorted((a, b) => a - b);
    await eventually(() => expect(sorted(store.rows('both'))).toEqual(numbers(0, 30).map(Number)));
    await eventually(() => expect(sorted(store.rows('one'))).toEqual(numbers(0, 20).map(Number)));
    const held = [first, second].map(({ views: [, view] }) => view?.positions().length ?? 0);
    expect(held.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(Math.min(...held)).toBeGreaterThan(0);
  });

  describe('of two overlapping sets', () => {
    /** Runs a set of two views beside a set of the first alone, and resolves with the rows of the first. */
    async function overlapping(unchecked: string): Promise<readonly string[]> {
      const log = await logWith('a');
      const store = new MemoryStore({ one: ['a'], other: ['a'] });
      store.unchecked = unchecked;
      const alone = {
        ...{ store: 'memory', views: store.views.slice(0, 1) },
        commit: (...args: Parameters<MemoryStore['commit']>) => store.commit(...args),
      };
      const both = [run(log, [store]), run(log, [alone])];
      await Promise.all(both.map(ready));
      for (const text of numbers(0, 50)) await say(log, 'a', text);
      const end = { topic: 'a', partition: 0, offset: 50 };
      await eventually(() => {
        for (const runner of both) for (const view of runner.views) expect(view.positions()).toEqual([end]);
      });
      return store.rows('one');
    }

    it('count each record once', async () => {
      expect(await overlapping('')).toEqual(numbers(0, 50));
    });

    it('count records twice when the position of a view is not checked, which this test would notice', async () => {
      expect(await overlapping('one')).toHaveLength(100);
    });
  });
});

describe('a view of several', () => {
  it('that cannot hold a row: its record is dead-lettered for it alone', async () => {
    const log = await logWith('a');
    const store = new MemoryStore({ one: ['a'], other: ['a'] });
    store.refused = { view: 'other', row: '3' };
    await ready(run(log, [store]));
    await say(log, 'a', ...numbers(0, 6));
    await eventually(() => expect(store.rows('other')).toEqual(['0', '1', '2', '4', '5']));
    expect(store.rows('one')).toEqual(numbers(0, 6));
    const letters = log.fetch('a.dlq', 0, 0).records;
    expect(letters.map(({ headers }) => headers[deadLetterHeaders.processor])).toEqual(['projection.other']);
  });

  it('that cannot be written does not hold up the others, and is written with them again later', async () => {
    const log = await logWith('a');
    const store = new MemoryStore({ one: ['a'], other: ['a'] });
    const runner = run(log, [store]);
    await ready(runner);
    store.broken.add('other');
    await say(log, 'a', '1');
    await eventually(() => expect(store.rows('one')).toEqual(['1']));
    await say(log, 'a', '2');
    await eventually(() => expect(store.rows('one')).toEqual(['1', '2']));
    await eventually(async () => expect(await runner.views[1]?.health()).toMatchObject({ ok: false }));
    expect(await runner.views[0]?.health()).toEqual({ ok: true, detail: 'reading' });
    store.broken.clear();
    await eventually(() => expect(store.rows('other')).toEqual(['1', '2']));
    await eventually(async () => {
      await say(log, 'a', 'x');
      expect(store.transactions.at(-1)).toEqual(['one', 'other']);
    });
    await eventually(() => expect(store.rows('other')).toEqual(store.rows('one')));
  });

  it('that is far behind catches up alone, while the others go on', async () => {
    const log = await logWith('a');
    const store = new MemoryStore({ one: ['a'], late: ['a'] });
    await say(log, 'a', ...numbers(0, 12_000));
    const advances = [{ topic: 'a', partition: 0, expected: 0, next: 12_000 }];
    await store.commit([{ view: 'one', items: [], advances }]);
    store.broken.add('late');
    const runner = run(log, [store], { batchRecordsMax: 500 });
    await eventually(async () => expect(await runner.views[0]?.health()).toMatchObject({ ok: true }));
    await say(log, 'a', 'new');
    await eventually(() => expect(store.rows('one')).toEqual(['new']));
    expect(store.rows('late')).toEqual([]);
    store.broken.clear();
    await eventually(() => expect(store.rows('late')).toEqual([...numbers(0, 12_000), 'new']));
    await eventually(async () => {
      await say(log, 'a', 'x');
      expect(store.transactions.at(-1)?.toSorted()).toEqual(['late', 'one']);
    });
  });

  it('whose positions are beyond the log does not stop the others, and reports it', async () => {
    const log = await logWith('a');
    const store = new MemoryStore({ one: ['a'], other: ['a'] });
    const advances = [{ topic: 'a', partition: 0, expected: 0, next: 50 }];
    await store.commit([{ view: 'other', items: [], advances }]);
    const runner = run(log, [store]);
    await say(log, 'a', '1', '2');
    await eventually(() => expect(store.rows('one')).toEqual(['1', '2']));
    await eventually(async () =>
      expect(await runner.views[1]?.health()).toMatchObject({ detail: expect.stringContaining('LOG_BEHIND') }),
    );
    expect(await runner.views[0]?.health()).toMatchObject({ ok: true });
    store.lose('other');
    await eventually(() => expect(store.rows('other')).toEqual(['1', '2']));
  });

  it('whose read model is lost is made again, without new records, and the others are not', async () => {
    const log = await logWith('a');
    const store = new MemoryStore({ one: ['a'], other: ['a'] });
    await ready(run(log, [store]));
    await say(log, 'a', ...numbers(0, 5));
    await eventually(() => expect(store.rows('other')).toHaveLength(5));
    store.lose('other');
    await eventually(() => expect(store.rows('other')).toEqual(numbers(0, 5)));
    expect(store.rows('one')).toEqual(numbers(0, 5));
  });
});

describe('a store that is unavailable', () => {
  it('does not stop the views of another store, and its own views lose nothing', async () => {
    const log = await logWith('a');
    const [up, down] = [new MemoryStore({ one: ['a'] }), new MemoryStore({ cache: ['a'] })];
    await ready(run(log, [up, down], { batchRecordsMax: 10 }));
    down.isDown = true;
    for (const text of numbers(0, 100)) await say(log, 'a', text);
    await eventually(() => expect(up.rows('one')).toEqual(numbers(0, 100)));
    expect(down.rows('cache')).toEqual([]);
    down.isDown = false;
    await eventually(() => expect(down.rows('cache')).toEqual(numbers(0, 100)));
  });

  it('is continued from memory, by each view from its own position', async () => {
    const log = await logWith('a');
    const [up, down] = [new MemoryStore({ one: ['a'] }), new MemoryStore({ cache: ['a'], ahead: ['a'] })];
    const readTo = vi.spyOn(log, 'readTo');
    const runner = run(log, [up, down], { batchRecordsMax: 5 });
    await ready(runner);
    down.isDown = true;
    for (const text of numbers(0, 9)) await say(log, 'a', text);
    await eventually(() => expect(up.rows('one')).toHaveLength(9));
    await eventually(async () => expect(await runner.views[1]?.health()).toMatchObject({ ok: false }));
    down.isDown = false;
    await down.commit([{ view: 'ahead', items: [], advances: [{ topic: 'a', partition: 0, expected: 0, next: 7 }] }]);
    await eventually(() => expect(down.rows('cache')).toEqual(numbers(0, 9)));
    await eventually(() => expect(down.rows('ahead')).toEqual(numbers(7, 9)));
    expect(readTo).not.toHaveBeenCalled();
  });

  it('at the start neither stops the others', async () => {
    const log = await logWith('a', 'b');
    const [up, down] = [new MemoryStore({ one: ['a'] }), new MemoryStore({ cache: ['a', 'b'] })];
    down.isDown = true;
    await say(log, 'a', '1');
    await say(log, 'b', '2');
    const runner = run(log, [up, down]);
    await eventually(() => expect(up.rows('one')).toEqual(['1']));
    expect(await runner.views[1]?.health()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    down.isDown = false;
    await eventually(() => expect(down.rows('cache').toSorted()).toEqual(['1', '2']));
  });
});

describe('a topic that only views of the batch lane read', () => {
  it('waits for other records, a quarter of a second at most', async () => {
    const log = await logWith('a', 'audit');
    const store = new MemoryStore({ one: ['a'], audit: ['audit'] }, { audit: 'batch' });
    await ready(run(log, [store]));
    await say(log, 'audit', '1');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await say(log, 'a', '2');
    await eventually(() => expect(store.rows('one')).toEqual(['2']));
    expect(store.transactions).toEqual([['one', 'audit']]);
    await say(log, 'audit', '3');
    await eventually(() => expect(store.rows('audit')).toEqual(['1', '3']));
  });
});
