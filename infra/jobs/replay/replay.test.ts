import { describe, expect, it } from 'vitest';
import { doing, JOB_ID, TestJob } from '../engine/testing.ts';
import type { JobContext } from '../sdk/context.ts';
import { fromEntry, historyOf, type JobHistory } from './history.ts';
import { expectReplays, replayJob } from './replay.ts';

const effects: string[] = [];
const code = async (ctx: JobContext) => {
  ctx.now();
  const loaded = await ctx.step('load', () => {
    effects.push('load');
    return 7;
  });
  await ctx.sleep(1);
  return ctx.all([(b) => b.step('left', () => loaded), (b) => b.step('right', () => 8)]);
};

/** Returns the history of a job that ran to its first wait, or to its end. */
async function recorded(run: (ctx: JobContext) => Promise<unknown>, isWhole = true): Promise<JobHistory> {
  const test = new TestJob(doing(run), { a: 1 });
  const { outcome, output, code: failed } = await (isWhole ? test.complete() : test.run());
  const status = outcome === 'completed' ? 'completed' : outcome === 'failed' ? 'failed' : 'running';
  // As a file has it.
  const json = JSON.stringify({
    ...{ job_id: JOB_ID, type: 'test', version: 1, input: { a: 1 }, status },
    ...{ output: output === null ? null : (JSON.parse(output) as unknown), code: failed },
    entries: test.entries.map(fromEntry),
  });
  return historyOf(JSON.parse(json));
}

describe('a replay', () => {
  it('of the code that was recorded fits, and runs no step', async () => {
    const history = await recorded(code);
    effects.length = 0;
    expect(await replayJob(doing(code), history)).toEqual({
      ...{ same: true, difference: null, end: 'the job completes', entries: 5 },
    });
    expect(effects).toEqual([]);
  });

  it('of a job that has not ended comes to what it does next', async () => {
    const history = await recorded(code, false);
    expect(await replayJob(doing(code), history)).toMatchObject({
      ...{ same: true, end: "the code asks for sleep 'sleep'", entries: 2 },
    });
  });

  it('reports the first difference', async () => {
    const history = await recorded(code);
    const differenceOf = async (run: (ctx: JobContext) => Promise<unknown>) =>
      (await replayJob(doing(run), history)).difference;
    expect(await differenceOf(async () => 1)).toBe("the journal has now 'now'; the code ends without it");
    expect(
      await differenceOf(async (ctx) => {
        ctx.now();
        await ctx.step('fetch', () => 1);
      }),
    ).toBe("the journal has step 'load'; the code asks for step 'fetch' instead");
    expect(
      await differenceOf(async (ctx) => {
        await code(ctx);
        return ctx.step('more', () => 1);
      }),
    ).toBe("the job completed; the code asks for step 'more'");
    expect(await differenceOf(async (ctx) => [...(await code(ctx)), 3])).toBe(
      'the result was [7,8]; the code returns [7,8,3]',
    );
    expect(
      await differenceOf(async (ctx) => {
        await code(ctx);
        throw new Error('oh');
      }),
    ).toBe('the code fails with JOB_FAILED: oh');
  });

  it('of a failed job fits when it fails with the same code', async () => {
    const failing = async () => Promise.reject(Object.assign(new Error('none'), { code: 'NO_STOCK' }));
    const history = await recorded(failing);
    expect(await replayJob(doing(failing), history)).toMatchObject({ same: true, end: 'the job fails with NO_STOCK' });
    expect(
      await replayJob(
        doing(async () => 1),
        history,
      ),
    ).toMatchObject({
      difference: 'the job failed; the code completes',
    });
  });
});

describe('expectReplays', () => {
  it('resolves when the code fits, and rejects with the first difference', async () => {
    const history = await recorded(code);
    await expectReplays(doing(code), JSON.parse(JSON.stringify(history)));
    await expect(
      expectReplays(
        doing(async () => 1),
        history,
      ),
    ).rejects.toMatchObject({
      code: 'REPLAY_DIFFERS',
      message: `test ${JOB_ID}: the journal has now 'now'; the code ends without it`,
    });
    await expect(expectReplays(doing(code, { name: 'other' }), history)).rejects.toMatchObject({
      message: 'the history is one of test',
    });
    await expect(expectReplays(doing(code), { job_id: 1 })).rejects.toThrow();
  });
});
