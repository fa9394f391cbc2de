import { describe, expect, it } from 'vitest';
import { open } from '../testing/attempts.ts';
import { quiet, readingOf } from '../testing/by-hand.ts';
import { cancelOf, cancels, recordAt } from '../testing/worker.ts';

/** Runs the record at offset 3; the cancels of its key arrive when the test reads them. */
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
  it('ends the current run as soon as it is read; the record is then abandoned as a run of its own', async () => {
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

  it('does not change a run that is done by then', async () => {
    const { settle, read, handler } = await cancellable();
    const settled = await settle();
    await read(4, 'x');
    await handler.last.done();
    expect([settled.value, handler.abandoned]).toEqual(['done', []]);
  });

  it('abandons its record without a run when it was read before', async () => {
    const { settle, read, handler } = await cancellable();
    await read(4, 'x');
    const settled = await settle();
    expect(handler.runs).toEqual([]);
    expect(handler.abandoned).toMatchObject([{ context: { attempt: 1 }, error: { code: 'WORK_CANCELLED' } }]);
    expect(settled.value).toBe('done');
  });

  it('ends the backoff before a retry', async () => {
    const { settle, read, handler } = await cancellable();
    const settled = await settle();
    await handler.last.fail();
    await read(4, 'x');
    expect([settled.value, handler.runs.length]).toEqual(['done', 1]);
    expect(handler.last.context.signal.aborted).toBe(false);
    expect(handler.abandoned).toMatchObject([{ error: { code: 'WORK_CANCELLED' } }]);
  });

  it('is the cause of the end of a last run, too', async () => {
    const { settle, read, handler } = await cancellable('x', '1;;3:2');
    await settle();
    await read(4, 'x');
    await handler.last.fail();
    expect(handler.abandoned).toMatchObject([{ context: { attempt: 4 }, error: { code: 'WORK_CANCELLED' } }]);
  });

  it('ends only the record that it names, and no later record', async () => {
    const { settle, read, handler } = await cancellable();
    await settle();
    await read(4, 'y');
    await read(2, 'x');
    expect(handler.last.context.signal.aborted).toBe(false);
  });

  it('is not handled itself: it took effect when it was read', async () => {
    const { settle, handler } = await open({ cancels });
    expect((await settle(recordAt(3, 'a', cancelOf('a', 'x')))).value).toBe('done');
    expect(handler.runs).toEqual([]);
  });

  it('is an ordinary record for a worker without cancels', async () => {
    const { attempts, settle, queueOf, handler } = await open();
    const record = recordAt(3, 'a', cancelOf('a', 'x'));
    const queue = queueOf(record);
    queue.cancels.push({ offset: 4, record: cancelOf('a', '') });
    await settle(record, queue);
    expect(handler.runs).toHaveLength(1);
    expect(handler.last.context.signal.aborted).toBe(false);
    expect(attempts.inFlight()).toHaveLength(1);
  });
});
