import { describe, expect, it } from 'vitest';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { answer } from '../testing/processors.ts';
import { open, sleep } from '../testing/worker-bench.ts';
import { workErrorCodes } from './work-error.ts';

describe('a worker that stops or dies', () => {
  it('does not repeat records finished beyond the lowest unfinished one', async () => {
    const { start, send, settled, runs, answers, at } = await open();
    let failing = false;
    at(async (point) => {
      if (failing && point === 'commit') throw new Error('the process stumbled');
    });
    const runner = start(async (key, _prompt, { attempt, signal }) => {
      if (key !== 'slow' || attempt > 1) return;
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    await send(['slow', '0'], ['a', '1'], ['b', '2'], ['a', '3']);
    await eventually(async () => expect([...(await answers('a', 'b')).values()].flat()).toHaveLength(3));
    await sleep(20);
    runs.length = 0;
    failing = true;
    await send(['c', '4']);
    await eventually(() => expect(runs).toContain('c:4'));
    await sleep(20);
    failing = false;
    await settled();
    await runner.close();
    expect(new Set(runs)).toEqual(new Set(['slow:0', 'c:4']));
    expect([...(await answers('slow', 'c')).values()]).toEqual([['2:0'], [expect.stringMatching(/:4$/)]]);
  });

  it('counts runs interrupted by a crash, and gives up when none is left', async () => {
    const { start, send, abandoned, settled, at, runs } = await open(1, { attemptsMax: 2 });
    let failing = false;
    at(async (point) => {
      if (failing && point === 'commit') throw new Error('the process stumbled');
    });
    const runner = start(async (key) => {
      if (key === 'deadly') await new Promise(() => undefined);
    });
    await send(['deadly', '0']);
    for (const run of [1, 2]) {
      await eventually(() => expect(runs.filter((key) => key === 'deadly:0')).toHaveLength(run));
      await sleep(30);
      failing = true;
      await send(['other', `${run}`]);
      await eventually(() => expect(runs).toContain(`other:${run}`));
      await sleep(30);
      failing = false;
    }
    await settled();
    await runner.close();
    expect(abandoned).toEqual([`deadly:0:3:${workErrorCodes.WORK_ATTEMPTS_EXHAUSTED}`]);
  });

  it('aborts runs when it loses the partition, and does not write their later outputs', async () => {
    const { log, names, start, send, settled, answers } = await open();
    const errors: unknown[] = [];
    let runsOfSlow = 0;
    const runner = start(async (key, _prompt, { signal, emit }) => {
      runsOfSlow += 1;
      if (runsOfSlow > 1) return;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      await emit(answer(key, 0, 'too late')).catch((error: unknown) => errors.push(error));
      throw signal.reason;
    });
    await send(['slow', '0']);
    await eventually(() => expect(runsOfSlow).toBe(1));
    log.rebalance(`khipu.${names.name}`);
    await settled();
    await runner.close();
    expect(errors).toMatchObject([{ code: 'FENCED' }]);
    expect((await answers('slow')).get('slow')).toEqual(['2:0']);
  });

  it('writes every final output once, in the order of its key, when commits fail; other outputs may be written once per run', async () => {
    const { start, send, settled, answers, at, metric } = await open(2, { attemptsMax: 100 });
    let commits = 0;
    at(async (point) => {
      if (point !== 'commit') return;
      commits += 1;
      if (commits % 7 === 0 && commits < 22) throw new Error('the process stumbled');
    });
    const runner = start(async (key, prompt, { emit }) => {
      await emit(answer(`${key} piece`, 0, prompt));
      await sleep(2);
    });
    const keys = numbered(8).map((key) => `key ${key}`);
    for (const prompt of numbered(10)) {
      await send(...keys.map((key) => [key, prompt] as const));
      await sleep(10);
    }
    await settled();
    await runner.close();
    expect(await metric('khipu_restarts_total')).toBeGreaterThan(0);
    for (const answered of (await answers(...keys)).values())
      expect(answered.map((each) => each.split(':')[1])).toEqual(numbered(10));
    const pieces = [...(await answers(...keys.map((key) => `${key} piece`))).values()].flat();
    expect(pieces.length).toBeGreaterThan(80);
  });
});
