import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { eventually, numbered } from '../contract/testing.ts';
import { listDeadLetters } from '../dead-letters/select.ts';
import { settle, type Verb } from '../dead-letters/settle.ts';
import { answer } from './testing.ts';
import { open } from './worker-bench/testing.ts';

/** A clock whose waits are short: backoffs show nothing here. */
const clock = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms >= 60_000 ? ms : Math.min(ms, 5), signal),
};

async function parking(attemptsMax = 2) {
  const bench = await open(1, { poison: 'park', attemptsMax }, clock);
  const broken = new Set(['break']);
  const topic = bench.names.input.name;
  return {
    ...bench,
    broken,
    start: () =>
      bench.start(
        async (_key, prompt) => {
          if (broken.has(prompt)) throw Object.assign(new Error('broke'), { code: 'WORK_BROKE' });
        },
        (key, prompt, { emit }) => emit(answer(key, 0, `ended ${prompt}`)),
      ),
    letters: () => listDeadLetters(bench.log, { topic }),
    act: (verb: Verb, filter = {}, waitMs = 5_000) =>
      settle({ log: bench.log, verb, filter: { topic, ...filter }, by: 'me', waitMs, clock }),
    said: async (key: string) => ((await bench.answers(key)).get(key) ?? []).map((each) => each.split(':')[1] ?? ''),
  };
}

describe('a worker that parks', () => {
  it('parks a record whose runs are used up and what comes behind it, while other keys go on', async () => {
    const { start, send, settled, letters, said, abandoned } = await parking();
    const runner = start();
    await send(['a', 'break'], ['a', '1'], ['b', '0'], ['a', '2'], ['b', '1']);
    await settled();
    await runner.close();
    expect((await letters()).map(({ code, attempt, sequence }) => [code, attempt, sequence])).toEqual([
      ['WORK_BROKE', 2, 1],
      ['KEY_PARKED', 0, 2],
      ['KEY_PARKED', 0, 3],
    ]);
    expect([await said('a'), await said('b')]).toEqual([[], ['0', '1']]);
    expect(abandoned).toEqual([]);
  });

  it('works through the line when it is redriven, also by another owner', async () => {
    const { start, send, settled, letters, said, act, broken } = await parking();
    const first = start();
    await send(['a', 'break'], ['a', '1']);
    await settled();
    await first.close();
    const second = start();
    await send(['a', '2']);
    await settled();
    expect((await act('redrive')).parked).toHaveLength(3);
    expect((await letters())[0]?.attempt).toBe(4);
    broken.clear();
    expect((await act('redrive')).done).toHaveLength(3);
    await send(['a', '3']);
    await settled();
    await second.close();
    expect(await said('a')).toEqual(['break', '1', '2', '3']);
    expect(await letters()).toEqual([]);
  });

  it('tells the end of what is dropped', async () => {
    const { start, send, settled, letters, said, act, codes } = await parking();
    const runner = start();
    await send(['a', 'break'], ['a', '1']);
    await settled();
    await act('drop', { code: 'WORK_BROKE' });
    await act('redrive');
    await settled();
    await runner.close();
    expect(codes).toEqual(['WORK_DROPPED']);
    expect(await said('a')).toEqual(['ended break', '1']);
    expect(await letters()).toEqual([]);
  });

  it('keeps order and loses nothing through crashes while a line is redriven', async () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const { start, send, settled, letters, said, act, broken, at } = await parking(1);
      let chance = seed;
      let crashes = 0;
      at(async (point) => {
        chance = (chance * 16_807) % 2_147_483_647;
        if (crashes === 10 || (point !== 'commit' && point !== 'committed') || chance % 4 !== 0) return;
        crashes += 1;
        throw new Error('the process stumbled');
      });
      const runner = start();
      const keys = ['a', 'b'];
      const prompts = ['0', 'break', ...numbered(5).map((n) => `after ${n}`)];
      for (const prompt of prompts) await send(...keys.map((key) => [key, prompt] as const));
      await settled();
      broken.clear();
      await eventually(async () => {
        await act('redrive', {}, 200).catch(() => undefined);
        expect(await letters()).toEqual([]);
      });
      await settled();
      await runner.close();
      for (const key of keys) expect(await said(key)).toEqual(prompts);
    }
  }, 60_000);
});
