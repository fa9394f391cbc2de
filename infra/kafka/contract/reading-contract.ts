import { describe, expect, it } from 'vitest';
import type { FetchedBatch, LogRecord, StartAt } from '../port.ts';
import { eventually, type MakeLog, numbered, openBench, outgoing, textsOf, unique } from './testing.ts';

/** Declares the contract tests of `Log.tail` and `Log.readTo`. */
export function describeReading(makeLog: MakeLog): void {
  describe('reading', () => {
    const { log, topic } = openBench(makeLog);
    const append = async (name: string, texts: readonly string[], partition = 0): Promise<void> => {
      const appender = await log().appender();
      await appender.append(texts.map((text) => outgoing(name, text, { partition })));
      await appender.close();
    };
    const commit = async (name: string, texts: readonly string[], partition = 0): Promise<void> => {
      const transactor = await log().transactor(unique('id'));
      const endOf = async () =>
        (await log().watermarks([name])).find((mark) => mark.partition === partition)?.high ?? 0;
      const before = await endOf();
      const records = texts.map((text) => outgoing(name, text, { partition }));
      await transactor.commit({ records, group: unique('group'), offsets: [] });
      await transactor.close();
      await eventually(async () => expect(await endOf()).toBe(before + texts.length + 1));
    };
    const tailOf = async (name: string, from: StartAt) => {
      const records: LogRecord[] = [];
      const crashes: Error[] = [];
      const reader = await log().tail({
        topics: [name],
        from,
        onBatch: (batch) => void records.push(...batch.records),
        onCrash: (error) => void crashes.push(error),
      });
      return { records, crashes, close: () => reader.close() };
    };

    it('tails from the end: only later records, of every partition', async () => {
      const name = await topic(2);
      await append(name, ['before']);
      const tail = await tailOf(name, 'end');
      await append(name, ['after'], 0);
      await commit(name, ['after'], 1);
      await eventually(() => expect(tail.records).toHaveLength(2));
      expect(textsOf(tail.records)).toEqual(['after', 'after']);
      await tail.close();
      expect(tail.crashes).toEqual([]);
    });

    it('tails from the beginning: all existing records, then later ones', async () => {
      const name = await topic();
      await append(name, ['a', 'b']);
      const tail = await tailOf(name, 'beginning');
      await append(name, ['c']);
      await eventually(() => expect(textsOf(tail.records)).toEqual(['a', 'b', 'c']));
      await tail.close();
      await append(name, ['d']);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(tail.records).toHaveLength(3);
    });

    it('delivers at once what comes after an idle time', async () => {
      const name = await topic(2);
      const tail = await tailOf(name, 'end');
      const appender = await log().appender();
      // Longer than a reader takes to count as idle, and then within its long wait.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await appender.append([outgoing(name, 'later', { partition: 1 })]);
      const appendedMs = performance.now();
      await eventually(() => expect(textsOf(tail.records)).toEqual(['later']));
      expect(performance.now() - appendedMs).toBeLessThan(500);
      await appender.close();
      await tail.close();
    });

    it('tails from positions: exactly where another reader stopped', async () => {
      const name = await topic(2);
      await append(name, numbered(5), 0);
      await append(name, numbered(5), 1);
      const tail = await tailOf(name, [
        { topic: name, partition: 0, offset: 3 },
        { topic: name, partition: 1, offset: 5 },
      ]);
      await eventually(() => expect(textsOf(tail.records)).toEqual(['3', '4']));
      await append(name, ['later'], 1);
      await eventually(() => expect(textsOf(tail.records)).toEqual(['3', '4', 'later']));
      await tail.close();
    });

    it('delivers all records to every tail', async () => {
      const name = await topic();
      const tails = await Promise.all([tailOf(name, 'end'), tailOf(name, 'end')]);
      await append(name, ['a']);
      await eventually(() => expect(tails.map(({ records }) => textsOf(records))).toEqual([['a'], ['a']]));
      await Promise.all(tails.map((tail) => tail.close()));
    });

    it('reads to the end and resolves, even where the last offset is a marker', async () => {
      const name = await topic(2);
      await append(name, ['a']);
      await commit(name, ['b', 'c']);
      await commit(name, ['d'], 1);
      const batches: FetchedBatch[] = [];
      const from = [0, 1].map((partition) => ({ topic: name, partition, offset: 0 }));
      await log().readTo({ from, onBatch: (batch) => void batches.push(batch) });
      const ofPartition = (partition: number) =>
        textsOf(batches.filter((batch) => batch.partition === partition).flatMap(({ records }) => records));
      expect([ofPartition(0), ofPartition(1)]).toEqual([['a', 'b', 'c'], ['d']]);
    });

    it('reads from a position at a marker to the end after it', async () => {
      const name = await topic();
      await commit(name, ['a']);
      const records: LogRecord[] = [];
      const from = [{ topic: name, partition: 0, offset: 1 }];
      await log().readTo({ from, onBatch: (batch) => void records.push(...batch.records) });
      expect(records).toEqual([]);
    });

    it('misses and repeats no records when it continues from its last position during writes', async () => {
      const name = await topic();
      const texts = numbered(300);
      const appender = await log().appender({ lingerMs: 0 });
      let writing = true;
      const writes = (async () => {
        for (const text of texts) await appender.append([outgoing(name, text)]);
        writing = false;
      })();
      const records: LogRecord[] = [];
      let offset = 0;
      const onBatch = (batch: FetchedBatch): void => {
        expect(batch.from).toBe(offset);
        records.push(...batch.records);
        offset = batch.next;
      };
      for (let last = false; !last; ) {
        last = !writing;
        await log().readTo({ from: [{ topic: name, partition: 0, offset }], onBatch });
      }
      await writes;
      await appender.close();
      expect(textsOf(records)).toEqual(texts);
    });

    it('reads only the given partitions, from the given positions', async () => {
      const name = await topic(3);
      for (const partition of [0, 1, 2]) await append(name, numbered(4), partition);
      const records: LogRecord[] = [];
      const from = [
        { topic: name, partition: 1, offset: 2 },
        { topic: name, partition: 2, offset: 4 },
      ];
      await log().readTo({ from, onBatch: (batch) => void records.push(...batch.records) });
      expect(records.map(({ partition, offset }) => [partition, offset])).toEqual([
        [1, 2],
        [1, 3],
      ]);
    });

    it('waits for the last batch to be handled, and rejects when handling does', async () => {
      const name = await topic();
      await append(name, ['a']);
      const from = [{ topic: name, partition: 0, offset: 0 }];
      let handled = false;
      const slowly = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        handled = true;
      };
      await log().readTo({ from, onBatch: slowly });
      expect(handled).toBe(true);
      const failing = log().readTo({ from, onBatch: () => Promise.reject(new Error('no room')) });
      await expect(failing).rejects.toThrow('no room');
    });

    it('resolves at once when there is nothing to read', async () => {
      const name = await topic();
      await log().readTo({ from: [{ topic: name, partition: 0, offset: 0 }], onBatch: () => expect.fail('a batch') });
      await log().readTo({ from: [], onBatch: () => expect.fail('a batch') });
    });
  });
}
