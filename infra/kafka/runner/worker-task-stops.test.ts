import { describe, expect, it } from 'vitest';
import { LogError } from '../errors.ts';
import { quiet, readingOf, watch } from './by-hand-testing.ts';
import { answer } from './testing.ts';
import { open } from './worker-task-testing.ts';
import { said } from './worker-testing.ts';

const GRACE_MS = 1_000;
/** How long a stop waits, after its grace, for what was aborted. */
const ABORT_MS = 1_000;

describe('a task that stops', () => {
  it('lets what runs end within its grace, commits it and closes', async () => {
    const { send, task, pass, handler, wrote, transactor } = open();
    await send(['a', '0']);
    const stopped = watch(task.stop(GRACE_MS));
    await pass(GRACE_MS / 2);
    expect([stopped.over, handler.last.context.signal.aborted]).toEqual([false, false]);
    handler.last.context.end(answer('a', 1, 'in time'));
    await handler.last.done();
    await pass(20);
    expect([stopped.over, transactor.closed]).toEqual([true, true]);
    expect(wrote().map(({ offset, records }) => [offset, said(records)])).toEqual([[1, ['in time']]]);
  });

  it('begins nothing more and takes nothing more', async () => {
    const { send, task, pass, handler, transactor } = open({ concurrencyMax: 1 });
    await send(['a', '0'], ['a', '1'], ['b', '2']);
    const stopped = watch(task.stop(GRACE_MS));
    expect(await send(['c', '3'])).toBeNull();
    await handler.last.done();
    await pass(20);
    expect([stopped.over, handler.prompts, transactor.offset]).toEqual([true, ['0'], 1]);
  });

  it('passes over nothing more either', async () => {
    const { send, push, task, pass, handler, transactor } = open();
    await send(['a', '0']);
    const stopped = watch(task.stop(GRACE_MS));
    await push([], 5);
    await handler.last.done();
    await pass(20);
    expect([stopped.over, transactor.offset]).toEqual([true, 1]);
  });

  it('needs no time when nothing is at work', async () => {
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

  it('closes though its last commit fails: the next owner reads the same again', async () => {
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

  it('aborts what does not end within its grace, and leaves it to the next owner', async () => {
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

  it('does not wait for ever for what does not mind being aborted, and writes nothing of its end', async () => {
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

  it('ends at once when it loses its partition meanwhile', async () => {
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
  it('aborts what runs, says why, and writes nothing of it', async () => {
    const { send, task, handler, transactor, metrics } = open();
    await send(['a', '0'], ['b', '1']);
    const before = transactor.batches.length;
    await task.drop();
    expect(transactor.closed).toBe(true);
    for (const { context } of handler.runs) {
      expect(context.signal.reason).toMatchObject({ code: 'FENCED' });
      context.end(answer('a', 1, 'too late'));
      await expect(context.emit(answer('a', 1, 'too late'))).rejects.toMatchObject({ code: 'FENCED' });
    }
    await handler.runs[0]?.done();
    await handler.runs[1]?.fail();
    expect(transactor.batches).toHaveLength(before);
    expect(await readingOf(metrics.recordsIn)).toEqual({});
    expect(await readingOf(metrics.workersBusy)).toEqual({ work: 0 });
  });

  it('begins nothing more and takes nothing more', async () => {
    const { send, task, handler } = open({ concurrencyMax: 1 });
    await send(['a', '0'], ['b', '1']);
    await task.drop();
    expect(await send(['c', '2'])).toBeNull();
    await handler.last.done();
    expect(handler.prompts).toEqual(['0']);
  });

  it('writes nothing more of what it passes over, though a commit was under way', async () => {
    const { push, task, transactor } = open();
    transactor.hold();
    await push([], 3);
    await task.drop();
    await push([], 5);
    await transactor.answer();
    expect([transactor.batches.length, transactor.offset]).toEqual([1, 3]);
  });

  it('is no failure: the commit under way is settled by the next owner', async () => {
    const { send, task, transactor, crashes } = open();
    transactor.hold();
    await send(['a', '0']);
    await task.drop();
    await transactor.answer(new LogError('FENCED', 'a newer holder exists'));
    expect(crashes).toEqual([]);
  });
});
