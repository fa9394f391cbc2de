import { describe, expect, it } from 'vitest';
import { LogError } from '../../kafka/errors.ts';
import { open } from '../testing/attempts.ts';
import { readingOf } from '../testing/by-hand.ts';
import { cancelOf, cancels, junkOf, ofUnknownSchema, recordAt } from '../testing/worker.ts';

describe('a run', () => {
  it('is the only one when it is handled', async () => {
    const { settle, handler, pass, metrics } = await open();
    const settled = await settle();
    expect(settled.over).toBe(false);
    await handler.last.done();
    expect(settled.value).toBe('done');
    await pass(1_000_000);
    expect(handler.prompts).toEqual(['x']);
    expect(handler.last.context).toMatchObject({ attempt: 1, meta: { offset: 0, key: 'a', type: 'InferText' } });
    expect(await readingOf(metrics.workRuns)).toEqual({ 'work done': 1 });
  });

  it('that throws is retried after a backoff that doubles, from 200 ms to ten seconds', async () => {
    const { settle, handler, pass, metrics } = await open({ attemptsMax: 100 });
    const settled = await settle();
    for (const ms of [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]) {
      const before = handler.runs.length;
      await handler.last.fail();
      await pass(ms - 1);
      expect(handler.runs).toHaveLength(before);
      await pass(1);
      expect(handler.runs).toHaveLength(before + 1);
    }
    await handler.last.done();
    expect(settled.value).toBe('done');
    expect(handler.runs.map(({ context }) => context.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await readingOf(metrics.workRuns)).toEqual({ 'work failed': 8, 'work done': 1 });
  });

  it('that throws is logged with its worker, key, attempt and cause', async () => {
    const { settle, handler, logged } = await open();
    await settle(recordAt(3, 'a', 'x'));
    await handler.last.fail(new LogError('LOG_UNAVAILABLE', 'no broker'));
    const line = { worker: 'work', key: 'a', attempt: 1, code: 'LOG_UNAVAILABLE', thrown: 'no broker' };
    expect(logged).toMatchObject([{ ...line, msg: 'no broker' }]);
  });

  it('has up to 30 % of random jitter in its backoff', async () => {
    const { settle, handler, pass, clock } = await open();
    clock.random = () => 0.5;
    await settle();
    await handler.last.fail();
    await pass(229);
    expect(handler.runs).toHaveLength(1);
    await pass(1);
    expect(handler.runs).toHaveLength(2);
  });

  it('counts from its begin, so that one that terminates the process counts', async () => {
    const { settle, handler, pass, progress, transactor } = await open();
    await settle(recordAt(3, 'a', 'x'));
    expect(transactor.batches.at(-1)?.offsets[0]?.metadata).toBe('1;;3:1');
    await handler.last.fail();
    await pass(200);
    expect(transactor.batches.at(-1)?.offsets[0]?.metadata).toBe('1;;3:2');
    expect(transactor.batches.at(-1)?.offsets[0]).toMatchObject(progress.snapshot());
  });

  it('is counted with its end when the record is new and its work is short', async () => {
    const { settle, handler, pass, outbox, progress, transactor } = await open({}, '', 3);
    await settle(recordAt(3, 'a', 'x'));
    await pass(249);
    await handler.last.done();
    progress.finish(3);
    outbox.touch();
    await pass(1_000);
    expect(transactor.batches.map(({ offsets }) => offsets[0]?.metadata)).toEqual(['1;CA==;']);
  });

  it('is counted after 250 ms when the record is new and its work is not', async () => {
    const { settle, pass, transactor } = await open({}, '', 3);
    await settle(recordAt(3, 'a', 'x'));
    await settle(recordAt(4, 'b', 'y'));
    await pass(249);
    expect(transactor.batches).toEqual([]);
    await pass(1);
    expect(transactor.batches.map(({ offsets }) => offsets[0]?.metadata)).toEqual(['1;;3:1,4:1']);
  });

  it('is counted at once when an earlier owner may have begun the record, or it is a retry', async () => {
    const { settle, handler, pass, transactor } = await open({}, '', 3);
    await settle(recordAt(2, 'a', 'x'));
    expect(transactor.batches).toHaveLength(1);
    await settle(recordAt(3, 'b', 'y'));
    await handler.last.fail();
    await pass(200);
    expect(transactor.batches.at(-1)?.offsets[0]?.metadata).toBe('1;;2:1,3:2');
  });

  it('continues the count of an earlier owner', async () => {
    const { settle, handler } = await open({}, '1;;0:1');
    await settle();
    expect(handler.last.context.attempt).toBe(2);
  });

  it('leaves no wait behind that would keep the process alive', async () => {
    const { settle, handler, clock } = await open();
    await settle();
    expect(clock.waits).toBe(1);
    await handler.last.done();
    expect(clock.waits).toBe(0);
  });

  it('is in flight until it ends, due at its deadline', async () => {
    const { settle, handler, clock, attempts } = await open({ deadlineMs: 500 });
    const began = clock.now();
    await settle(recordAt(3, 'a', 'x'));
    const position = { processor: 'work', topic: 'work.commands', partition: 0, offset: 3 };
    expect(attempts.inFlight()).toEqual([{ ...position, doing: 'work', sinceMs: began + 500 }]);
    await handler.last.fail();
    expect(attempts.inFlight()).toEqual([]);
  });
});

describe('the deadline of a run', () => {
  it('aborts it, and is the cause of its end, whatever the handler throws', async () => {
    const { settle, handler, pass, metrics, logged } = await open({ deadlineMs: 500, attemptsMax: 1 });
    await settle();
    const { signal } = handler.last.context;
    await pass(499);
    expect(signal.aborted).toBe(false);
    await pass(1);
    expect(signal.reason).toMatchObject({ code: 'WORK_DEADLINE' });
    await handler.last.fail(new Error('something less telling'));
    expect(handler.abandoned).toMatchObject([{ error: { code: 'WORK_DEADLINE' } }]);
    expect(logged).toMatchObject([{ code: 'WORK_DEADLINE', thrown: 'something less telling' }]);
    expect(await readingOf(metrics.workRuns)).toEqual({ 'work WORK_DEADLINE': 1 });
  });

  it('begins with each run, and ends with it', async () => {
    const { settle, handler, pass } = await open({ deadlineMs: 500 });
    await settle();
    await pass(400);
    await handler.last.fail();
    const first = handler.last.context.signal;
    await pass(200);
    const second = handler.last.context.signal;
    await pass(499);
    expect([first.aborted, second.aborted]).toEqual([false, false]);
    await pass(1);
    expect([first.aborted, second.aborted]).toEqual([false, true]);
  });
});

describe('a record whose runs are used up', () => {
  it('is abandoned with the error of its last run', async () => {
    const { settle, handler, pass, metrics } = await open({ attemptsMax: 2 });
    const settled = await settle();
    await handler.last.fail(new Error('failed 1'));
    await pass(200);
    expect(handler.abandoned).toEqual([]);
    await handler.last.fail(new LogError('LOG_UNAVAILABLE', 'failed 2'));
    expect(handler.abandoned).toMatchObject([{ prompt: 'x', context: { attempt: 2 }, error: { message: 'failed 2' } }]);
    expect([settled.value, handler.runs.length]).toEqual(['done', 2]);
    expect(await readingOf(metrics.workAbandoned)).toEqual({ 'work LOG_UNAVAILABLE': 1 });
  });

  it('does not run again when earlier runs terminated the process', async () => {
    const { settle, handler } = await open({ attemptsMax: 2 }, '1;;0:2');
    const settled = await settle();
    expect(handler.runs).toEqual([]);
    expect(handler.abandoned).toMatchObject([{ context: { attempt: 3 }, error: { code: 'WORK_ATTEMPTS_EXHAUSTED' } }]);
    expect(settled.value).toBe('done');
  });

  it('is a dead letter, and not abandoned, when the worker parks', async () => {
    const { settle, handler } = await open({ attemptsMax: 1, poison: 'park' });
    const settled = await settle();
    const error = new Error('failed');
    await handler.last.fail(error);
    expect(settled.value).toEqual({ error, attempt: 1 });
    expect(handler.abandoned).toEqual([]);
  });

  it('is a dead letter when `abandon` throws too', async () => {
    const { settle, handler, metrics } = await open({ attemptsMax: 1 });
    const error = new Error('cannot even say so');
    handler.onAbandon = () => Promise.reject(error);
    const settled = await settle();
    await handler.last.fail();
    expect(settled.value).toEqual({ error, attempt: 1 });
    expect(await readingOf(metrics.workAbandoned)).toEqual({});
  });
});

describe('a record that cannot be decoded', () => {
  it('is a dead letter after its first run', async () => {
    const { settle, handler } = await open();
    const settled = await settle(junkOf(recordAt(0, 'a', 'x')));
    expect(settled.value).toMatchObject({ error: { code: 'BYTES_NOT_FRAMED' }, attempt: 1 });
    expect([handler.runs, handler.abandoned]).toEqual([[], []]);
  });

  it('ends the task when the registry is unavailable: the next life reads it again', async () => {
    const { attempts, settle } = await open();
    const record = ofUnknownSchema(recordAt(0, 'a', 'x'));
    expect((await settle(record)).error).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await expect(attempts.drop(record)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });
});

describe('a task that stops', () => {
  it('begins no further run, and lets the current one end', async () => {
    const { settle, handler, stop } = await open();
    const settled = await settle();
    stop.abort();
    expect(handler.last.context.signal.aborted).toBe(false);
    await handler.last.done();
    expect(settled.value).toBe('done');
  });

  it('does not wait for retries', async () => {
    const { settle, handler, stop, pass } = await open();
    const settled = await settle();
    await handler.last.fail();
    expect(settled.over).toBe(false);
    stop.abort();
    await pass(0);
    expect(settled.value).toBe('ended');
    expect(handler.runs).toHaveLength(1);
  });
});

describe('a task that lost its partition', () => {
  it('aborts the run with a reason; the error that it then throws does not count as a failure', async () => {
    const { settle, handler, lose, metrics } = await open({ attemptsMax: 1 });
    const settled = await settle();
    await lose();
    expect(handler.last.context.signal.reason).toMatchObject({ code: 'FENCED' });
    await handler.last.fail();
    expect(settled.value).toBe('ended');
    expect(handler.abandoned).toEqual([]);
    expect(await readingOf(metrics.workRuns)).toEqual({});
  });

  it('begins no run', async () => {
    const { settle, handler, lose } = await open();
    await lose();
    expect((await settle()).value).toBe('ended');
    expect(handler.runs).toEqual([]);
  });

  it('aborts an abandon, and leaves it to the next owner', async () => {
    const { settle, handler, lose } = await open({ attemptsMax: 1 });
    handler.onAbandon = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const settled = await settle();
    await handler.last.fail();
    expect(settled.over).toBe(false);
    await lose();
    expect(settled.value).toBe('ended');
  });
});

describe('a dropped dead letter', () => {
  it('is abandoned as dropped, as a run of its own', async () => {
    const { attempts, handler } = await open({}, '1;;0:1');
    await attempts.drop(recordAt(0, 'a', 'x'));
    expect(handler.abandoned).toMatchObject([
      { prompt: 'x', context: { attempt: 2 }, error: { code: 'WORK_DROPPED' } },
    ]);
  });

  it('is not abandoned when it cannot be decoded or is a cancel', async () => {
    const { attempts, handler } = await open({ cancels });
    await attempts.drop(junkOf(recordAt(0, 'a', 'x')));
    await attempts.drop(recordAt(1, 'a', cancelOf('a', 'x')));
    expect(handler.abandoned).toEqual([]);
  });
});
