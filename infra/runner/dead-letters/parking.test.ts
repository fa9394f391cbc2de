import { afterEach, describe, expect, it } from 'vitest';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import type { Runner } from '../lives.ts';
import { runProcessor } from '../processor/runner.ts';
import {
  answer,
  answersOf,
  ask,
  command,
  counter,
  dependenciesOf,
  localDecoder,
  prepare,
  uncommitted,
} from '../testing/processors.ts';
import type { DeadLetter } from './letter.ts';
import { listDeadLetters } from './select.ts';
import { settle, type Verb } from './settle.ts';

const decoder = localDecoder();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Returns a processor that parks, fails at `break` until it is fixed, and answers each prompt with its number. */
async function open(partitions = 1) {
  let point: (at: string) => Promise<void> = async () => undefined;
  const log = new MemoryLog({ yield: (at) => point(at) });
  const names = await prepare(log, partitions);
  // Backoffs take real time and are not under test.
  const clock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 5), signal) };
  const reported = dependenciesOf(log, decoder, { clock });
  const broken = new Set(['break']);
  const parking = counter(names, {
    poison: 'park',
    decide: (state, record) => {
      const { requestId, prompt } = record.data as { requestId: string; prompt: string };
      if (broken.has(prompt)) throw Object.assign(new Error(`${prompt} broke`), { code: 'DECIDE_BROKE' });
      return prompt === 'quiet' ? [] : [answer(requestId, (state as { count: number }).count + 1, prompt)];
    },
  });
  const start = (): Runner => {
    const runner = runProcessor(parking, reported.dependencies);
    closing.push(() => runner.close());
    return runner;
  };
  const appender = await log.appender();
  const send = async (...pairs: readonly (readonly [key: string, prompt: string])[]): Promise<void> => {
    await appender.append(pairs.map(([key, prompt]) => command(names, decoder, ask(key, prompt), key)));
  };
  const settled = (): Promise<void> => eventually(async () => expect(await uncommitted(log, names)).toBe(0));
  const answers = async (key: string): Promise<string[]> =>
    ((await answersOf(log, decoder, [key])).get(key) ?? []).map((each) => each.split(':')[1] ?? '');
  const letters = (all = false): Promise<readonly DeadLetter[]> =>
    listDeadLetters(log, { topic: names.input.name, all });
  const act = (verb: Verb, filter = {}, waitMs = 5_000) =>
    settle({ log, verb, filter: { topic: names.input.name, ...filter }, by: 'me', waitMs, clock });
  return {
    ...{ log, names, broken, start, send, settled, answers, letters, act, reported },
    at: (hook: typeof point): void => {
      point = hook;
    },
  };
}

const places = (letters: readonly DeadLetter[]) => letters.map(({ key, code, sequence }) => [key, code, sequence]);

describe('a processor that parks', () => {
  it('keeps later records of the key in order behind a failed record, while other keys continue', async () => {
    const { start, send, settled, answers, letters, reported } = await open();
    start();
    await send(['a', '0'], ['a', 'break'], ['a', '1'], ['b', '0'], ['a', '2'], ['b', '1']);
    await settled();
    expect(await answers('a')).toEqual(['0']);
    expect(await answers('b')).toEqual(['0', '1']);
    expect(places(await letters())).toEqual([
      ['a', 'DECIDE_BROKE', 1],
      ['a', 'KEY_PARKED', 2],
      ['a', 'KEY_PARKED', 3],
    ]);
    expect(await reported.metric('khipu_parked_keys')).toBe(1);
  });

  it('processes the queue in order when it is redriven, then continues as before', async () => {
    const { start, send, settled, answers, letters, act, broken, reported } = await open();
    start();
    await send(['a', 'break'], ['a', '1'], ['a', 'quiet'], ['a', '2']);
    await settled();
    broken.clear();
    const { done, parked } = await act('redrive');
    expect(done).toHaveLength(4);
    expect(parked).toEqual([]);
    await send(['a', '3']);
    await settled();
    expect(await answers('a')).toEqual(['break', '1', '2', '3']);
    expect(await letters()).toEqual([]);
    expect((await letters(true)).map(({ note }) => note?.outcome)).toEqual(numbered(4).map(() => 'redriven'));
    expect(await reported.metric('khipu_parked_keys')).toBe(0);
    expect((await act('redrive')).done).toEqual([]);
    expect(await answers('a')).toHaveLength(4);
  });

  it('keeps the key parked when the record fails again, and reports the cause', async () => {
    const { start, send, settled, answers, letters, act, broken } = await open();
    start();
    await send(['a', 'break'], ['a', '1'], ['a', 'worse'], ['a', '2']);
    await settled();
    const first = await act('redrive');
    expect(places(first.parked)).toEqual([
      ['a', 'DECIDE_BROKE', 1],
      ['a', 'KEY_PARKED', 2],
      ['a', 'KEY_PARKED', 3],
      ['a', 'KEY_PARKED', 4],
    ]);
    expect((await letters())[0]).toMatchObject({ attempt: 2, note: { outcome: 'failed', by: 'me' } });
    broken.clear();
    broken.add('worse');
    const second = await act('redrive');
    expect(second.done).toHaveLength(2);
    expect(places(second.parked)).toEqual([
      ['a', 'DECIDE_BROKE', 3],
      ['a', 'KEY_PARKED', 4],
    ]);
    expect((await letters())[0]).toMatchObject({ message: 'worse broke', attempt: 1 });
    expect(await answers('a')).toEqual(['break', '1']);
  });

  it('skips a dropped record at any position of its queue', async () => {
    const { start, send, settled, answers, letters, act, broken } = await open();
    start();
    await send(['a', 'break'], ['a', '1'], ['a', '2'], ['a', '3']);
    await settled();
    const [, , third] = await letters();
    expect((await act('drop', { code: 'DECIDE_BROKE' })).done).toHaveLength(1);
    expect((await act('drop', { sinceMs: third?.atMs, code: 'KEY_PARKED', limit: 1 })).done).toHaveLength(1);
    broken.clear();
    expect((await act('redrive')).parked).toEqual([]);
    expect(await answers('a')).toEqual(['2', '3']);
    expect((await letters(true)).map(({ note }) => note?.outcome)).toEqual([
      ...['dropped', 'dropped', 'redriven', 'redriven'],
    ]);
  });

  it('reads the parked keys again after a restart', async () => {
    const { start, send, settled, answers, act, broken } = await open(4);
    const first = start();
    await send(['a', 'break'], ['b', 'break'], ['c', '0']);
    await settled();
    await first.close();
    start();
    await send(['a', '1'], ['b', '1'], ['c', '1']);
    await settled();
    expect(await answers('c')).toEqual(['0', '1']);
    expect([await answers('a'), await answers('b')]).toEqual([[], []]);
    broken.clear();
    expect((await act('redrive', { key: 'a' })).parked).toEqual([]);
    expect([await answers('a'), await answers('b')]).toEqual([['break', '1'], []]);
  });
});

describe('a processor and a tool that crash at every step', () => {
  it('keep the order of a key, lose nothing and do nothing twice', async () => {
    let all = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const { start, send, settled, answers, letters, act, at, broken } = await open(2);
      let chance = seed;
      let crashes = 0;
      at(async (point) => {
        chance = (chance * 16_807) % 2_147_483_647;
        if (crashes === 20 || (point !== 'commit' && point !== 'committed') || chance % 3 !== 0) return;
        crashes += 1;
        throw new Error('the process stumbled');
      });
      start();
      const keys = ['a', 'b', 'c'];
      const prompts = ['0', 'break', ...numbered(6).map((n) => `after ${n}`)];
      for (const prompt of prompts) await send(...keys.map((key) => [key, prompt] as const));
      await settled();
      broken.clear();
      for (let tries = 0; tries < 6; tries += 1) {
        await send(...keys.map((key) => [key, `late ${tries}`] as const));
        await act('redrive', {}, 200).catch(() => undefined);
      }
      await eventually(async () => {
        await act('redrive', {}, 500).catch(() => undefined);
        expect(await letters()).toEqual([]);
      });
      all += crashes;
      // Readers wait for an open transaction of a dead tool until its timeout, or until the next tool fences it.
      crashes = 20;
      await act('redrive', {}, 500);
      await settled();
      for (const key of keys) expect(await answers(key)).toEqual([...prompts, ...numbered(6).map((n) => `late ${n}`)]);
    }
    expect(all).toBeGreaterThan(60);
  });
});
