import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../runner/testing/processors.ts';
import { JobError } from '../sdk/errors.ts';
import { doing, JOB_ID, settles, TestJob } from './testing.ts';

describe('a run', () => {
  it('records each step before the code goes on, and ends with the result', async () => {
    const order: string[] = [];
    const test = new TestJob(
      doing(async (ctx, name) => {
        const a = await ctx.step('a', () => `hello ${name as string}`);
        order.push('after a');
        return [a, await ctx.step('b', async () => 2)];
      }),
      'Inti',
    );
    const end = await test.run({ onCommit: (reports) => void order.push(`commit ${reports.length}`) });
    expect(end).toMatchObject({ outcome: 'completed', output: '["hello Inti",2]', reports: [] });
    expect(order).toEqual(['commit 1', 'after a', 'commit 1']);
    expect(test.kept).toEqual(['/a/1 step completed', '/b/1 step completed']);
  });

  it('takes the results of finished steps from the journal, as JSON gives them back, also in the first run', async () => {
    let runs = 0;
    const seen: unknown[] = [];
    const test = new TestJob(
      doing(async (ctx) => {
        seen.push(
          await ctx.step('date', () => {
            runs += 1;
            return { at: new Date(0), none: undefined };
          }),
          await ctx.step('nothing', () => undefined),
        );
        await ctx.sleep(10);
        return seen.length;
      }),
    );
    expect(await test.complete()).toMatchObject({ outcome: 'completed', output: '4' });
    const result = { at: '1970-01-01T00:00:00.000Z' };
    expect([runs, seen]).toEqual([1, [result, null, result, null]]);
  });

  it('counts the uses of a name in a branch', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        for (const n of [1, 2, 3]) await ctx.step('send', () => n);
        return ctx.all({ send: (branch) => branch.step('send', () => 4) });
      }),
    );
    expect((await test.run()).output).toBe('{"send":4}');
    expect(test.entries.map(({ path, name, nth, output }) => [path, name, nth, output])).toEqual([
      ['', 'send', 1, '1'],
      ['', 'send', 2, '2'],
      ['', 'send', 3, '3'],
      ['send/1', 'send', 1, '4'],
    ]);
  });

  it('commits parallel steps that end in one turn together', async () => {
    const test = new TestJob(doing((ctx) => Promise.all(['a', 'b', 'c'].map((name) => ctx.step(name, () => name)))));
    expect((await test.run()).output).toBe('["a","b","c"]');
    expect(test.commits).toEqual([3]);
  });

  it('gives a step its attempt, a signal and a key that is the same in every run', async () => {
    const keys: string[] = [];
    const test = new TestJob(
      doing(async (ctx) => {
        keys.push(ctx.idempotencyKey, ctx.jobId);
        return ctx.step('a', ({ signal, idempotencyKey, attempt }) => {
          keys.push(idempotencyKey);
          return [signal.aborted, attempt];
        });
      }),
    );
    expect((await test.run()).output).toBe('[false,1]');
    test.entries = [];
    await test.run();
    expect(keys.slice(3)).toEqual(keys.slice(0, 3));
    expect(new Set(keys)).toEqual(new Set([expect.any(String), JOB_ID, expect.any(String)]));
  });

  it('ends when the handler throws, with its code', async () => {
    const throwing = (error: unknown) =>
      new TestJob(
        doing(async () => {
          throw error;
        }),
      ).run();
    expect(await throwing(new Error('no luck'))).toMatchObject({
      ...{ outcome: 'failed', code: 'JOB_FAILED', detail: 'no luck', retryable: true },
    });
    expect(await throwing(new JobError('NO_STOCK', 'none is left', { retryable: false }))).toMatchObject({
      ...{ outcome: 'failed', code: 'NO_STOCK', detail: 'none is left', retryable: false },
    });
    expect(await throwing('x'.repeat(5_000))).toMatchObject({ code: 'JOB_FAILED', detail: 'x'.repeat(1_000) });
    expect(await throwing(Object.assign(new Error('e'), { code: 'not a code' }))).toMatchObject({ code: 'JOB_FAILED' });
  });

  it('refuses an input and a result that do not fit, for good', async () => {
    const strict = doing(async () => 1, { input: z.object({ name: z.string() }), output: z.string() });
    const badInput = await new TestJob(strict, { name: 7 }).run();
    expect(badInput).toMatchObject({ outcome: 'failed', code: 'JOB_INPUT_INVALID', retryable: false });
    const badOutput = await new TestJob(strict, { name: 'Inti' }).run();
    expect(badOutput).toMatchObject({ outcome: 'failed', code: 'JOB_OUTPUT_INVALID', retryable: false });
  });

  it('refuses a result that is no JSON, for good', async () => {
    for (const value of [1n, () => 1, Symbol('s')]) {
      const end = await new TestJob(doing(async () => value)).run();
      expect(end).toMatchObject({ outcome: 'failed', code: 'JOB_OUTPUT_NOT_JSON', retryable: false });
    }
  });

  it('refuses a name that is empty, too long or has a slash', async () => {
    for (const name of ['', 'a/b', 'x'.repeat(101)]) {
      const end = await new TestJob(doing((ctx) => ctx.step(name, () => 1))).run();
      expect(end).toMatchObject({ outcome: 'failed', code: 'JOB_NAME_INVALID', retryable: false });
    }
    expect(await new TestJob(doing((ctx) => ctx.step('x'.repeat(100), () => 1))).run()).toMatchObject({ output: '1' });
  });

  it('rejects when a commit fails, and the code does not go on', async () => {
    let after = false;
    const test = new TestJob(
      doing(async (ctx) => {
        await ctx.step('a', () => 1);
        after = true;
      }),
    );
    await expect(test.run({ commits: 0 })).rejects.toThrow('the process died');
    await settles();
    expect(after).toBe(false);
  });
});

describe('values of a run', () => {
  it('have the time of the first run that came to `now`, and the same randomness in every run', async () => {
    const seen: (readonly [number, number, number])[] = [];
    const clock = new ManualClock(5_000);
    const test = new TestJob(
      doing(async (ctx) => {
        const early = ctx.now().getTime();
        await ctx.step('a', () => 1);
        await ctx.sleep(1);
        const random = ctx.random();
        seen.push([early, random, ctx.random()]);
        expect(ctx.now().getTime()).toBe(7_000);
        await ctx.sleep(1);
        return 1;
      }),
    );
    await test.run({ clock });
    test.resolve();
    clock.advance(2_000);
    await test.run({ clock });
    test.resolve();
    clock.advance(2_000);
    expect(await test.run({ clock })).toMatchObject({ outcome: 'completed' });
    expect(seen[1]).toEqual(seen[0]);
    const [[early, one, two]] = seen as [readonly [number, number, number]];
    expect(early).toBe(5_000);
    expect(one).not.toBe(two);
    for (const value of [one, two]) expect(value >= 0 && value < 1).toBe(true);
  });

  it('record `now` in the transaction of what comes next', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        ctx.now();
        await ctx.step('a', () => 1);
      }),
    );
    await test.run();
    expect([test.commits, test.kept]).toEqual([[2], ['/now/1 now completed', '/a/1 step completed']]);
  });
});

describe('progress', () => {
  it('is reported once in 250 ms, with the last message, and not in a replay', async () => {
    const clock = new ManualClock();
    const gate = Promise.withResolvers<void>();
    const test = new TestJob(
      doing(async (ctx) => {
        ctx.progress(0, 'begins');
        ctx.progress(10, 'goes on');
        await ctx.step('a', () => gate.promise);
        ctx.progress(null, 'waits');
        await ctx.sleep(1);
        return 1;
      }),
    );
    const running = test.run({ clock });
    await settles();
    expect(test.reports).toEqual([]);
    clock.advance(250);
    await settles();
    expect(test.reports).toEqual([{ kind: 'progress', percent: 10, message: 'goes on' }]);
    gate.resolve();
    expect((await running).reports).toMatchObject([
      { kind: 'wait' },
      { kind: 'progress', percent: null, message: 'waits' },
    ]);
    test.resolve();
    expect((await test.run({ clock })).outcome).toBe('completed');
    expect(test.reports.filter(({ kind }) => kind === 'progress')).toHaveLength(2);
  });
});
