import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../runner/testing/processors.ts';
import { JobError } from '../sdk/errors.ts';
import { doing, settles, TestJob } from './testing.ts';

/** Returns a step function that fails `times` times, and the attempts that it saw. */
function failing(times: number, error: () => unknown = () => new Error('not yet')) {
  const attempts: number[] = [];
  const fn = ({ attempt }: { readonly attempt: number }): string => {
    attempts.push(attempt);
    if (attempts.length <= times) throw error();
    return `attempt ${attempt}`;
  };
  return { fn, attempts };
}

describe('a step that fails', () => {
  it('is run again in the run after a short delay, and each attempt is recorded before', async () => {
    const clock = new ManualClock();
    const { fn, attempts } = failing(2);
    const test = new TestJob(doing((ctx) => ctx.step('a', fn)));
    const running = test.run({ clock });
    await settles();
    expect([attempts, test.kept]).toEqual([[1], ['/a/1 step attempted']]);
    clock.advance(199);
    await settles();
    expect(attempts).toEqual([1]);
    clock.advance(41);
    await settles();
    expect(attempts).toEqual([1, 2]);
    clock.advance(480);
    expect((await running).output).toBe('"attempt 3"');
    expect(test.entries).toMatchObject([{ name: 'a', outcome: 'completed', attempts: 3 }]);
  });

  it('has the same delay in every run', async () => {
    const delays = await Promise.all(
      [1, 2].map(async () => {
        const clock = new ManualClock();
        const { fn, attempts } = failing(1);
        const running = new TestJob(doing((ctx) => ctx.step('a', fn))).run({ clock });
        await settles();
        let delay = 0;
        for (; attempts.length === 1; delay += 1) {
          clock.advance(1);
          await settles();
        }
        await running;
        return delay;
      }),
    );
    expect(delays[0]).toBeGreaterThanOrEqual(200);
    expect(delays[0]).toBeLessThanOrEqual(240);
    expect(delays[1]).toBe(delays[0]);
  });

  it('waits without a worker for a delay of more than a second, and counts on in the next run', async () => {
    const clock = new ManualClock(10_000);
    const { fn, attempts } = failing(1);
    const test = new TestJob(doing((ctx) => ctx.step('a', fn, { retry: { firstDelayMs: 5_000 } })));
    const end = await test.run({ clock });
    expect(end.outcome).toBe('waiting');
    const until = test.waits.get('/a/1')?.until;
    expect([...test.waits.values()]).toMatchObject([{ name: 'a', kind: 'retry' }]);
    expect(until).toBeGreaterThanOrEqual(15_000);
    expect(until).toBeLessThanOrEqual(16_000);
    // Woken for another reason before its time, it waits on for the same time.
    clock.advance(1_000);
    expect((await test.run({ clock })).reports).toMatchObject([{ kind: 'wait', wait: { until } }]);
    clock.advance(5_000);
    expect(await test.run({ clock })).toMatchObject({ outcome: 'completed', output: '"attempt 2"' });
    expect(attempts).toEqual([1, 2]);
  });

  it('keeps the run for the rest of a delay when that is short', async () => {
    const clock = new ManualClock(10_000);
    const { fn } = failing(1);
    const test = new TestJob(doing((ctx) => ctx.step('a', fn, { retry: { firstDelayMs: 5_000 } })));
    await test.run({ clock });
    clock.advance((test.waits.get('/a/1')?.until ?? 0) - clock.now() - 1_000);
    const running = test.run({ clock });
    await settles();
    clock.advance(1_000);
    expect(await running).toMatchObject({ outcome: 'completed' });
  });

  it('fails for good after its attempts, with the code of the last one, and the handler may go on', async () => {
    const { fn, attempts } = failing(9, () => new JobError('NO_ROUTE', 'cannot reach it'));
    const test = new TestJob(
      doing(async (ctx) => {
        const caught = await ctx
          .step('a', fn, { retry: { attempts: 3, firstDelayMs: 1 } })
          .catch((error: JobError) => [error.code, error.message]);
        await ctx.sleep(1);
        return caught;
      }),
    );
    expect(await test.complete()).toMatchObject({ outcome: 'completed', output: '["NO_ROUTE","cannot reach it"]' });
    expect(attempts).toEqual([1, 2, 3]);
    expect(test.entries[0]).toMatchObject({ outcome: 'failed', code: 'NO_ROUTE', attempts: 3 });
  });

  it('fails at once for an error that is not retryable', async () => {
    const { fn, attempts } = failing(9, () => new JobError('NO_STOCK', 'none', { retryable: false }));
    const test = new TestJob(doing((ctx) => ctx.step('a', fn)));
    expect(await test.run()).toMatchObject({ outcome: 'failed', code: 'NO_STOCK', retryable: false });
    expect(attempts).toEqual([1]);
  });

  it('that ended the run begins again with new attempts in the next run, also behind a cause', async () => {
    const { fn, attempts } = failing(4);
    const test = new TestJob(
      doing(async (ctx) => {
        await ctx.step('before', () => 1);
        return ctx.step('a', fn, { retry: { attempts: 2, firstDelayMs: 1 } }).catch((cause: unknown) => {
          throw new Error('it did not work', { cause });
        });
      }),
    );
    expect(await test.run()).toMatchObject({ outcome: 'failed', code: 'JOB_FAILED', retryable: true });
    expect(test.kept).toEqual(['/before/1 step completed', '/a/1 step attempted']);
    expect(await test.run()).toMatchObject({ outcome: 'failed', retryable: true });
    expect(await test.run()).toMatchObject({ outcome: 'completed', output: '"attempt 5"' });
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
  });

  it('counts its attempts across crashes', async () => {
    const clock = new ManualClock();
    const { fn, attempts } = failing(3);
    const test = new TestJob(doing((ctx) => ctx.step('a', fn, { retry: { attempts: 3, firstDelayMs: 1 } })));
    const run = async (commits: number) => {
      const running = test.run({ commits, clock });
      while (!(await settles(running))) clock.advance(1);
      return running;
    };
    await expect(run(1)).rejects.toThrow('died');
    expect(attempts).toEqual([1, 2]);
    // The second attempt was not recorded: it is made again.
    await expect(run(1)).rejects.toThrow('died');
    expect(attempts).toEqual([1, 2, 2, 3]);
    expect(test.entries).toMatchObject([{ outcome: 'attempted', attempts: 2 }]);
    expect(await run(1)).toMatchObject({ outcome: 'completed', output: '"attempt 3"' });
  });

  it('fails with a code when its result is no JSON, without another attempt', async () => {
    const test = new TestJob(doing((ctx) => ctx.step('a', () => 1n as unknown)));
    expect(await test.run()).toMatchObject({ outcome: 'failed', code: 'JOB_OUTPUT_NOT_JSON', retryable: false });
  });
});

describe('the time-out of a step', () => {
  it('aborts its signal and fails the attempt, also of code that does not obey', async () => {
    const clock = new ManualClock();
    const signals: AbortSignal[] = [];
    const test = new TestJob(
      doing((ctx) =>
        ctx.step(
          'a',
          ({ signal }) => {
            signals.push(signal);
            return new Promise(() => undefined);
          },
          { timeout: 1_000, retry: { attempts: 2, firstDelayMs: 1 } },
        ),
      ),
    );
    const running = test.run({ clock });
    await settles();
    clock.advance(999);
    await settles();
    expect(signals[0]?.aborted).toBe(false);
    for (const ms of [1, 10, 1_000]) {
      clock.advance(ms);
      await settles();
    }
    expect(await running).toMatchObject({ outcome: 'failed', code: 'JOB_STEP_TIMEOUT', retryable: true });
    expect(signals.map(({ aborted, reason }) => [aborted, reason.code])).toEqual([
      [true, 'JOB_STEP_TIMEOUT'],
      [true, 'JOB_STEP_TIMEOUT'],
    ]);
    expect(clock.waits).toBe(0);
  });
});

describe('a run that is stopped', () => {
  it('aborts its steps and ends when they have ended; what they returned is recorded, what they threw is not', async () => {
    const stop = new AbortController();
    const reasons: unknown[] = [];
    const test = new TestJob(
      doing((ctx) =>
        ctx.all([
          () =>
            ctx.step(
              'obeys',
              ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
            ),
          () =>
            ctx.step(
              'ends',
              ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(7))),
            ),
          async () => ctx.abortSignal.addEventListener('abort', () => reasons.push(ctx.abortSignal.reason)),
        ]),
      ),
    );
    const running = test.run({ stop: stop.signal });
    await settles();
    stop.abort('cancelled');
    expect(await running).toMatchObject({ outcome: 'stopped', code: null });
    expect([reasons, test.kept]).toEqual([['cancelled'], ['/ends/1 step completed']]);
  });

  it('is left behind after five seconds by steps that do not obey', async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const test = new TestJob(doing((ctx) => ctx.step('deaf', () => new Promise(() => undefined))));
    const running = test.run({ clock, stop: stop.signal });
    await settles();
    stop.abort();
    clock.advance(4_999);
    expect(await settles(running)).toBe(false);
    clock.advance(1);
    expect(await running).toMatchObject({ outcome: 'stopped' });
  });

  it('before it begins, begins no step', async () => {
    let ran = false;
    const test = new TestJob(
      doing((ctx) =>
        ctx.step('a', () => {
          ran = true;
        }),
      ),
    );
    expect(await test.run({ stop: AbortSignal.abort() })).toMatchObject({ outcome: 'stopped' });
    expect(ran).toBe(false);
  });

  it('after its steps lets them end, and begins no other step, attempt or wait', async () => {
    const finishSteps = new AbortController();
    const gate = Promise.withResolvers<number>();
    const begun: string[] = [];
    const clock = new ManualClock();
    const test = new TestJob(
      doing(async (ctx) => {
        const again = ctx.step('again', () => {
          begun.push('again');
          throw new Error('not yet');
        });
        await ctx.step('runs', () => gate.promise);
        await ctx.step('next', () => begun.push('next'));
        return again;
      }),
    );
    const running = test.run({ finishSteps: finishSteps.signal, clock });
    await settles();
    finishSteps.abort();
    clock.advance(1_000);
    expect(await settles(running)).toBe(false);
    gate.resolve(1);
    expect(await running).toMatchObject({ outcome: 'stopped' });
    expect([begun, test.kept]).toEqual([['again'], ['/again/1 step attempted', '/runs/1 step completed']]);
  });
});
