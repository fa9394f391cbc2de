import { describe, expect, it } from 'vitest';
import { numbered, outgoing } from '../contract/testing.ts';
import { LogError } from '../errors.ts';
import type { OutgoingRecord } from '../log.ts';
import { observedOf, quiet, readingOf, watch } from './by-hand-testing.ts';
import { Outbox } from './outbox.ts';
import { partsOf } from './worker-testing.ts';

/** An outbox of a partition in which the offsets 0 to 9 were read; its commits answer when they are told to. */
async function open() {
  const parts = partsOf();
  parts.progress.passTo(10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  parts.transactor.hold();
  const outbox = new Outbox(parts);
  const written = watch(outbox.written);
  await quiet();
  return { ...parts, outbox, written, made: parts.transactor.batches };
}
const text = (value: string): OutgoingRecord => outgoing('t', value);
const texts = (records: readonly OutgoingRecord[]): string[] => records.map(({ value }) => String(value));

describe('an outbox', () => {
  it('commits what is put in and finished in one step in one transaction', async () => {
    const { outbox, progress, made } = await open();
    expect(made).toEqual([]);
    outbox.put(text('0'), text('1'));
    progress.finish(0);
    progress.finish(2);
    progress.begin(1);
    await quiet();
    expect(made).toHaveLength(1);
    expect(texts(made[0]?.records ?? [])).toEqual(['0', '1']);
    expect(made[0]).toMatchObject({
      group: 'khipu.work',
      offsets: [{ topic: 'work.commands', partition: 0, ...progress.snapshot() }],
    });
    expect(progress.snapshot().offset).toBe(1);
  });

  it('commits what comes during a transaction after it, all of it at once and in order', async () => {
    const { outbox, transactor, made } = await open();
    outbox.put(text('0'));
    await quiet();
    for (const value of ['1', '2']) {
      outbox.put(text(value));
      await quiet();
    }
    expect(made).toHaveLength(1);
    await transactor.answer();
    expect(made.map(({ records }) => texts(records))).toEqual([['0'], ['1', '2']]);
    await transactor.answer();
    expect(made).toHaveLength(2);
  });

  it('commits progress of which nothing was written', async () => {
    const { outbox, progress, transactor, made } = await open();
    progress.finish(0);
    outbox.touch();
    await quiet();
    expect([made.length, transactor.records, transactor.offset]).toEqual([1, [], 1]);
  });

  it('makes no transaction of nothing', async () => {
    const { outbox, made } = await open();
    outbox.put();
    await quiet();
    expect(made).toEqual([]);
  });

  it('tells how long transactions take and how many records they wrote', async () => {
    const { outbox, transactor, metrics } = await open();
    outbox.put(text('0'), text('1'));
    await quiet();
    expect(await readingOf(metrics.recordsOut)).toEqual({});
    await transactor.answer();
    outbox.touch();
    await quiet();
    await transactor.answer();
    expect(await readingOf(metrics.recordsOut)).toEqual({ work: 2 });
    expect(await observedOf(metrics.transactionSeconds)).toMatchObject({ work: { count: 2 } });
  });

  it('holds the lowest unfinished record for as long as a transaction is under way', async () => {
    const { outbox, progress, transactor, clock } = await open();
    progress.finish(0);
    expect(outbox.held()).toEqual([]);
    outbox.touch();
    await quiet();
    const sinceMs = clock.now();
    clock.advance(5);
    const place = { processor: 'work', topic: 'work.commands', partition: 0, offset: 1 };
    expect(outbox.held()).toEqual([{ ...place, doing: 'transaction', sinceMs }]);
    await transactor.answer();
    expect(outbox.held()).toEqual([]);
  });
});

describe('an outbox that is full', () => {
  it('makes who puts more wait until a transaction has answered', async () => {
    const { outbox, transactor } = await open();
    outbox.put(text('under way'));
    await quiet();
    outbox.put(...numbered(1_999).map(text));
    const before = watch(outbox.room());
    outbox.put(text('1999'));
    const after = [watch(outbox.room()), watch(outbox.room())];
    await quiet();
    expect([before.over, ...after.map(({ over }) => over)]).toEqual([true, false, false]);
    await transactor.answer();
    expect(after).toEqual([
      { over: true, value: undefined },
      { over: true, value: undefined },
    ]);
  });

  it('tells who waits that nothing will be written any more when the partition is lost', async () => {
    const { outbox } = await open();
    outbox.put(text('under way'));
    await quiet();
    outbox.put(...numbered(2_000).map(text));
    const waiting = watch(outbox.room());
    outbox.drop();
    await quiet();
    expect(waiting.error).toMatchObject({ code: 'FENCED' });
  });

  it('lets nobody wait any more while it ends', async () => {
    const { outbox } = await open();
    outbox.put(text('under way'));
    await quiet();
    outbox.put(...numbered(2_000).map(text));
    void outbox.finish();
    const waiting = watch(outbox.room());
    await quiet();
    expect(waiting.error).toMatchObject({ code: 'FENCED' });
  });
});

describe('the end of an outbox', () => {
  it('comes after what is in it was committed', async () => {
    const { outbox, transactor, made } = await open();
    outbox.put(text('0'));
    await quiet();
    outbox.put(text('1'));
    const finished = watch(outbox.finish());
    await transactor.answer();
    expect(finished.over).toBe(false);
    await transactor.answer();
    expect(finished).toEqual({ over: true, value: undefined });
    expect(made.map(({ records }) => texts(records))).toEqual([['0'], ['1']]);
  });

  it('needs no transaction when nothing is in it', async () => {
    const { outbox, written, made } = await open();
    const finished = watch(outbox.finish());
    await quiet();
    expect([finished.over, written.over, made]).toEqual([true, true, []]);
  });

  it('is told to who wants to write after it', async () => {
    const { outbox } = await open();
    expect(() => outbox.check()).not.toThrow();
    void outbox.finish();
    expect(() => outbox.check()).toThrow(expect.objectContaining({ code: 'FENCED' }));
  });

  it('leaves what is in it unwritten when the partition is lost', async () => {
    const { outbox, transactor, made, written } = await open();
    outbox.put(text('under way'));
    await quiet();
    outbox.put(text('too late'));
    outbox.drop();
    expect(() => outbox.check()).toThrow(expect.objectContaining({ code: 'FENCED' }));
    await transactor.answer();
    expect([made.length, written.over]).toEqual([1, true]);
  });

  it('comes at once when the partition is lost while it rests', async () => {
    const { outbox, made, written } = await open();
    outbox.drop();
    await quiet();
    expect([made, written]).toEqual([[], { over: true, value: undefined }]);
  });

  it('is the commit that failed: nothing is written after it, and who ends it is told why', async () => {
    const { outbox, transactor, made, written } = await open();
    outbox.put(text('0'));
    await quiet();
    outbox.put(text('1'));
    await transactor.answer(new LogError('TRANSACTION_FAILED', 'nobody knows'));
    expect(written.error).toMatchObject({ code: 'TRANSACTION_FAILED' });
    const finished = watch(outbox.finish());
    await quiet();
    expect(finished.error).toBe(written.error);
    expect(made).toHaveLength(1);
  });
});
