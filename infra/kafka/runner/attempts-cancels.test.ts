import { describe, expect, it } from 'vitest';
import { open } from './attempts-testing.ts';
import { quiet, readingOf } from './by-hand-testing.ts';
import { cancelOf, cancels, recordAt } from './worker-testing.ts';

/** The record at offset 3, whose key's cancels come when the test reads them. */
async function cancellable(prompt = 'x', metadata = '') {
  const bench = await open({ cancels }, metadata);
  const record = recordAt(3, 'a', prompt);
  const queue = bench.queueOf(record);
  return {
    ...{ ...bench, queue },
    settle: () => bench.settle(record, queue),
    read: async (offset: number, meant: string): Promise<void> => {
      queue.cancels.push({ offset, record: cancelOf('a', meant) });
      queue.cancelled();
      await quiet();
    },
  };
}

describe('a cancel', () => {
  it('ends the run under way as soon as it is read, which is then abandoned as a run of its own', async () => {
    const { settle, read, handler, metrics } = await cancellable();
    const settled = await settle();
    await read(4, 'x');
    expect(handler.last.context.signal.reason).toMatchObject({ code: 'WORK_CANCELLED' });
    await handler.last.fail(new Error('something less telling'));
    expect(handler.abandoned).toMatchObject([{ context: { attempt: 2 }, error: { code: 'WORK_CANCELLED' } }]);
    expect([settled.value, handler.runs.length]).toEqual(['done', 1]);
    expect(await readingOf(metrics.workRuns)).toEqual({ 'work WORK_CANCELLED': 1 });
    expect(await readingOf(metrics.workAbandoned)).toEqual({ 'work WORK_CANCELLED': 1 });
  });

  it('leaves a run that is done by then as it is', async () => {
    const { settle, read, handler } = await cancellable();
    const settled = await settle();
    await read(4, 'x');
    await handler.last.done();
    expect([settled.value, handler.abandoned]).toEqual(['done', []]);
  });

  it('that was read before has what it means abandoned without a run', async () => {
    const { settle, read, handler } = await cancellable();
    await read(4, 'x');
    const settled = await settle();
    expect(handler.runs).toEqual([]);
    expect(handler.abandoned).toMatchObject([{ context: { attempt: 1 }, error: { code: 'WORK_CANCELLED' } }]);
    expect(settled.value).toBe('done');
  });

  it('ends the wait before another try', async () => {
    const { settle, read, handler } = await cancellable();
    const settled = await settle();
    await handler.last.fail();
    await read(4, 'x');
    expect([settled.value, handler.runs.length]).toEqual(['done', 1]);
    expect(handler.last.context.signal.aborted).toBe(false);
    expect(handler.abandoned).toMatchObject([{ error: { code: 'WORK_CANCELLED' } }]);
  });

  it('is why a last run ended, too', async () => {
    const { settle, read, handler } = await cancellable('x', '1;;3:2');
    await settle();
    await read(4, 'x');
    await handler.last.fail();
    expect(handler.abandoned).toMatchObject([{ context: { attempt: 4 }, error: { code: 'WORK_CANCELLED' } }]);
  });

  it('ends nothing but what it means, and nothing that came after it', async () => {
    const { settle, read, handler } = await cancellable();
    await settle();
    await read(4, 'y');
    await read(2, 'x');
    expect(handler.last.context.signal.aborted).toBe(false);
  });

  it('is not handled itself: it did its part when it was read', async () => {
    const { settle, handler } = await open({ cancels });
    expect((await settle(recordAt(3, 'a', cancelOf('a', 'x')))).value).toBe('done');
    expect(handler.runs).toEqual([]);
  });

  it('is a record like any other for a worker that cancels nothing', async () => {
    const { attempts, settle, queueOf, handler } = await open();
    const record = recordAt(3, 'a', cancelOf('a', 'x'));
    const queue = queueOf(record);
    queue.cancels.push({ offset: 4, record: cancelOf('a', '') });
    await settle(record, queue);
    expect(handler.runs).toHaveLength(1);
    expect(handler.last.context.signal.aborted).toBe(false);
    expect(attempts.held()).toHaveLength(1);
  });
});
