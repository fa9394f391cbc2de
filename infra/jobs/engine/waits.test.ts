import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../runner/testing/processors.ts';
import { JobError } from '../sdk/errors.ts';
import { job } from '../sdk/job.ts';
import { doing, settles, TestJob } from './testing.ts';

const NONE = { until: null, signal: null, childType: null, request: null, recorded: null };

describe('a wait', () => {
  it('ends the run, and its result is that of the next run', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        const day = 86_400_000;
        await ctx.sleep(day);
        await ctx.sleepUntil(new Date(7 * day), { name: 'a week' });
        const approved = await ctx.signal('approved');
        const late = await ctx.signal('late', { timeout: 1_000 }).catch((error: JobError) => error.code);
        const sum = await ctx.child('math.sum', { numbers: [1, 2] });
        const { text } = await ctx.model({ prompt: 'Greet the sun', model: 'm', maxTokens: 7 });
        const again = await ctx.model({ prompt: 'Again', name: 'again' });
        return [approved, late, sum, text, again.tokens.prompt];
      }),
    );
    const clock = new ManualClock(1_000);
    const waits: object[] = [];
    const next = async (output: unknown, failure?: readonly [string, string]): Promise<void> => {
      expect(await test.run({ clock })).toMatchObject({ outcome: 'waiting', output: null });
      waits.push(...test.waits.values());
      test.resolve(output, undefined, failure);
    };
    await next(null);
    await next(null);
    await next({ by: 'Inti' });
    await next(null, ['SIGNAL_TIMEOUT', 'too late']);
    await next(3);
    const answer = { model: 'm', finish_reason: 'stop' };
    await next({ ...answer, text: 'Hello', tokens: { prompt: 3, completion: 1 } });
    await next({ ...answer, text: 'Hello again', tokens: { prompt: 8, completion: 1 } });
    expect((await test.run({ clock })).output).toBe('[{"by":"Inti"},"SIGNAL_TIMEOUT",3,"Hello",8]');
    const at = (name: string, nth = 1) => ({ path: '', name, nth, ...NONE });
    expect(waits).toEqual([
      { ...at('sleep'), kind: 'sleep', until: 86_401_000 },
      { ...at('a week'), kind: 'sleep', until: 604_800_000 },
      { ...at('approved'), kind: 'signal', signal: 'approved' },
      { ...at('late'), kind: 'signal', signal: 'late', until: 2_000 },
      { ...at('math.sum'), kind: 'child', childType: 'math.sum', request: '{"numbers":[1,2]}' },
      { ...at('model'), kind: 'model', request: '{"prompt":"Greet the sun","model":"m","max_tokens":7}' },
      { ...at('again'), kind: 'model', request: '{"prompt":"Again"}' },
    ]);
  });

  it('for a declared child has the name of its type', async () => {
    const sum = job({
      ...{ name: 'math.sum', version: 1, title: 'Adds', input: z.array(z.number()), output: z.number() },
      run: async (_, numbers) => numbers.reduce((a, b) => a + b, 0),
    });
    const test = new TestJob(doing(async (ctx) => (await ctx.child(sum, [1, 2], { name: 'total' })) + 1));
    await test.run();
    expect([...test.waits.values()]).toMatchObject([{ name: 'total', childType: 'math.sum', request: '[1,2]' }]);
    test.resolve(3);
    expect((await test.run()).output).toBe('4');
  });

  it('that fails rejects with its code, and the job is not run again for it', async () => {
    const test = new TestJob(doing((ctx) => ctx.child('bad', null)));
    await test.run();
    test.resolve(null, '/bad/1', ['NO_STOCK', 'none is left']);
    expect(await test.run()).toMatchObject({ outcome: 'failed', code: 'NO_STOCK', retryable: false });
  });

  it('longer than ten years, or of no number, is refused', async () => {
    for (const ms of [11 * 366 * 86_400_000, Number.NaN, Number.POSITIVE_INFINITY])
      for (const wait of [
        doing((ctx) => ctx.sleep(ms)),
        doing((ctx) => ctx.signal('s', { timeout: ms })),
        doing((ctx) => ctx.sleepUntil(new Date(Date.now() + ms))),
      ])
        expect(await new TestJob(wait).run()).toMatchObject({ code: 'JOB_DELAY_INVALID', retryable: false });
  });

  it('with a request above 64 KiB to a model, or no JSON, is refused before it begins', async () => {
    const large = new TestJob(doing((ctx) => ctx.model({ prompt: 'x'.repeat(65_536) })));
    expect(await large.run()).toMatchObject({ code: 'JOB_INPUT_TOO_LARGE', reports: [] });
    expect(await new TestJob(doing((ctx) => ctx.child('c', 1n))).run()).toMatchObject({ code: 'JOB_INPUT_NOT_JSON' });
  });
});

describe('a run in which every branch waits', () => {
  it('ends with all of its waits in one transaction', async () => {
    const test = new TestJob(
      doing((ctx) =>
        ctx.all({ left: (b) => b.sleep(1), right: (b) => b.signal('go'), both: (b) => b.all([(c) => c.sleep(2)]) }),
      ),
    );
    const { outcome, reports } = await test.run();
    expect([outcome, test.commits]).toEqual(['waiting', []]);
    expect(reports.map((report) => report.kind === 'wait' && `${report.wait.path}:${report.wait.name}`)).toEqual([
      'left/1:sleep',
      'right/1:go',
      'both/1/0/1:sleep',
    ]);
  });

  it('does not end while a step runs, and its other waits are in the log meanwhile', async () => {
    const gate = Promise.withResolvers<number>();
    const test = new TestJob(
      doing((ctx) => ctx.all([(b) => b.child('c', 1), (b) => b.step('slow', () => gate.promise)])),
    );
    const running = test.run();
    expect(await settles(running)).toBe(false);
    expect([...test.waits.keys()]).toEqual(['0/1/c/1']);
    gate.resolve(7);
    expect(await running).toMatchObject({ outcome: 'waiting', reports: [] });
    expect(test.kept).toEqual(['1/1/slow/1 step completed']);
  });

  it('does not end while code goes on by itself, however many promises it takes', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        const asleep = ctx.sleep(1);
        for (let n = 0; n < 10_000; n += 1) await undefined;
        await ctx.step('after', () => 1);
        return asleep;
      }),
    );
    await test.run();
    expect(test.kept).toEqual(['/after/1 step completed']);
  });

  it('ends although the handler waits for something else, which is then begun again by the next run', async () => {
    let begun = 0;
    const test = new TestJob(
      doing(async (ctx) => {
        begun += 1;
        const elsewhere = new Promise((resolve) => setTimeout(resolve, 20));
        await Promise.all([ctx.sleep(1), elsewhere]);
        return ctx.step('after', () => begun);
      }),
    );
    expect((await test.run()).outcome).toBe('waiting');
    test.resolve();
    expect(await test.run()).toMatchObject({ outcome: 'completed', output: '2' });
  });

  it('keeps waiting in a run that was woken for another branch', async () => {
    const test = new TestJob(doing((ctx) => ctx.all([(b) => b.signal('a'), (b) => b.signal('b')])));
    await test.run();
    test.resolve(1, '1/1/b/1');
    expect((await test.run()).outcome).toBe('waiting');
    test.resolve(2);
    expect((await test.run()).output).toBe('[2,1]');
  });
});

describe('the branches of `all`', () => {
  it('have paths by label and use, so that equal names do not meet', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        const twice = async () =>
          ctx.all({ a: (b) => b.step('x', () => 1), b: (b) => b.all([(c) => c.step('x', () => 2)]) });
        return [await twice(), await twice(), await ctx.all([]), await ctx.all({})];
      }),
    );
    expect((await test.run()).output).toBe('[{"a":1,"b":[2]},{"a":1,"b":[2]},[],{}]');
    expect(test.entries.map(({ path }) => path).sort()).toEqual(['a/1', 'a/2', 'b/1/0/1', 'b/2/0/1']);
  });

  it('reject with the first that rejects; what the others have finished stays', async () => {
    const test = new TestJob(
      doing((ctx) =>
        ctx.all([
          (b) => b.step('good', () => 1),
          (b) =>
            b.step('bad', () => {
              throw new JobError('BAD', 'no', { retryable: false });
            }),
        ]),
      ),
    );
    expect(await test.run()).toMatchObject({ outcome: 'failed', code: 'BAD' });
    expect(test.kept).toEqual(['0/1/good/1 step completed', '1/1/bad/1 step attempted']);
  });

  it('have labels that are names', async () => {
    expect(await new TestJob(doing((ctx) => ctx.all({ 'a/b': () => 1 }))).run()).toMatchObject({
      code: 'JOB_NAME_INVALID',
    });
  });
});
