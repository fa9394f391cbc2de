import { afterEach, describe, expect, it } from 'vitest';
import { eventually, readWhole } from '../contract/testing.ts';
import { MemoryLog } from '../memory/log.ts';
import { deadLetter, isForAnother, redriveHeaders } from '../runner/dead-letter.ts';
import { type Runner, runProcessor } from '../runner/processor-runner.ts';
import {
  answersOf,
  ask,
  command,
  counter,
  dependenciesOf,
  localDecoder,
  prepare,
  uncommitted,
} from '../runner/testing.ts';
import { listDeadLetters } from './select.ts';
import { settle, toSettle, transactionalIdOf, type Verb } from './settle.ts';

const decoder = localDecoder();
let runners: Runner[] = [];
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  runners = [];
});

/** Two readers of one topic, each of which breaks at a prompt of its own; neither parks. */
async function open() {
  let point: (at: string) => Promise<void> = async () => undefined;
  const log = new MemoryLog({ yield: (at) => point(at) });
  const names = await prepare(log, 2);
  const broken = new Set(['one breaks', 'two breaks']);
  const seen = { one: [] as string[], two: [] as string[] };
  for (const each of ['one', 'two'] as const)
    runners.push(
      runProcessor(
        counter(names, {
          ...{ name: `${names.name}.${each}`, state: null },
          decide: (_, record) => {
            const { prompt } = record.data as { prompt: string };
            if (prompt === `${each} breaks` && broken.has(prompt)) throw new Error(prompt);
            seen[each].push(prompt);
            return [];
          },
        }),
        dependenciesOf(log, decoder).dependencies,
      ),
    );
  const appender = await log.appender();
  const send = async (...prompts: readonly string[]): Promise<void> => {
    await appender.append(prompts.map((prompt) => command(names, decoder, ask('k', prompt), 'k')));
    for (const each of ['one', 'two'])
      await eventually(async () => expect(await uncommitted(log, { ...names, name: `${names.name}.${each}` })).toBe(0));
  };
  const topic = names.input.name;
  const act = (verb: Verb, filter = {}) =>
    settle({ log, verb, filter: { topic, ...filter }, by: 'me@here', waitMs: 0 });
  return {
    ...{ log, names, topic, broken, seen, send, act, list: (all = false) => listDeadLetters(log, { topic, all }) },
    at: (hook: typeof point): void => {
      point = hook;
    },
  };
}

describe('redriving', () => {
  it('sends a letter to the reader that buried it, once, and to no other', async () => {
    const { send, broken, seen, act, list } = await open();
    await send('one breaks', 'fine', 'two breaks');
    expect((await list()).map(({ message }) => message)).toEqual(['one breaks', 'two breaks']);
    broken.clear();
    expect((await act('redrive')).done).toHaveLength(2);
    expect((await act('redrive')).done).toEqual([]);
    await send('end');
    expect(seen.one).toEqual(['fine', 'two breaks', 'one breaks', 'end']);
    expect(seen.two).toEqual(['one breaks', 'fine', 'two breaks', 'end']);
    expect(await list()).toEqual([]);
    expect((await list(true)).map(({ note }) => note)).toMatchObject([
      { outcome: 'redriven', by: 'me@here' },
      { outcome: 'redriven', by: 'me@here' },
    ]);
  });

  it('is done once by two tools at once: the newer fences the older', async () => {
    const { log, topic, send, broken, seen, act, at } = await open();
    await send('one breaks');
    broken.clear();
    let met = false;
    at(async (point) => {
      if (point !== 'commit' || met) return;
      met = true;
      await log.transactor(transactionalIdOf(topic));
    });
    await expect(act('redrive')).rejects.toMatchObject({ code: 'FENCED' });
    await act('redrive');
    await act('redrive');
    await send('end');
    expect(seen.one).toEqual(['one breaks', 'end']);
  });

  it('is done once when the tool is cut off before or after its commit took effect', async () => {
    for (const where of ['commit', 'committed']) {
      const { send, broken, seen, act, at } = await open();
      await send('one breaks');
      broken.clear();
      let commits = 0;
      at(async (point) => {
        if (point !== where) return;
        commits += 1;
        if (commits === 2) throw new Error('cut off');
      });
      await expect(act('redrive')).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' });
      at(async () => undefined);
      await act('redrive');
      await send('end');
      expect(seen.one).toEqual(['one breaks', 'end']);
    }
  });

  it('counts runs on when the record dies again, as a letter of its own', async () => {
    const { send, act, list } = await open();
    await send('one breaks');
    await act('redrive');
    await send('end');
    const [letter, ...others] = await list();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ attempt: 2, sequence: null, from: { offset: expect.any(Number) } });
    expect(Object.keys(letter?.headers ?? {}).filter((name) => name.startsWith('khipu_redrive'))).toEqual([]);
  });

  it('is not done by a dry run', async () => {
    const { log, topic, send, list } = await open();
    await send('one breaks', 'two breaks');
    const before = await readWhole(log, topic);
    expect(await toSettle(log, 'redrive', { topic, limit: 1 })).toHaveLength(1);
    expect(await readWhole(log, topic)).toEqual(before);
    expect(await list()).toHaveLength(2);
  });
});

describe('dropping', () => {
  it('settles a letter without sending it', async () => {
    const { log, topic, send, broken, seen, act, list } = await open();
    await send('one breaks');
    broken.clear();
    expect((await act('drop')).done).toHaveLength(1);
    expect((await act('redrive')).done).toEqual([]);
    expect((await readWhole(log, topic)).filter(({ headers }) => redriveHeaders.processor in headers)).toEqual([]);
    expect(seen.one).toEqual([]);
    expect((await list(true))[0]?.note).toMatchObject({ outcome: 'dropped' });
  });
});

describe('the selection', () => {
  it('is by code, key, processor and time, and bounded', async () => {
    const { log, names, topic, send } = await open();
    await send('one breaks', 'two breaks');
    const letters = await listDeadLetters(log, { topic });
    const [first, second] = letters;
    const found = async (filter: object) =>
      (await listDeadLetters(log, { topic, ...filter })).map(({ message }) => message);
    expect(await found({ processor: `${names.name}.two` })).toEqual(['two breaks']);
    expect(await found({ code: 'UNEXPECTED', key: 'k' })).toHaveLength(2);
    expect(await found({ key: 'other' })).toEqual([]);
    expect(await found({ limit: 1 })).toEqual([first?.message]);
    expect(await found({ sinceMs: (second?.atMs ?? 0) + 1 })).toEqual([]);
    expect(await found({ untilMs: first?.atMs })).toEqual([]);
    expect(await found({ sinceMs: first?.atMs, untilMs: (second?.atMs ?? 0) + 1 })).toHaveLength(2);
  });
});

it('a letter that was written twice is one letter', async () => {
  const { log, names, topic, send, broken, act, list } = await open();
  broken.clear();
  await send('x');
  const [record] = await readWhole(log, topic);
  if (record === undefined) throw new Error('no record');
  const appender = await log.appender();
  const letter = deadLetter(record, 'projection.view', new Error('no'), 1);
  await appender.append([letter, letter]);
  expect(await list()).toHaveLength(1);
  expect((await act('redrive')).done).toHaveLength(1);
  expect((await readWhole(log, topic)).filter(({ headers }) => isForAnother(headers, names.name))).toHaveLength(1);
  expect(await list()).toEqual([]);
  expect((await answersOf(log, decoder, ['k'])).get('k')).toEqual([]);
});
