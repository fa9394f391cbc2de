import { expect, it } from 'vitest';
import type { Processor } from '../../../streams/kernel.ts';
import { surroundings } from '../testing/processor-task.ts';
import { ask, COMMAND_TIME_MS, localDecoder } from '../testing/processors.ts';
import { reminder } from '../testing/reminder.ts';
import { Decider } from './decider.ts';
import { publish } from './member.ts';

async function open(over: Partial<Processor> = {}) {
  const around = await surroundings((names) => ({ ...reminder(names), ...over }));
  return { ...around, decider: new Decider(around.dependencies) };
}

it('the timers of each key whose state changed are staged, and written with it', async () => {
  const { decider, record, summaries, member, changesIn } = await open();
  const staged = await decider.decide([record('remind 500'), record('remind 500', 'b'), record('forget', 'b')]);
  expect(summaries(staged.records).slice(-2)).toEqual(['a holds {"dueMs":1500} and waits', 'b holds {"dueMs":null}']);
  expect([...changesIn(staged).timers].map(([key, timers]) => [key, timers.map(({ atMs }) => atMs)])).toEqual([
    ['a', [COMMAND_TIME_MS + 500]],
    ['b', []],
  ]);
  expect(member.timers?.get('a')).toEqual([]);
});

it('a timer keeps the cause under which it was first listed, in the batch and after it', async () => {
  const { decider, record, member, changesIn } = await open();
  const [first, second, third] = [record('remind 500'), record('remind 500'), record('remind 500')];
  const timersIn = (staged: Awaited<ReturnType<Decider['decide']>>) => changesIn(staged).timers.get('a') ?? [];
  const causesOf = (staged: Awaited<ReturnType<Decider['decide']>>) => timersIn(staged).map(({ cause }) => cause.id);
  const staged = await decider.decide([first, second]);
  expect(causesOf(staged)).toEqual([first.headers['ce_id']]);
  member.timers?.publish('a', timersIn(staged));
  expect(causesOf(await decider.decide([third]))).toEqual([first.headers['ce_id']]);
});

it('an unchanged state is not written when its timers are as they were, and is written when they changed', async () => {
  let atMs = 9_000;
  const around = await surroundings((names) => ({
    ...reminder(names),
    evolve: (state) => state,
    timers: { topic: names.timers, due: (_, key) => [{ atMs, record: ask(key, 'ring') }] },
  }));
  const { record, summaries, member, changesIn } = around;
  const decider = new Decider(around.dependencies);
  const first = await decider.decide([record('remind 500')]);
  expect(summaries(first.records)).toEqual(['a says 1500:remind 500', 'a holds {"dueMs":null} and waits']);
  publish(member, changesIn(first));
  const second = await decider.decide([record('remind 500')]);
  expect(summaries(second.records)).toEqual(['a says 1500:remind 500']);
  expect([changesIn(second).state.size, changesIn(second).timers.size]).toEqual([0, 0]);
  atMs = 8_000;
  const third = await decider.decide([record('remind 500')]);
  expect(summaries(third.records)).toEqual(['a says 1500:remind 500', 'a holds {"dueMs":null} and waits']);
});

it('a timer that was set before is not measured again: a record that keeps it is decided', async () => {
  const timers = [{ atMs: 9_000, record: ask('a', 'x'.repeat(1_000_000)) }];
  const { record, summaries, member, dependencies } = await surroundings((names) => ({
    ...reminder(names),
    evolve: (state) => state,
    timers: { topic: names.timers, due: () => timers },
  }));
  const state = { dueMs: 9_000 };
  const { meta } = localDecoder().decodeSync(record(''));
  member.state.set('a', state);
  member.timers?.publish('a', member.timers.after('a', state, meta, []));
  const { records } = await new Decider(dependencies).decide([record('remind 500')]);
  expect(summaries(records)).toEqual(['a says 1500:remind 500']);
});

/** A state that lists a timer which cannot be due. */
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
    const { record, summaries, dependencies } = around;
    const bad = `remind ${BAD_MS - COMMAND_TIME_MS}`;
    const staged = await new Decider(dependencies).decide([
      ...[record('remind 500'), record(bad), record(bad, 'b'), record('forget', 'b')],
    ]);
    expect(summaries(staged.records)).toEqual([
      ...['a says 1500:remind 500', `a died of ${code}`, `b died of ${code}`, 'b says 0:forget'],
      ...['a holds {"dueMs":1500} and waits', 'b holds {"dueMs":null}'],
    ]);
  },
);
