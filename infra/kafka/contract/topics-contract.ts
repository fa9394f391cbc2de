import { describe, expect, it } from 'vitest';
import { eventually, type MakeLog, openBench, outgoing, unique } from './testing.ts';

/** Declares the contract tests of topics, watermarks and committed offsets. */
export function describeTopics(makeLog: MakeLog): void {
  describe('topics', () => {
    const { log, topic } = openBench(makeLog);

    it('creates missing topics once, and returns which ones', async () => {
      const [a, b] = [unique('contract'), unique('contract')];
      const config = (name: string) => ({ name, partitions: 2, config: { 'cleanup.policy': 'compact' } });
      expect(await log().createTopics([config(a)])).toEqual([a]);
      expect(await log().createTopics([config(a), config(b)])).toEqual([b]);
      expect(await log().createTopics([config(a), config(b)])).toEqual([]);
      expect((await log().watermarks([a, b])).map(({ partition }) => partition).sort()).toEqual([0, 0, 1, 1]);
    });

    it('returns the partition counts of the topics that exist', async () => {
      const [a, b] = [await topic(2), await topic(3)];
      expect(await log().partitionCounts([a, unique('contract'), b])).toEqual(
        new Map([
          [a, 2],
          [b, 3],
        ]),
      );
    });

    it('returns the end of each partition, including markers', async () => {
      const name = await topic(2);
      const appender = await log().appender();
      await appender.append([outgoing(name, 'a'), outgoing(name, 'b')]);
      await appender.close();
      const transactor = await log().transactor(unique('id'));
      const records = [outgoing(name, 'c', { partition: 1 })];
      await transactor.commit({ records, group: unique('group'), offsets: [] });
      await transactor.close();
      await eventually(async () => {
        const marks = [...(await log().watermarks([name]))].sort((x, y) => x.partition - y.partition);
        expect(marks).toMatchObject([
          { topic: name, partition: 0, low: 0, high: 2, offset: 2 },
          { topic: name, partition: 1, low: 0, high: 2, offset: 2 },
        ]);
      });
    });

    it('returns the first offset at or after a time, and the end of a partition without one', async () => {
      const name = await topic(2);
      const appender = await log().appender();
      for (const [key, timestampMs] of [
        ['a', 1_000_000],
        ['b', 2_000_000],
        ['c', 3_000_000],
      ] as const)
        await appender.append([{ ...outgoing(name, key, { partition: 0 }), timestampMs }]);
      await appender.close();
      const offsets = async (timeMs: number): Promise<number[]> =>
        [...(await log().offsetsAt([name], timeMs))]
          .sort((x, y) => x.partition - y.partition)
          .map(({ offset }) => offset);
      await eventually(async () => expect(await offsets(0)).toEqual([0, 0]));
      expect(await offsets(2_000_000)).toEqual([1, 0]);
      expect(await offsets(2_000_001)).toEqual([2, 0]);
      expect(await offsets(3_000_001)).toEqual([3, 0]);
    });

    it('returns -1 for a partition that a group never committed', async () => {
      const name = await topic(2);
      const offsets = [...(await log().committed(unique('group'), [name]))].sort((x, y) => x.partition - y.partition);
      expect(offsets).toEqual([
        { topic: name, partition: 0, offset: -1, metadata: '' },
        { topic: name, partition: 1, offset: -1, metadata: '' },
      ]);
    });

    it('answers a ping', async () => {
      await expect(log().ping(5_000)).resolves.toBeUndefined();
    });
  });
}
