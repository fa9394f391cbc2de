import { describe, expect, it } from 'vitest';
import type { JobContext } from '../sdk/context.ts';
import { doing, settles, TestJob } from './testing.ts';

type Handler = (ctx: JobContext) => Promise<unknown>;

/** Returns a job that has run to its wait, with the code that is to go on. */
async function recorded(before: Handler, after: Handler) {
  const test = new TestJob(doing(before));
  expect((await test.run()).outcome).toBe('waiting');
  test.resolve();
  return () => test.run({}, doing(after));
}

const MISMATCH = { outcome: 'mismatch', code: 'JOURNAL_MISMATCH', retryable: false, reports: [] };

describe('code that does not fit the journal', () => {
  it('is found when it asks for another kind under a name', async () => {
    const run = await recorded(
      async (ctx) => {
        await ctx.step('load', () => 1);
        await ctx.sleep(1);
      },
      async (ctx) => ctx.signal('load'),
    );
    expect(await run()).toEqual({
      ...{ ...MISMATCH, output: null },
      detail: "the journal has step 'load'; the code asks for signal 'load'",
    });
  });

  it('is found when it ends without something recorded', async () => {
    const run = await recorded(
      async (ctx) => {
        await ctx.step('load', () => 1);
        await ctx.all({ left: (b) => b.sleep(1) });
      },
      async (ctx) => ctx.step('load', () => 1),
    );
    expect(await run()).toMatchObject({
      ...MISMATCH,
      detail: "the journal has sleep 'left/1/sleep'; the code ends without it",
    });
  });

  it('is found when it asks for something new before something recorded, which does not begin', async () => {
    let ran = false;
    const run = await recorded(
      async (ctx) => {
        for (const n of [1, 2]) await ctx.step('load', () => n);
        await ctx.sleep(1);
      },
      async (ctx) => {
        await ctx.step('load', () => 1);
        await ctx.step('check', () => {
          ran = true;
        });
        await ctx.step('load', () => 2);
        await ctx.sleep(1);
      },
    );
    expect(await run()).toMatchObject({
      ...MISMATCH,
      detail: "the journal has step 'load#2'; the code asks for step 'check' instead",
    });
    expect(ran).toBe(false);
  });

  it('is found when it has renamed a step that has failed and is run again', async () => {
    const test = new TestJob(
      doing((ctx) =>
        ctx.step(
          'old',
          () => {
            throw new Error('not yet');
          },
          { retry: { firstDelayMs: 60_000 } },
        ),
      ),
    );
    expect((await test.run()).outcome).toBe('waiting');
    expect(
      await test.run(
        {},
        doing((ctx) => ctx.step('new', () => 1)),
      ),
    ).toMatchObject({
      ...MISMATCH,
      detail: "the journal has step 'old'; the code asks for step 'new' instead",
    });
  });

  it('is no code that waits for something else first', async () => {
    const slow = () => new Promise((resolve) => setTimeout(resolve, 30));
    const code: Handler = async (ctx) => {
      const [, n] = await Promise.all([ctx.sleep(1), slow().then(() => ctx.step('slow', () => 7))]);
      return n;
    };
    const test = new TestJob(doing(code));
    test.entries.push({
      ...{ path: '', name: 'slow', nth: 1, kind: 'step', outcome: 'completed', output: '7', code: null, detail: null },
      ...{ generation: 1, attempts: 1, startedAt: 0, endedAt: 0 },
    });
    expect((await test.run()).outcome).toBe('waiting');
    test.resolve();
    expect(await test.run()).toMatchObject({ outcome: 'completed', output: '7' });
  });
});

describe('the order of results', () => {
  it('is that of their records, so that a race has the same winner in every run', async () => {
    const gates = { a: Promise.withResolvers<string>(), b: Promise.withResolvers<string>() };
    const winners: string[] = [];
    const test = new TestJob(
      doing(async (ctx) => {
        const both = [ctx.step('a', () => gates.a.promise), ctx.step('b', () => gates.b.promise)];
        const winner = await Promise.race(both);
        winners.push(winner);
        await ctx.step(`after ${winner}`, () => 1);
        await Promise.all(both);
        await ctx.sleep(1);
      }),
    );
    const running = test.run();
    await settles();
    gates.b.resolve('b');
    await settles();
    gates.a.resolve('a');
    expect((await running).outcome).toBe('waiting');
    test.resolve();
    expect((await test.run()).outcome).toBe('completed');
    expect(winners).toEqual(['b', 'b']);
  });

  it('has a wait that ended during a run after the steps of that run', async () => {
    const winners: unknown[] = [];
    const gate = Promise.withResolvers<string>();
    const test = new TestJob(
      doing(async (ctx) => {
        const signal = ctx.signal('s');
        const step = ctx.step('a', () => gate.promise);
        winners.push(await Promise.race([signal, step]));
        await step;
        await ctx.step(`after ${winners.at(-1) as string}`, () => 1);
        await signal;
      }),
    );
    const running = test.run({ onCommit: async () => settles().then(() => undefined) });
    await settles();
    await settles();
    await settles();
    // The signal comes while the run is active: that run does not see it.
    test.resolve('signal', '/s/1');
    gate.resolve('step');
    expect((await running).outcome).toBe('waiting');
    expect(test.kept[0]).toBe('/s/1 signal completed');
    expect((await test.run()).outcome).toBe('completed');
    expect(winners).toEqual(['step', 'step']);
  });

  it('numbers the uses of a name alike, whatever follows each of several results', async () => {
    const values = new Map<string, unknown>();
    const test = new TestJob(
      doing(async (ctx) => {
        const slowly = async () => {
          const got = await ctx.step('a', () => 'a');
          for (let n = 0; n < 5; n += 1) await undefined;
          values.set('a', await ctx.step('next', () => `next of ${got}`));
        };
        const quickly = async () => {
          const got = await ctx.step('b', () => 'b');
          values.set('b', await ctx.step('next', () => `next of ${got}`));
        };
        await Promise.all([slowly(), quickly()]);
        await ctx.sleep(1);
        return Object.fromEntries(values);
      }),
    );
    expect(await test.complete()).toMatchObject({ output: '{"a":"next of a","b":"next of b"}' });
    expect(test.commits).toEqual([2, 2]);
  });
});

describe('a patch', () => {
  it('is on for a new job, also when the code comes there again', async () => {
    const test = new TestJob(
      doing(async (ctx) => {
        const first = ctx.patched('fees');
        await ctx.step('a', () => 1);
        await ctx.sleep(1);
        return [first, ctx.patched('fees')];
      }),
    );
    expect(await test.complete()).toMatchObject({ output: '[true,true]' });
    expect(test.kept[0]).toBe('/patch:fees/1 patch completed');
  });

  it('is off for a job that was past this place, for all of its uses and runs', async () => {
    const old: Handler = async (ctx) => {
      await ctx.step('a', () => 1);
      await ctx.sleep(1);
    };
    const seen: boolean[] = [];
    const changed: Handler = async (ctx) => {
      await ctx.step('a', () => 1);
      if (ctx.patched('check')) await ctx.step('check', () => 1);
      await ctx.sleep(1);
      seen.push(ctx.patched('check'));
      await ctx.step('b', () => 2);
      await ctx.sleep(1);
      return seen;
    };
    const test = new TestJob(doing(old));
    await test.run();
    test.resolve();
    expect((await test.run({}, doing(changed))).outcome).toBe('waiting');
    test.resolve();
    expect(await test.run({}, doing(changed))).toMatchObject({ outcome: 'completed', output: '[false,false]' });
  });

  it('is on for a job that has not come to this place yet', async () => {
    const run = await recorded(
      async (ctx) => ctx.sleep(1),
      async (ctx) => {
        await ctx.sleep(1);
        return ctx.patched('check') && ctx.step('check', () => 'checked');
      },
    );
    expect(await run()).toMatchObject({ outcome: 'completed', output: '"checked"' });
  });
});
