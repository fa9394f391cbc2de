import { expect, it } from 'vitest';
import { eventually } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { ask, COMMAND_TIME_MS, command, dependenciesOf, localDecoder, ManualClock } from '../testing/processors.ts';
import { prepareTimed, reminder } from '../testing/reminder.ts';
import { runProcessor } from './runner.ts';

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

it('reports an unknown key, and a key that another process may own', async () => {
  const { names, start, send } = await open();
  const first = start();
  await eventually(async () => expect((await first.health()).ok).toBe(true));
  expect(() => first.inspect(names.name, 'unknown')).toThrow(
    expect.objectContaining({ code: 'STATE_UNKNOWN_KEY', status: 404 }),
  );
  const second = start();
  await eventually(async () => expect((await second.health()).ok).toBe(true));
  await send('a', 'remind 500');
  const codes = (): string[] =>
    [first, second].map((runner) => {
      try {
        return runner.inspect(names.name, 'a').key;
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
  await eventually(() => expect(codes().sort()).toEqual(['STATE_NOT_HERE', 'a']));
  await Promise.all([first.close(), second.close()]);
  expect(() => first.inspect(names.name, 'a')).toThrow(
    expect.objectContaining({ code: 'STATE_NOT_HERE', status: 421 }),
  );
});
