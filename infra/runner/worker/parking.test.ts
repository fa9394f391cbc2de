import { describe, expect, it } from 'vitest';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { systemClock } from '../../kit/clock.ts';
import { listDeadLetters } from '../dead-letters/select.ts';
import { settle, type Verb } from '../dead-letters/settle.ts';
import { answer } from '../testing/processors.ts';
import { open } from '../testing/worker-bench.ts';

/** A clock with short waits: backoffs are not under test. */
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
    answered: async (key: string) =>
      ((await bench.answers(key)).get(key) ?? []).map((each) => each.split(':')[1] ?? ''),
  };
}

describe('a worker that parks', () => {
  it('parks a record without runs left and later records of its key, while other keys continue', async () => {
    const { start, send, settled, letters, answered, abandoned } = await parking();
    const runner = start();
    await send(['a', 'break'], ['a', '1'], ['b', '0'], ['a', '2'], ['b', '1']);
    await settled();
    await runner.close();
    expect((await letters()).map(({ code, attempt, sequence }) => [code, attempt, sequence])).toEqual([
      ['WORK_BROKE', 2, 1],
      ['KEY_PARKED', 0, 2],
      ['KEY_PARKED', 0, 3],
    ]);
    expect([await answered('a'), await answered('b')]).toEqual([[], ['0', '1']]);
    expect(abandoned).toEqual([]);
  });

  it('processes a redriven queue, also with another owner', async () => {
    const { start, send, settled, letters, answered, act, broken } = await parking();
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
    expect(await answered('a')).toEqual(['break', '1', '2', '3']);
    expect(await letters()).toEqual([]);
  });

  it('abandons a dropped record', async () => {
    const { start, send, settled, letters, answered, act, codes } = await parking();
    const runner = start();
    await send(['a', 'break'], ['a', '1']);
    await settled();
    await act('drop', { code: 'WORK_BROKE' });
    await act('redrive');
    await settled();
    await runner.close();
    expect(codes).toEqual(['WORK_DROPPED']);
    expect(await answered('a')).toEqual(['ended break', '1']);
    expect(await letters()).toEqual([]);
  });

  it('keeps order and loses nothing through crashes during a redrive', async () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const { start, send, settled, letters, answered, act, broken, at } = await parking(1);
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
      for (const key of keys) expect(await answered(key)).toEqual(prompts);
    }
  });
});
