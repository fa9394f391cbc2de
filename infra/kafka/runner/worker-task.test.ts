import { describe, expect, it } from 'vitest';
import { numbered } from '../contract/testing.ts';
import { LogError } from '../errors.ts';
import { observedOf, quiet, readingOf, watch } from './by-hand-testing.ts';
import { deadLetterHeaders, redriveHeaders } from './dead-letter.ts';
import { WINDOW_OFFSETS } from './progress.ts';
import { answer } from './testing.ts';
import { open } from './worker-task-testing.ts';
import { cancelOf, cancels, junkOf, ofUnknownSchema, recordAt, said } from './worker-testing.ts';

describe('a task of a worker', () => {
  it('writes what a run ends with in the transaction that finishes its record', async () => {
    const { send, handler, wrote } = open();
    await send(['a', '0'], ['a', '1']);
    handler.last.context.end(answer('a', 1, 'end of 0'));
    await handler.last.done();
    handler.last.context.end(answer('a', 1, 'end of 1'));
    await handler.last.done();
    expect(handler.prompts).toEqual(['0', '1']);
    expect(wrote().map(({ offset, records }) => [offset, said(records)])).toEqual([
      [1, ['end of 0']],
      [2, ['end of 1']],
    ]);
  });

  it('commits the lowest unfinished offset, and remembers what was finished beyond it', async () => {
    const { send, handler, transactor } = open();
    await send(['slow', '0'], ['a', '1'], ['b', '2']);
    for (const run of handler.runs.slice(1)) await run.done();
    expect(transactor.batches.at(-1)?.offsets).toMatchObject([{ offset: 0, metadata: '1;Bg==;0:1' }]);
    await handler.runs[0]?.done();
    expect(transactor.offset).toBe(3);
  });

  it('does not run again what an earlier owner finished', async () => {
    const { send, handler, transactor } = open({}, '1;Bg==;');
    await send(['slow', '0'], ['a', '1'], ['b', '2'], ['c', '3']);
    expect(handler.prompts).toEqual(['0', '3']);
    for (const run of handler.runs) await run.done();
    expect(transactor.offset).toBe(4);
  });

  it('commits what it passes with nothing to do, so that its group does not seem to lag', async () => {
    const { push, transactor } = open();
    await push([], 3);
    expect([transactor.batches.length, transactor.offset]).toEqual([1, 3]);
    await push([], 3);
    expect(transactor.batches).toHaveLength(1);
  });

  it('leaves to the commit of its records what it passes with them', async () => {
    const { push, transactor } = open();
    await push([recordAt(2, 'a', 'x')], 5);
    expect(transactor.batches.map(({ offsets }) => offsets[0])).toMatchObject([{ offset: 2, metadata: '1;Bg==;0:1' }]);
  });

  it('passes over what is redriven for another reader, and works on what is for this one', async () => {
    const { push, handler, transactor } = open();
    const redriven = (offset: number, processor: string) =>
      recordAt(offset, `${offset}`, processor, { [redriveHeaders.processor]: processor });
    await push([redriven(0, 'another'), redriven(1, 'work')]);
    expect(handler.prompts).toEqual(['work']);
    await handler.last.done();
    expect(transactor.offset).toBe(2);
  });

  it('tells which records it works on, and of which it commits', async () => {
    const { send, handler, task, transactor } = open();
    transactor.hold();
    await send(['a', '0'], ['b', '1']);
    const held = (): unknown[] => task.held().map(({ doing, offset }) => [doing, offset]);
    expect(held()).toEqual([
      ['work', 0],
      ['work', 1],
      ['transaction', 0],
    ]);
    await handler.runs[0]?.done();
    await transactor.answer();
    await transactor.answer();
    expect(held()).toEqual([['work', 1]]);
  });
});

describe('what a task tells of itself', () => {
  it('counts records when they are done with, how old they are then, and the keys at work', async () => {
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

  it('takes a record from a clock ahead of its own for one of now', async () => {
    const { push, handler, metrics, clock } = open();
    await push([{ ...recordAt(0, 'a', 'x'), timestampMs: clock.now() + 5_000 }]);
    await handler.last.done();
    expect(await observedOf(metrics.ageSeconds)).toEqual({ work: { count: 1, sum: 0 } });
  });

  it('is behind by the offsets between what is done and the end of the log, and never by less than none', async () => {
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

describe('a record that dies', () => {
  it('becomes a letter in the transaction that passes it over, and its key goes on', async () => {
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

  it('takes with it what it would have ended with', async () => {
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
  it('acts when it is read, on what runs before its turn, and is passed over when its turn comes', async () => {
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

  it('is what the worker declares as one, and no other record', async () => {
    const { push, handler } = open({ cancels: { by: ['EmbedText'], of: () => true } });
    await push([recordAt(0, 'a', 'x')]);
    await push([recordAt(1, 'a', 'no cancel')]);
    expect(handler.prompts).toEqual(['x']);
    expect(handler.last.context.signal.aborted).toBe(false);
  });

  it('that cannot be read dies when its turn comes', async () => {
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
  it('is paused when a thousand records wait, and goes on when less than half of them do', async () => {
    const { send, handler } = open({ concurrencyMax: 1_000, tenantConcurrencyMax: 1_000 });
    const keys = numbered(1_000).map((key) => [key, 'x'] as const);
    expect(await send(...keys.slice(1))).toBeNull();
    const paused = await send(...keys.slice(0, 1));
    for (const run of handler.runs.slice(0, 500)) await run.done();
    expect(paused).toEqual({ over: false });
    await handler.runs[500]?.done();
    expect(paused?.over).toBe(true);
  });

  it('begins nothing that its commit could not remember, and is paused until the slow record is done', async () => {
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
  it('tells of a commit that failed', async () => {
    const { send, transactor, crashes } = open();
    transactor.hold();
    await send(['a', '0']);
    const error = new LogError('TRANSACTION_FAILED', 'nobody knows');
    await transactor.answer(error);
    expect(crashes).toEqual([error]);
  });

  it('tells of a registry that is away, and leaves the record to another life', async () => {
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
