import { expect, it } from 'vitest';
import { eventually } from '../contract/testing.ts';
import { MemoryLog } from '../memory/log.ts';
import { runProcessor } from './processor-runner.ts';
import { restoreState } from './state-store.ts';
import { ask, command, counter, dependenciesOf, localDecoder, prepare, uncommitted } from './testing.ts';

const decoder = localDecoder();

async function counted(keys: readonly string[]) {
  const log = new MemoryLog();
  const names = await prepare(log, 1);
  const appender = await log.appender();
  const runner = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
  await appender.append(keys.map((key) => command(names, decoder, ask(key, key === 'gone' ? 'end' : '0'), key)));
  await eventually(async () => expect(await uncommitted(log, names)).toBe(0));
  await runner.close();
  return { log, names };
}

it('tells how far it is while it restores: from nothing read to nothing left', async () => {
  const { log, names } = await counted(['a', 'b', 'gone']);
  const told: [number, number][] = [];
  const { partitions } = await restoreState(log, decoder, counter(names), [0], (read, left) => told.push([read, left]));
  const state = partitions.get(0)?.state;
  expect([...(state?.keys() ?? [])].map((key) => [key, state?.get(key)])).toEqual([
    ['a', { count: 1 }],
    ['b', { count: 1 }],
  ]);
  expect(told[0]?.[0]).toBe(0);
  expect(told[0]?.[1]).toBeGreaterThanOrEqual(3);
  expect(told.at(-1)).toEqual([expect.any(Number), 0]);
  expect(told.at(-1)?.[0]).toBeGreaterThanOrEqual(2);
});

it('folds the journal once more, and tells its progress too, when the state is of another version', async () => {
  const { log, names } = await counted(['a', 'b']);
  const told: [number, number][] = [];
  const { rewrites } = await restoreState(log, decoder, counter(names, { stateVersion: 2 }), [0], (read, left) =>
    told.push([read, left]),
  );
  expect(rewrites.get(0)?.map(({ key }) => key)).toEqual(['a', 'b']);
  expect(told.filter(([read, left]) => read === 0 && left > 0)).toHaveLength(2);
});
