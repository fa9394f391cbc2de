import { expect, it } from 'vitest';
import type { Processor } from '../../../streams/kernel.ts';
import { Decider } from './decider.ts';
import { surroundings } from './processor-task-testing.ts';
import { reminder } from './reminder/testing.ts';
import { ask, COMMAND_TIME_MS } from './testing.ts';

async function open(over: Partial<Processor> = {}) {
  const around = await surroundings((names) => ({ ...reminder(names), ...over }));
  return { ...around, decider: new Decider(around.dependencies) };
}

it('timers are staged of each key whose state changed, and written with it', async () => {
  const { decider, record, told, dependencies } = await open();
  const staged = await decider.decide([record('remind 500'), record('remind 500', 'b'), record('forget', 'b')]);
  expect(told(staged.records).slice(-2)).toEqual(['a holds {"dueMs":1500} and waits', 'b holds {"dueMs":null}']);
  expect([...staged.timers].map(([key, timers]) => [key, timers.map(({ atMs }) => atMs)])).toEqual([
    ['a', [COMMAND_TIME_MS + 500]],
    ['b', []],
  ]);
  expect(dependencies.timers?.get('a')).toEqual([]);
});

it('a timer keeps the cause under which it was first listed, in the batch and after it', async () => {
  const { decider, record, dependencies } = await open();
  const [first, second, third] = [record('remind 500'), record('remind 500'), record('remind 500')];
  const causesOf = ({ timers }: Awaited<ReturnType<Decider['decide']>>) =>
    timers.get('a')?.map(({ cause }) => cause.id);
  const staged = await decider.decide([first, second]);
  expect(causesOf(staged)).toEqual([first.headers['ce_id']]);
  dependencies.timers?.publish('a', staged.timers.get('a') ?? []);
  expect(causesOf(await decider.decide([third]))).toEqual([first.headers['ce_id']]);
});

/** A state that is due at this time lists a timer that cannot be. */
const BAD_MS = 9_000;

it.each([
  ['that has no time', { atMs: 0.5, prompt: 'ring' }, 'UNEXPECTED'],
  [
    'whose command would be too large to append when it is due',
    { atMs: 9, prompt: 'x'.repeat(1_000_000) },
    'RECORD_TOO_LARGE',
  ],
] as const)(
  'a timer %s makes the record that sets it a dead letter, and others go on',
  async (_, { atMs, prompt }, code) => {
    const around = await surroundings((names) => {
      const good = reminder(names);
      const due: NonNullable<Processor['timers']>['due'] = (state, key) =>
        (state as { dueMs: number }).dueMs === BAD_MS
          ? [{ atMs, record: ask(key, prompt) }]
          : (good.timers?.due(state, key) ?? []);
      return { ...good, timers: { topic: names.timers, due } };
    });
    const { record, told, dependencies } = around;
    const bad = `remind ${BAD_MS - COMMAND_TIME_MS}`;
    const staged = await new Decider(dependencies).decide([
      ...[record('remind 500'), record(bad), record(bad, 'b'), record('forget', 'b')],
    ]);
    expect(told(staged.records)).toEqual([
      ...['a says 1500:remind 500', `a died of ${code}`, `b died of ${code}`, 'b says 0:forget'],
      ...['a holds {"dueMs":1500} and waits', 'b holds {"dueMs":null}'],
    ]);
  },
);
