import { describe, expect, it } from 'vitest';
import { LogError } from '../../kafka/errors.ts';
import { quiet, readingOf, watch } from '../testing/by-hand.ts';
import { answer } from '../testing/processors.ts';
import { textsOf } from '../testing/worker.ts';
import { open } from '../testing/worker-task.ts';

const GRACE_MS = 1_000;
/** Time that a stop waits after its grace period for aborted runs, in ms. */
const ABORT_MS = 1_000;

describe('a task that stops', () => {
  it('lets runs end within its grace period, commits them and closes', async () => {
    const { send, task, pass, handler, wrote, transactor } = open();
    await send(['a', '0']);
    const stopped = watch(task.stop(GRACE_MS));
    await pass(GRACE_MS / 2);
    expect([stopped.over, handler.last.context.signal.aborted]).toEqual([false, false]);
    handler.last.context.end(answer('a', 1, 'in time'));
    await handler.last.done();
    await pass(20);
    expect([stopped.over, transactor.closed]).toEqual([true, true]);
    expect(wrote().map(({ offset, records }) => [offset, textsOf(records)])).toEqual([[1, ['in time']]]);
  });

  it('begins no runs and takes no records', async () => {
    const { send, task, pass, handler, transactor } = open({ concurrencyMax: 1 });
    await send(['a', '0'], ['a', '1'], ['b', '2']);
    const stopped = watch(task.stop(GRACE_MS));
    expect(await send(['c', '3'])).toBeNull();
    await handler.last.done();
    await pass(20);
    expect([stopped.over, handler.prompts, transactor.offset]).toEqual([true, ['0'], 1]);
  });

  it('passes no offsets either', async () => {
    const { send, push, task, pass, handler, transactor } = open();
    await send(['a', '0']);
    const stopped = watch(task.stop(GRACE_MS));
    await push([], 5);
    await handler.last.done();
    await pass(20);
    expect([stopped.over, transactor.offset]).toEqual([true, 1]);
  });

  it('takes no time when nothing is at work', async () => {
    const { task, transactor } = open();
    const stopped = watch(task.stop(GRACE_MS));
    await quiet();
    expect([stopped.over, transactor.closed]).toEqual([true, true]);
  });

  it('closes after its last commit has answered', async () => {
    const { send, task, pass, handler, transactor } = open();
    await send(['a', '0']);
    transactor.hold();
    const stopped = watch(task.stop(GRACE_MS));
    await handler.last.done();
    await pass(20);
    expect([stopped.over, transactor.closed]).toEqual([false, false]);
    await transactor.answer();
    expect([stopped.over, transactor.closed]).toEqual([true, true]);
  });

  it('closes even if its last commit fails: the next owner reads the records again', async () => {
    const { send, task, pass, handler, transactor, crashes } = open();
    await send(['a', '0']);
    transactor.hold();
    const stopped = watch(task.stop(GRACE_MS));
    await handler.last.done();
    await pass(20);
    await transactor.answer(new LogError('TRANSACTION_FAILED', 'nobody knows'));
    expect(stopped).toEqual({ over: true, value: undefined });
    expect([transactor.closed, crashes]).toEqual([true, []]);
  });

  it('aborts runs that do not end within its grace period, and leaves them to the next owner', async () => {
    const { send, task, pass, handler, transactor, metrics } = open();
    await send(['a', '0']);
    const { signal } = handler.last.context;
    const stopped = watch(task.stop(GRACE_MS));
    await pass(GRACE_MS - 10);
    expect(signal.aborted).toBe(false);
    await pass(10);
    expect(signal.reason).toEqual(new Error('the worker stops'));
    expect(stopped.over).toBe(false);
    await handler.last.fail();
    await pass(10);
    expect([stopped.over, transactor.closed, transactor.offset]).toEqual([true, true, 0]);
    expect(await readingOf(metrics.recordsIn)).toEqual({});
  });

  it('does not wait without limit for a run that ignores its abort, and writes nothing of its end', async () => {
    const { send, task, pass, handler, transactor, wrote } = open();
    await send(['a', '0']);
    const stopped = watch(task.stop(GRACE_MS));
    await pass(GRACE_MS + ABORT_MS - 10);
    expect(stopped.over).toBe(false);
    await pass(10);
    expect([stopped.over, transactor.closed]).toEqual([true, true]);
    handler.last.context.end(answer('a', 1, 'too late'));
    await handler.last.done();
    expect([wrote(), transactor.offset]).toEqual([[], 0]);
  });

  it('ends at once when it loses its partition during the stop', async () => {
    for (const afterMs of [GRACE_MS / 2, GRACE_MS + ABORT_MS / 2]) {
      const { send, task, pass } = open();
      await send(['a', '0']);
      const stopped = watch(task.stop(GRACE_MS));
      await pass(afterMs);
      await task.drop();
      await pass(20);
      expect(stopped.over).toBe(true);
    }
  });
});

describe('a task that loses its partition', () => {
  it('aborts runs with a reason, and writes nothing of them', async () => {
    const { send, task, handler, transactor, metrics } = open();
    await send(['a', '0'], ['b', '1']);
    const before = transactor.batches.length;
    await task.drop();
    expect(transactor.closed).toBe(true);
    for (const { context } of handler.runs) {
      expect(context.signal.reason).toEqual(new LogError('FENCED', 'the partition was lost'));
      context.end(answer('a', 1, 'too late'));
      await expect(context.emit(answer('a', 1, 'too late'))).rejects.toMatchObject({ code: 'FENCED' });
    }
    await handler.runs[0]?.done();
    await handler.runs[1]?.fail();
    expect(transactor.batches).toHaveLength(before);
    expect(await readingOf(metrics.recordsIn)).toEqual({});
    expect(await readingOf(metrics.workersBusy)).toEqual({ work: 0 });
  });

  it('begins no runs and takes no records', async () => {
    const { send, task, handler } = open({ concurrencyMax: 1 });
    await send(['a', '0'], ['b', '1']);
    await task.drop();
    expect(await send(['c', '2'])).toBeNull();
    await handler.last.done();
    expect(handler.prompts).toEqual(['0']);
  });

  it('writes no passed offsets, even if a commit was under way', async () => {
    const { push, task, transactor } = open();
    transactor.hold();
    await push([], 3);
    await task.drop();
    await push([], 5);
    await transactor.answer();
    expect([transactor.batches.length, transactor.offset]).toEqual([1, 3]);
  });

  it('does not report the failure of the commit under way: the next owner decides it', async () => {
    const { send, task, transactor, crashes } = open();
    transactor.hold();
    await send(['a', '0']);
    await task.drop();
    await transactor.answer(new LogError('FENCED', 'a newer holder exists'));
    expect(crashes).toEqual([]);
  });
});
