import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { Runner } from '../lives.ts';
import { runProcessor } from '../processor/runner.ts';
import { ask, command, counter, dependenciesOf, localDecoder, prepare, uncommitted } from '../testing/processors.ts';
import { listDeadLetters } from './select.ts';
import { settle } from './settle.ts';

const decoder = localDecoder();
let runners: Runner[] = [];
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  runners = [];
});

/** Returns two readers of one topic that do not park keys; each fails at its own prompt. */
async function open() {
  const log = new MemoryLog();
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
  const filter = { topic: names.input.name };
  const redrive = () => settle({ log, verb: 'redrive', filter, by: 'me@here', waitMs: 0 });
  return { broken, seen, send, redrive, list: () => listDeadLetters(log, filter) };
}

it('runners process records redriven for them, once, and skip the others', async () => {
  const { send, broken, seen, redrive, list } = await open();
  await send('one breaks', 'fine', 'two breaks');
  expect((await list()).map(({ message }) => message)).toEqual(['one breaks', 'two breaks']);
  broken.clear();
  expect((await redrive()).done).toHaveLength(2);
  expect((await redrive()).done).toEqual([]);
  await send('end');
  expect(seen.one).toEqual(['fine', 'two breaks', 'one breaks', 'end']);
  expect(seen.two).toEqual(['one breaks', 'fine', 'two breaks', 'end']);
  expect(await list()).toEqual([]);
});
