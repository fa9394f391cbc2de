import { describe, expect, it } from 'vitest';
import type { Position } from '../port.ts';
import { RECORD_BYTES_MAX } from '../record-size.ts';
import { eventuallyRead, type MakeLog, numbered, openBench, outgoing, readWhole, textsOf } from './testing.ts';

/** Declares the contract tests of `Log.appender`. */
export function describeAppends(makeLog: MakeLog): void {
  describe('appends', () => {
    const { log, topic } = openBench(makeLog);

    it('returns the position of each record of one append, over several topics and partitions', async () => {
      const [a, b] = [await topic(2), await topic(1)];
      const appender = await log().appender();
      const records = [
        outgoing(a, 'a0', { partition: 0 }),
        outgoing(b, 'b0'),
        outgoing(a, 'a1', { partition: 1 }),
        outgoing(a, 'a2', { partition: 0 }),
        outgoing(b, 'b1'),
      ];
      const positions = await appender.append(records);
      await appender.close();
      expect(positions).toEqual([
        { topic: a, partition: 0, offset: 0 },
        { topic: b, partition: 0, offset: 0 },
        { topic: a, partition: 1, offset: 0 },
        { topic: a, partition: 0, offset: 1 },
        { topic: b, partition: 0, offset: 1 },
      ]);
      expect(textsOf(await readWhole(log(), a))).toEqual(['a0', 'a2', 'a1']);
      expect(textsOf(await readWhole(log(), b))).toEqual(['b0', 'b1']);
    });

    it('keeps the order of 2,000 records in one append and returns the position of each', async () => {
      const name = await topic(3);
      const appender = await log().appender();
      const texts = numbered(2_000);
      const positions = await appender.append(
        texts.map((text) => outgoing(name, text, { partition: null, key: text })),
      );
      await appender.close();
      const read = await readWhole(log(), name);
      expect(read).toHaveLength(2_000);
      const textAt = new Map(read.map((record) => [`${record.partition} ${record.offset}`, String(record.value)]));
      expect(positions.map(({ partition, offset }) => textAt.get(`${partition} ${offset}`))).toEqual(texts);
      for (const partition of [0, 1, 2]) {
        const order = read.filter((record) => record.partition === partition).map(({ value }) => Number(String(value)));
        expect(order).toEqual([...order].sort((x, y) => x - y));
      }
    });

    it('keeps concurrent appends in the order of the calls', async () => {
      const name = await topic();
      const appender = await log().appender();
      const positions = await Promise.all(numbered(300).map((text) => appender.append([outgoing(name, text)])));
      await appender.close();
      expect(positions.map(([position]) => position?.offset)).toEqual(numbered(300).map(Number));
      expect(textsOf(await readWhole(log(), name))).toEqual(numbered(300));
    });

    it('accepts more bytes in one append than one request may hold', async () => {
      const name = await topic();
      const appender = await log().appender();
      const value = Buffer.alloc(8_000, 'x');
      const positions = await appender.append(numbered(400).map((key) => outgoing(name, '', { key, value })));
      await appender.close();
      expect(positions.map(({ offset }) => offset)).toEqual(numbered(400).map(Number));
      expect((await readWhole(log(), name)).map(({ key }) => key)).toEqual(numbered(400));
    });

    it('rejects only the record that is too large', async () => {
      const name = await topic();
      const appender = await log().appender();
      const value = Buffer.alloc(RECORD_BYTES_MAX);
      const [large, small] = await Promise.allSettled([
        appender.append([outgoing(name, '', { value })]),
        appender.append([outgoing(name, 'small')]),
      ]);
      const nearly = await appender.append([outgoing(name, '', { value: value.subarray(100) })]);
      await appender.close();
      expect(large).toMatchObject({ status: 'rejected', reason: { code: 'RECORD_TOO_LARGE' } });
      expect(small).toMatchObject({ status: 'fulfilled', value: [{ offset: 0 }] });
      expect(nearly).toMatchObject([{ offset: 1 }]);
    });

    it('resolves an empty append with no positions', async () => {
      const appender = await log().appender();
      expect(await appender.append([])).toEqual([]);
      await appender.close();
    });

    it('keeps the time that a record brings, older or newer than its neighbours, and else takes its own', async () => {
      const name = await topic(1);
      const appender = await log().appender();
      const times = [1_700_000_000_000, 1_600_000_000_000, 1_700_000_000_001, undefined];
      const beganMs = Date.now();
      await appender.append(
        times.map((timestampMs) => ({ ...outgoing(name, 'timed'), ...(timestampMs !== undefined && { timestampMs }) })),
      );
      const found = (await eventuallyRead(log(), name, 4)).map(({ timestampMs }) => timestampMs);
      expect(found.slice(0, 3)).toEqual(times.slice(0, 3));
      expect(found[3]).toBeGreaterThanOrEqual(beganMs - 1_000);
      await appender.close();
    });

    it('spreads the places of a tenant evenly, from the partition of its own key on', async () => {
      const name = await topic(4);
      const placed = numbered(16).map((k) => outgoing(name, 'placed', { partition: null, placedBy: `demo/${k}` }));
      const appender = await log().appender();
      const [tenant] = await appender.append([outgoing(name, 'keyed', { partition: null, key: 'demo' })]);
      const homes = (await appender.append(placed)).map(({ partition }) => partition);
      expect(homes).toEqual(numbered(16).map((k) => ((tenant?.partition ?? 0) + Number(k)) % 4));
      await appender.close();
    });

    it('uses any other placedBy for the choice of the partition as it uses a key', async () => {
      const name = await topic(4);
      const places = numbered(20);
      const keyed = places.map((place) => outgoing(name, 'keyed', { partition: null, key: place }));
      const placed = places.map((place) => outgoing(name, 'placed', { partition: null, key: 'k', placedBy: place }));
      const appender = await log().appender();
      const home = ({ partition }: Position): number => partition;
      const expected = (await appender.append(keyed)).map(home);
      expect((await appender.append(placed)).map(home)).toEqual(expected);
      expect(new Set(expected).size).toBeGreaterThan(1);
      await appender.close();
    });

    it('sends one key to one partition, from every appender and transaction', async () => {
      const name = await topic(4);
      const records = numbered(20).map((key) => outgoing(name, '', { partition: null, key }));
      const [first, second] = [await log().appender(), await log().appender()];
      const transactor = await log().transactor(`contract.${name}`);
      await first.append(records);
      await second.append(records);
      await transactor.commit({ records, group: `g.${name}`, offsets: [] });
      await Promise.all([first.close(), second.close(), transactor.close()]);
      const read = await eventuallyRead(log(), name, 60);
      const homes = new Map<string, number[]>();
      for (const { key, partition } of read) homes.set(key ?? '', [...(homes.get(key ?? '') ?? []), partition]);
      expect(homes.size).toBe(20);
      for (const partitions of homes.values()) expect(partitions).toEqual(Array(3).fill(partitions[0]));
      expect(new Set([...homes.values()].flat()).size).toBeGreaterThan(1);
    });

    it('returns headers, key, value, tombstone and the chosen partition unchanged', async () => {
      const name = await topic(3);
      const appender = await log().appender();
      const before = Date.now();
      const bytes = Buffer.from([0, 255, 128, 10]);
      await appender.append([
        { topic: name, partition: 2, key: 'clé', value: bytes, headers: { a: '1', unicode: 'qillqa ✓', empty: '' } },
        { topic: name, partition: 2, key: 'clé', value: null, headers: {} },
        { topic: name, partition: 2, key: null, value: Buffer.alloc(0), headers: {} },
      ]);
      await appender.close();
      const [whole, tombstone, keyless] = await readWhole(log(), name);
      expect(whole).toMatchObject({ partition: 2, offset: 0, key: 'clé' });
      expect(whole?.headers).toEqual({ a: '1', unicode: 'qillqa ✓', empty: '' });
      expect(whole?.value).toEqual(bytes);
      expect(Math.abs((whole?.timestampMs ?? 0) - before)).toBeLessThan(60_000);
      expect(tombstone).toMatchObject({ partition: 2, offset: 1, key: 'clé', value: null });
      expect(keyless).toMatchObject({ partition: 2, offset: 2, key: null });
      expect(keyless?.value).toEqual(Buffer.alloc(0));
    });
  });
}
