import { describe, expect, it } from 'vitest';
import { numbered } from '../../kafka/contract/testing.ts';
import { LogError } from '../../kafka/errors.ts';
import { deadLetterHeaders, redriveHeaders } from '../dead-letters/write.ts';
import { observedOf, quiet, readingOf, watch } from '../testing/by-hand.ts';
import { answer } from '../testing/processors.ts';
import { cancelOf, cancels, junkOf, ofUnknownSchema, recordAt, textsOf } from '../testing/worker.ts';
import { open } from '../testing/worker-task.ts';
import { WINDOW_OFFSETS } from './progress.ts';

describe('a task of a worker', () => {
  it('writes the final outputs of a run in the transaction that finishes its record', async () => {
    const { send, handler, wrote } = open();
    await send(['a', '0'], ['a', '1']);
    handler.last.context.end(answer('a', 1, 'end of 0'));
    await handler.last.done();
    handler.last.context.end(answer('a', 1, 'end of 1'));
    await handler.last.done();
    expect(handler.prompts).toEqual(['0', '1']);
    expect(wrote().map(({ offset, records }) => [offset, textsOf(records)])).toEqual([
      [1, ['end of 0']],
      [2, ['end of 1']],
    ]);
  });

  it('commits the lowest unfinished offset, and stores finished ones beyond it', async () => {
    const { send, handler, transactor } = open();
    await send(['slow', '0'], ['a', '1'], ['b', '2']);
    for (const run of handler.runs.slice(1)) await run.done();
    expect(transactor.batches.at(-1)?.offsets).toMatchObject([{ offset: 0, metadata: '1;Bg==;0:1' }]);
    await handler.runs[0]?.done();
    expect(transactor.offset).toBe(3);
  });

  it('commits the first run of a record at once when the record was there at the takeover, and else with its end', async () => {
    const { push, handler, transactor } = open();
    await push([recordAt(0, 'a', '0')], 1, 2);
    await push([recordAt(1, 'b', '1')], 2);
    expect(transactor.batches.at(-1)?.offsets[0]?.metadata).toBe('1;;0:1,1:1');
    const before = transactor.batches.length;
    await push([recordAt(2, 'c', '2')], 3);
    expect(transactor.batches).toHaveLength(before);
    await handler.last.done();
    expect(transactor.batches).toHaveLength(before + 1);
  });

  it('does not repeat records that an earlier owner finished', async () => {
    const { send, handler, transactor } = open({}, '1;Bg==;');
    await send(['slow', '0'], ['a', '1'], ['b', '2'], ['c', '3']);
    expect(handler.prompts).toEqual(['0', '3']);
    for (const run of handler.runs) await run.done();
    expect(transactor.offset).toBe(4);
  });

  it('commits passed offsets without work, so that its group does not appear to lag', async () => {
    const { push, transactor } = open();
    await push([], 3);
    expect([transactor.batches.length, transactor.offset]).toEqual([1, 3]);
    await push([], 3);
    expect(transactor.batches).toHaveLength(1);
  });

  it('commits passed offsets together with the records of their batch', async () => {
    const { push, transactor } = open();
    await push([recordAt(2, 'a', 'x')], 5);
    expect(transactor.batches.map(({ offsets }) => offsets[0])).toMatchObject([{ offset: 2, metadata: '1;Bg==;0:1' }]);
  });

  it('skips records redriven for another reader, and processes its own', async () => {
    const { push, handler, transactor } = open();
    const redriven = (offset: number, processor: string) =>
      recordAt(offset, `${offset}`, processor, { [redriveHeaders.processor]: processor });
    await push([redriven(0, 'another'), redriven(1, 'work')]);
    expect(handler.prompts).toEqual(['work']);
    await handler.last.done();
    expect(transactor.offset).toBe(2);
  });

  it('reports the records in flight, and the one of the transaction', async () => {
    const { send, handler, task, transactor } = open();
    transactor.hold();
    await send(['a', '0'], ['b', '1']);
    const inFlight = (): unknown[] => task.inFlight().map(({ doing, offset }) => [doing, offset]);
    expect(inFlight()).toEqual([
      ['work', 0],
      ['work', 1],
      ['transaction', 0],
    ]);
    await handler.runs[0]?.done();
    await transactor.answer();
    await transactor.answer();
    expect(inFlight()).toEqual([['work', 1]]);
  });
});

describe('the metrics of a task', () => {
  it('count finished records, their age, and the keys at work', async () => {
    const { send, handler, metrics, clock } = open();
    await send(['a', '0'], ['b', '1']);
    expect(await readingOf(metrics.workersBusy)).toEqual({ work: 2 });
    expect(await readingOf(metrics.recordsIn)).toEqual({});
    clock.advance(1_000);
    await handler.runs[0]?.done();
    expect(await readingOf(metrics.workersBusy)).toEqual({ work: 1 });
    expect(await readingOf(metrics.recordsIn)).toEqual({ work: 1 });
    expect(await observedOf(metrics.ageSeconds)).toEqual({ work: { count: 1, sum: 1_000 } });
  });

  it('count no negative age for a record from a clock that is ahead', async () => {
    const { push, handler, metrics, clock } = open();
    await push([{ ...recordAt(0, 'a', 'x'), timestampMs: clock.now() + 5_000 }]);
    await handler.last.done();
    expect(await observedOf(metrics.ageSeconds)).toEqual({ work: { count: 1, sum: 0 } });
  });

  it('report the lag between finished records and the end of the log, never below zero', async () => {
    const { push, handler, metrics } = open();
    await push([recordAt(0, 'a', '0'), recordAt(1, 'b', '1')], 2, 10);
    expect(await readingOf(metrics.lagRecords)).toEqual({ 'work 0': 10 });
    await handler.runs[0]?.done();
    expect(await readingOf(metrics.lagRecords)).toEqual({ 'work 0': 9 });
    await push([], 15, 10);
    await handler.runs[1]?.done();
    expect(await readingOf(metrics.lagRecords)).toEqual({ 'work 0': 0 });
  });
});

describe('a record that fails', () => {
  it('becomes a dead letter in the transaction that passes it, and its key continues', async () => {
    const { push, handler, wrote, metrics } = open();
    await push([junkOf(recordAt(0, 'a', 'x')), recordAt(1, 'a', 'after')]);
    expect(handler.prompts).toEqual(['after']);
    const [{ offset, records } = { offset: -1, records: [] }, ...more] = wrote();
    expect([offset, records.length, more]).toEqual([1, 1, []]);
    expect(records[0]).toMatchObject({
      topic: 'work.commands.dlq',
      headers: { [deadLetterHeaders.code]: 'BYTES_NOT_FRAMED', [deadLetterHeaders.attempt]: '1' },
    });
    expect(await readingOf(metrics.deadLetters)).toEqual({ 'work BYTES_NOT_FRAMED': 1 });
  });

  it('discards its final outputs', async () => {
    const { send, handler, wrote } = open({ attemptsMax: 1 });
    handler.onAbandon = async ({ end }) => {
      end(answer('a', 1, 'not so'));
      throw new Error('cannot say so');
    };
    await send(['a', '0'], ['a', '1']);
    await handler.last.fail();
    await handler.last.done();
    expect(wrote().flatMap(({ records }) => records.map(({ topic }) => topic))).toEqual(['work.commands.dlq']);
  });
});

describe('a cancel', () => {
  it('takes effect on an earlier run when it is read, and does nothing in its turn', async () => {
    const { push, handler, transactor } = open({ cancels });
    await push([recordAt(0, 'a', 'x')]);
    await push([recordAt(1, 'a', cancelOf('a', 'x')), recordAt(2, 'a', 'next')]);
    expect(handler.last.context.signal.reason).toMatchObject({ code: 'WORK_CANCELLED' });
    await handler.last.fail();
    expect([handler.prompts, handler.abandoned.length]).toEqual([['x', 'next'], 1]);
    await handler.last.done();
    expect(transactor.offset).toBe(3);
  });

  it('of another key ends nothing', async () => {
    const { push, handler } = open({ cancels });
    await push([recordAt(0, 'a', 'x'), recordAt(1, 'b', cancelOf('b', 'x'))]);
    expect(handler.last.context.signal.aborted).toBe(false);
  });

  it('is only a record that the worker declares as one', async () => {
    const { push, handler } = open({ cancels: { by: ['EmbedText'], of: () => true } });
    await push([recordAt(0, 'a', 'x')]);
    await push([recordAt(1, 'a', 'no cancel')]);
    expect(handler.prompts).toEqual(['x']);
    expect(handler.last.context.signal.aborted).toBe(false);
  });

  it('that cannot be decoded becomes a dead letter in its turn', async () => {
    const { push, handler, wrote, crashes } = open({ cancels });
    const unreadable = junkOf(recordAt(1, 'a', cancelOf('a', 'x')));
    await push([recordAt(0, 'a', 'x'), unreadable]);
    expect([handler.last.context.signal.aborted, wrote()]).toEqual([false, []]);
    await handler.last.done();
    expect(wrote().map(({ offset, records }) => [offset, records.length])).toEqual([[2, 1]]);
    expect(crashes).toEqual([]);
  });
});

describe('a partition', () => {
  it('is paused when a thousand records wait, and continues when less than half of them do', async () => {
    const { push, handler } = open({ concurrencyMax: 1_000, tenantConcurrencyMax: 1_000 });
    const records = numbered(1_000).map((key) => {
      const tenant = `tenant-${Number(key) % 3}`;
      return recordAt(Number(key), key, 'x', { ce_tenantid: tenant, khipu_place: `${tenant}/3` });
    });
    expect(await push(records.slice(0, 999))).toBeNull();
    const paused = await push(records.slice(999));
    for (const run of handler.runs.slice(0, 500)) await run.done();
    expect(paused).toEqual({ over: false });
    await handler.runs[500]?.done();
    expect(paused?.over).toBe(true);
  });

  it('begins records that the worker exempts beside the limit of keys at work', async () => {
    const { push, handler } = open({ concurrencyMax: 1, exempt: ['EmbedText'] });
    await push([recordAt(0, 'a', 'x'), recordAt(1, 'b', 'y'), recordAt(2, 'c', cancelOf('c', 'z'))]);
    expect(handler.runs.map(({ context }) => context.meta.key)).toEqual(['c', 'a']);
    await handler.runs[0]?.done();
    expect(handler.runs).toHaveLength(2);
    await handler.runs[1]?.done();
    expect(handler.last.context.meta.key).toBe('b');
  });

  it('begins no record beyond its progress window, and is paused until the slow record is done', async () => {
    const { push, handler, transactor } = open();
    const beyond = WINDOW_OFFSETS;
    expect(await push([recordAt(0, 'slow', 'slow'), recordAt(beyond - 1, 'a', 'last')], beyond - 1)).toBeNull();
    const paused = await push([recordAt(beyond, 'b', 'beyond')]);
    expect(handler.prompts).toEqual(['slow', 'last']);
    await handler.runs[1]?.done();
    expect([handler.prompts.length, paused?.over]).toEqual([2, false]);
    await handler.runs[0]?.done();
    expect([handler.prompts.at(-1), paused?.over]).toEqual(['beyond', true]);
    await handler.last.done();
    expect(transactor.offset).toBe(beyond + 1);
  });
});

describe('a task that fails', () => {
  it('reports a failed commit', async () => {
    const { send, transactor, crashes } = open();
    transactor.hold();
    await send(['a', '0']);
    const error = new LogError('TRANSACTION_FAILED', 'nobody knows');
    await transactor.answer(error);
    expect(crashes).toEqual([error]);
  });

  it('reports an unavailable registry, and leaves the record to the next life', async () => {
    const { push, task, crashes, transactor, metrics } = open();
    await push([ofUnknownSchema(recordAt(0, 'a', '0')), recordAt(1, 'a', '1')]);
    expect(crashes).toMatchObject([{ code: 'REGISTRY_UNAVAILABLE' }]);
    expect(transactor.batches.filter(({ offsets }) => offsets[0]?.offset !== 0)).toEqual([]);
    expect(await readingOf(metrics.workersBusy)).toEqual({ work: 0 });
    const stopped = watch(task.stop(1_000));
    await quiet();
    expect(stopped.over).toBe(true);
  });
});
