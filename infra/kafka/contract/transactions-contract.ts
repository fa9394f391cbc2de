import { describe, expect, it } from 'vitest';
import { eventually, expectTexts, type MakeLog, numbered, openBench, outgoing, readWhole, unique } from './testing.ts';

/** Declares the contract tests of `Log.transactor`. */
export function describeTransactions(makeLog: MakeLog): void {
  describe('transactions', () => {
    const { log, topic } = openBench(makeLog);
    const committedIn = async (group: string, name: string) => (await log().committed(group, [name]))[0];

    it('shows records, offsets and metadata of a commit together', async () => {
      const [input, output] = [await topic(), await topic()];
      const group = unique('group');
      const transactor = await log().transactor(unique('id'));
      const offset = { topic: input, partition: 0, offset: 7, metadata: '1;AQ==;3:2' };
      await transactor.commit({ records: [outgoing(output, 'a'), outgoing(output, 'b')], group, offsets: [offset] });
      await eventually(async () => expect(await committedIn(group, input)).toEqual(offset));
      await expectTexts(log(), output, ['a', 'b']);
      await transactor.close();
    });

    it('commits offsets alone and records alone', async () => {
      const name = await topic();
      const group = unique('group');
      const transactor = await log().transactor(unique('id'));
      await transactor.commit({
        records: [],
        group,
        offsets: [{ topic: name, partition: 0, offset: 3, metadata: '' }],
      });
      await transactor.commit({ records: [outgoing(name, 'alone')], group, offsets: [] });
      await eventually(async () => expect(await committedIn(group, name)).toMatchObject({ offset: 3 }));
      await expectTexts(log(), name, ['alone']);
      await transactor.close();
    });

    it('shows nothing of a commit that failed half-way', async () => {
      const name = await topic();
      const group = unique('group');
      const id = unique('id');
      const transactor = await log().transactor(id);
      const unknown = outgoing(name, 'unknown', { partition: 99 });
      const records = [...numbered(600).map((text) => outgoing(name, text)), unknown];
      const offsets = [{ topic: name, partition: 0, offset: 5, metadata: '' }];
      await expect(transactor.commit({ records, group, offsets })).rejects.toMatchObject({ name: 'LogError' });
      await transactor.close();
      const next = await log().transactor(id);
      await next.commit({ records: [outgoing(name, 'after')], group, offsets: [] });
      await next.close();
      await expectTexts(log(), name, ['after']);
      expect(await committedIn(group, name)).toMatchObject({ offset: -1 });
    });

    it('never commits again once a commit failed', async () => {
      const name = await topic();
      const transactor = await log().transactor(unique('id'));
      const unknown = outgoing(name, 'unknown', { partition: 99 });
      const fine = { records: [outgoing(name, 'fine')], group: unique('group'), offsets: [] };
      await expect(transactor.commit({ ...fine, records: [unknown] })).rejects.toThrow();
      await expect(transactor.commit(fine)).rejects.toMatchObject({ name: 'LogError' });
      await transactor.close();
      expect(await readWhole(log(), name)).toEqual([]);
    });

    it('refuses a commit after close', async () => {
      const name = await topic();
      const transactor = await log().transactor(unique('id'));
      await transactor.close();
      const commit = transactor.commit({ records: [outgoing(name, 'late')], group: unique('group'), offsets: [] });
      await expect(commit).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' });
    });

    it('fences the previous holder: its commits fail and stay invisible', async () => {
      const name = await topic();
      const group = unique('group');
      const id = unique('id');
      const old = await log().transactor(id);
      await old.commit({ records: [outgoing(name, 'while owner')], group, offsets: [] });
      const other = await log().transactor(unique('id'));
      const young = await log().transactor(id);
      const offsets = [{ topic: name, partition: 0, offset: 9, metadata: '' }];
      const late = { records: [outgoing(name, 'zombie')], group, offsets };
      await expect(old.commit(late)).rejects.toMatchObject({ code: 'FENCED' });
      await expect(old.commit(late)).rejects.toMatchObject({ code: 'FENCED' });
      await young.commit({ records: [outgoing(name, 'new owner')], group, offsets: [] });
      await other.commit({ records: [outgoing(name, 'another id')], group, offsets: [] });
      await Promise.all([old.close(), young.close(), other.close()]);
      await expectTexts(log(), name, ['while owner', 'new owner', 'another id']);
      expect(await committedIn(group, name)).toMatchObject({ offset: -1 });
    });

    it('fences on every slot, for any number of previous commits', async () => {
      const name = await topic();
      const group = unique('group');
      for (const commits of [1, 2, 3]) {
        const id = unique('id');
        const old = await log().transactor(id);
        for (const text of numbered(commits)) await old.commit({ records: [outgoing(name, text)], group, offsets: [] });
        const young = await log().transactor(id);
        const late = old.commit({ records: [outgoing(name, 'zombie')], group, offsets: [] });
        await expect(late).rejects.toMatchObject({ code: 'FENCED' });
        await Promise.all([old.close(), young.close()]);
      }
      await expectTexts(log(), name, ['0', '0', '1', '0', '1', '2']);
    });

    it('keeps the order of 20 commits, of their records and of their offsets', async () => {
      const name = await topic();
      const group = unique('group');
      const transactor = await log().transactor(unique('id'));
      for (const text of numbered(20))
        await transactor.commit({
          records: [outgoing(name, `${text}a`), outgoing(name, `${text}b`)],
          group,
          offsets: [{ topic: name, partition: 0, offset: Number(text) + 1, metadata: text }],
        });
      await transactor.close();
      await expectTexts(
        log(),
        name,
        numbered(20).flatMap((text) => [`${text}a`, `${text}b`]),
      );
      await eventually(async () =>
        expect(await committedIn(group, name)).toMatchObject({ offset: 20, metadata: '19' }),
      );
    });

    it('commits more bytes than one request may hold', async () => {
      const name = await topic();
      const transactor = await log().transactor(unique('id'));
      const value = Buffer.alloc(8_000, 'x');
      const records = numbered(400).map((key) => outgoing(name, '', { key, value }));
      await transactor.commit({ records, group: unique('group'), offsets: [] });
      await transactor.close();
      await eventually(async () => expect((await readWhole(log(), name)).map(({ key }) => key)).toEqual(numbered(400)));
    });
  });
}
