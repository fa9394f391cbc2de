import { describe, expect, it } from 'vitest';
import { numbered, outgoing } from '../../kafka/contract/testing.ts';
import { LogError } from '../../kafka/errors.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { observedOf, quiet, readingOf, watch } from '../testing/by-hand.ts';
import { partsOf } from '../testing/worker.ts';
import { Outbox } from './outbox.ts';

/** Returns an outbox of a partition in which the offsets 0 to 9 were read; its commits answer on demand. */
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
  it('commits records put and finished in one step in one transaction', async () => {
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

  it('commits records put during a transaction after it, together and in order', async () => {
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

  it('commits progress without records', async () => {
    const { outbox, progress, transactor, made } = await open();
    progress.finish(0);
    outbox.touch();
    await quiet();
    expect([made.length, transactor.records, transactor.offset]).toEqual([1, [], 1]);
  });

  it('commits progress that may come later with what comes first, and else after that time', async () => {
    const { outbox, transactor, made, clock } = await open();
    outbox.touchWithin(250);
    outbox.touchWithin(500);
    clock.advance(249);
    await quiet();
    expect(made).toEqual([]);
    outbox.put(text('0'));
    await quiet();
    await transactor.answer();
    clock.advance(250);
    await quiet();
    expect(made).toHaveLength(1);
    outbox.touchWithin(250);
    clock.advance(250);
    await quiet();
    expect(made).toHaveLength(2);
  });

  it('commits what running work emits within 2 ms together, with its end when that comes first', async () => {
    const { outbox, progress, transactor, made, clock } = await open();
    outbox.touchWithin(250);
    outbox.gather(text('0'));
    clock.advance(1);
    outbox.gather(text('1'));
    await quiet();
    expect(made).toEqual([]);
    clock.advance(1);
    await quiet();
    await transactor.answer();
    outbox.gather(text('2'));
    progress.finish(0);
    outbox.put(text('3'));
    await quiet();
    await transactor.answer();
    outbox.gather();
    clock.advance(2);
    await quiet();
    expect(made.map(({ records }) => texts(records))).toEqual([
      ['0', '1'],
      ['2', '3'],
    ]);
    outbox.gather(...numbered(2_000).map(text));
    await quiet();
    expect(made).toHaveLength(3);
  });

  it('commits progress that may come later at the first of two such times', async () => {
    const { outbox, made, clock } = await open();
    outbox.touchWithin(250);
    clock.advance(200);
    outbox.touchWithin(250);
    clock.advance(50);
    await quiet();
    expect([made.length, clock.waits]).toEqual([1, 0]);
  });

  it('waits no time for progress that may come later while a commit is requested', async () => {
    const { outbox, clock } = await open();
    outbox.touch();
    outbox.touchWithin(250);
    expect(clock.waits).toBe(0);
  });

  it('commits progress that may come later when it finishes, and not when it is dropped', async () => {
    const { outbox, transactor, made, clock } = await open();
    outbox.touchWithin(250);
    const finished = outbox.finish();
    await quiet();
    await transactor.answer();
    await finished;
    expect([made.length, clock.waits]).toEqual([1, 0]);
    const other = await open();
    other.outbox.touchWithin(250);
    other.outbox.drop();
    expect(other.clock.waits).toBe(0);
    other.clock.advance(250);
    await quiet();
    expect(other.made).toEqual([]);
  });

  it('makes no transaction without records and progress', async () => {
    const { outbox, made } = await open();
    outbox.put();
    await quiet();
    expect(made).toEqual([]);
  });

  it('reports the time of transactions and the number of records written', async () => {
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

  it('has the lowest unfinished record in flight during a transaction', async () => {
    const { outbox, progress, transactor, clock } = await open();
    progress.finish(0);
    expect(outbox.inFlight()).toEqual([]);
    outbox.touch();
    await quiet();
    const sinceMs = clock.now();
    clock.advance(5);
    const position = { processor: 'work', topic: 'work.commands', partition: 0, offset: 1 };
    expect(outbox.inFlight()).toEqual([{ ...position, doing: 'transaction', sinceMs }]);
    await transactor.answer();
    expect(outbox.inFlight()).toEqual([]);
  });
});

describe('records that a caller commits', () => {
  it('are in one transaction with those of the same step, and each caller continues when it has answered', async () => {
    const { outbox, transactor, made } = await open();
    const first = watch(outbox.commit(text('0'), text('1')));
    const second = watch(outbox.commit(text('2')));
    await quiet();
    expect(made.map(({ records }) => texts(records))).toEqual([['0', '1', '2']]);
    const later = watch(outbox.commit(text('3')));
    await quiet();
    expect([first.over, second.over, later.over]).toEqual([false, false, false]);
    await transactor.answer();
    expect([first.over, second.over, later.over]).toEqual([true, true, false]);
    await transactor.answer();
    expect([made.length, later.over, later.error]).toEqual([2, true, undefined]);
  });

  it('bring the waiting records of running work along', async () => {
    const { outbox, made } = await open();
    outbox.gather(text('0'));
    void outbox.commit(text('1'));
    await quiet();
    expect(made.map(({ records }) => texts(records))).toEqual([['0', '1']]);
  });

  it('are refused when their transaction fails, when an earlier one fails, and after that', async () => {
    const { outbox, transactor, made } = await open();
    const failed = watch(outbox.commit(text('0')));
    await quiet();
    const waiting = watch(outbox.commit(text('1')));
    await transactor.answer(new LogError('LOG_UNAVAILABLE', 'no broker'));
    const after = watch(outbox.commit(text('2')));
    await quiet();
    for (const { error } of [failed, waiting, after]) expect(error).toMatchObject({ code: 'FENCED' });
    expect(made).toHaveLength(1);
  });

  it('are refused when the partition is lost, also those of the transaction under way', async () => {
    const { outbox } = await open();
    const committing = watch(outbox.commit(text('0')));
    await quiet();
    const waiting = watch(outbox.commit(text('1')));
    outbox.drop();
    await quiet();
    const after = watch(outbox.commit(text('2')));
    await quiet();
    for (const { error } of [committing, waiting, after]) expect(error).toMatchObject({ code: 'FENCED' });
  });

  it('are written by the last transaction', async () => {
    const { outbox, transactor, made } = await open();
    const last = watch(outbox.commit(text('0')));
    const finished = outbox.finish();
    await quiet();
    await transactor.answer();
    await finished;
    expect([made.length, last.over, last.error]).toEqual([1, true, undefined]);
  });
});

describe('an outbox that is full', () => {
  it('makes callers wait until a transaction has answered', async () => {
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

  it('rejects waiting callers when the partition is lost', async () => {
    const { outbox } = await open();
    outbox.put(text('under way'));
    await quiet();
    outbox.put(...numbered(2_000).map(text));
    const waiting = watch(outbox.room());
    outbox.drop();
    await quiet();
    expect(waiting.error).toMatchObject({ code: 'FENCED' });
  });

  it('rejects callers at once while it ends', async () => {
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
  it('comes after the commit of its records', async () => {
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

  it('needs no transaction when it is empty', async () => {
    const { outbox, written, made } = await open();
    const finished = watch(outbox.finish());
    await quiet();
    expect([finished.over, written.over, made]).toEqual([true, true, []]);
  });

  it('rejects later writes', async () => {
    const { outbox } = await open();
    expect(() => outbox.check()).not.toThrow();
    void outbox.finish();
    expect(() => outbox.check()).toThrow(new LogError('FENCED', 'the partition was lost'));
  });

  it('also ends requests for commits, during its last transaction', async () => {
    for (const end of ['finish', 'drop'] as const) {
      const { outbox, transactor, made, written } = await open();
      outbox.touch();
      await quiet();
      void outbox[end]();
      outbox.touch();
      await transactor.answer();
      expect([made.length, written.over]).toEqual([1, true]);
    }
  });

  it('discards its records when the partition is lost', async () => {
    const { outbox, transactor, made, written } = await open();
    outbox.put(text('under way'));
    await quiet();
    outbox.put(text('too late'));
    outbox.drop();
    expect(() => outbox.check()).toThrow(expect.objectContaining({ code: 'FENCED' }));
    await transactor.answer();
    expect([made.length, written.over]).toEqual([1, true]);
  });

  it('comes at once when the partition is lost during a rest', async () => {
    const { outbox, made, written } = await open();
    outbox.drop();
    await quiet();
    expect([made, written]).toEqual([[], { over: true, value: undefined }]);
  });

  it('is a failed commit: nothing is written after it, and `finish` rejects with its error', async () => {
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
