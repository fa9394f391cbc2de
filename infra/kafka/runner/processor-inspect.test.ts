import { expect, it } from 'vitest';
import { eventually } from '../contract/testing.ts';
import { MemoryLog } from '../memory/log.ts';
import { runProcessor } from './processor-runner.ts';
import { prepareTimed, reminder } from './reminder/testing.ts';
import { ask, COMMAND_TIME_MS, command, dependenciesOf, localDecoder, ManualClock } from './testing.ts';

const decoder = localDecoder();

async function open() {
  const log = new MemoryLog();
  const names = await prepareTimed(log);
  const appender = await log.appender();
  const clock = new ManualClock(COMMAND_TIME_MS);
  const start = () => runProcessor(reminder(names), { ...dependenciesOf(log, decoder).dependencies, clock });
  const send = (key: string, prompt: string) => appender.append([command(names, decoder, ask(key, prompt), key)]);
  return { names, clock, start, send };
}

it('tells the committed state of a key, its timers, and up to where it was read', async () => {
  const { names, clock, start, send } = await open();
  const runner = start();
  const [place] = await send('a', 'remind 500');
  await eventually(() => expect(runner.inspect('a')).toBeDefined());
  const due = { type: 'InferText', at: new Date(COMMAND_TIME_MS + 500).toISOString() };
  expect(runner.inspect('a')).toEqual({
    processor: names.name,
    key: 'a',
    partition: place?.partition,
    positions: expect.arrayContaining([{ topic: names.input.name, offset: (place?.offset ?? 0) + 1 }]),
    version: 1,
    state: { dueMs: COMMAND_TIME_MS + 500 },
    timers: [{ id: expect.any(String), ...due, fired: false }],
    parked: [],
  });
  clock.advance(500);
  await eventually(() => expect(runner.inspect('a')).toMatchObject({ state: { dueMs: null }, timers: [] }));
  await runner.close();
});

it('says when nobody has the key, and when another process may have it', async () => {
  const { start, send } = await open();
  const first = start();
  await eventually(async () => expect((await first.health()).ok).toBe(true));
  expect(() => first.inspect('nobody')).toThrow(expect.objectContaining({ code: 'STATE_UNKNOWN_KEY', status: 404 }));
  const second = start();
  await eventually(async () => expect((await second.health()).ok).toBe(true));
  await send('a', 'remind 500');
  const codes = (): string[] =>
    [first, second].map((runner) => {
      try {
        return runner.inspect('a').key;
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
  await eventually(() => expect(codes().sort()).toEqual(['STATE_NOT_HERE', 'a']));
  await Promise.all([first.close(), second.close()]);
  expect(() => first.inspect('a')).toThrow(expect.objectContaining({ code: 'STATE_NOT_HERE', status: 421 }));
});
