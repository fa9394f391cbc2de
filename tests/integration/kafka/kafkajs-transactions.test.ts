import { describe, expect, it } from 'vitest';
import {
  eventually,
  expectTexts,
  numbered,
  openBench,
  outgoing,
  Recorder,
  readWhole,
  textsOf,
  unique,
} from '../../../infra/kafka/contract/testing.ts';
import { openLog } from './open-log.ts';

describe('transactions over kafkajs', () => {
  const { log, topic } = openBench(async () => {
    const opened = openLog();
    return { log: opened, close: () => opened.close() };
  });

  it('shows no record of a commit whose first records were written and whose last one was refused', async () => {
    const name = await topic();
    const group = unique('group');
    const id = unique('id');
    const transactor = await log().transactor(id);
    const tooLarge = outgoing(name, '', { value: Buffer.alloc(3_000_000) });
    const records = [...numbered(600).map((text) => outgoing(name, text)), tooLarge];
    const offsets = [{ topic: name, partition: 0, offset: 5, metadata: '' }];
    const commit = transactor.commit({ records, group, offsets });
    await expect(commit).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE', disposition: 'dead-letter' });
    await transactor.close();
    const next = await log().transactor(id);
    await next.commit({ records: [outgoing(name, 'after')], group, offsets: [] });
    await next.close();
    await expectTexts(log(), name, ['after']);
    expect(await log().committed(group, [name])).toMatchObject([{ offset: -1 }]);
  });

  it('skips aborted records without a gap between batches', async () => {
    const name = await topic();
    const member = new Recorder();
    const membership = await log().join({ group: unique('group'), topics: [name], handlers: member });
    for (const text of ['a', 'b', 'c']) {
      const id = unique('id');
      const failing = await log().transactor(id);
      const tooLarge = outgoing(name, '', { value: Buffer.alloc(3_000_000) });
      const records = [...numbered(500).map((lost) => outgoing(name, `lost ${lost}`)), tooLarge];
      await expect(failing.commit({ records, group: unique('group'), offsets: [] })).rejects.toThrow();
      await failing.close();
      const next = await log().transactor(id);
      await next.commit({ records: [outgoing(name, text)], group: unique('group'), offsets: [] });
      await next.close();
    }
    await eventually(() => expect(textsOf(member.records)).toEqual(['a', 'b', 'c']));
    let next = 0;
    for (const batch of member.batches) {
      expect(batch.from).toBe(next);
      next = batch.next;
    }
    expect(member.crashes).toEqual([]);
    await membership.close();
  });

  it('opens in parallel for many ids', async () => {
    const ids = numbered(12).map((each) => unique(`id.${each}`));
    const transactors = await Promise.all(ids.map((id) => log().transactor(id)));
    const name = await topic();
    await Promise.all(
      transactors.map((transactor, each) =>
        transactor.commit({ records: [outgoing(name, `${each}`)], group: unique('group'), offsets: [] }),
      ),
    );
    await eventually(async () => expect(textsOf(await readWhole(log(), name)).sort()).toEqual(numbered(12).sort()));
    await Promise.all(transactors.map((transactor) => transactor.close()));
  });
});
