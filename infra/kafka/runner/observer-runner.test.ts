import { describe, expect, it, vi } from 'vitest';
import { MemoryLog } from '../memory/log.ts';
import { runObserver } from './observer-runner.ts';
import { groupOf } from './processor-runner.ts';
import { ask, command, dependenciesOf, type Names, prepare } from './testing.ts';

async function setUp() {
  const log = new MemoryLog();
  const names = await prepare(log);
  const { dependencies, metric } = dependenciesOf(log);
  const told: string[] = [];
  const observe = () =>
    runObserver(
      { name: names.name, topic: names.input.name, observe: ({ meta }) => told.push(meta.key) },
      dependencies,
    );
  const append = async (...keys: string[]) => {
    const appender = await log.appender();
    await appender.append(keys.map((key) => command(names, dependencies.decoder, ask(key, 'hello'), key)));
  };
  return { log, names, told, observe, append, metric };
}

const committedOf = async (log: MemoryLog, { name, input }: Names): Promise<number> =>
  (await log.committed(groupOf(name), [input.name])).reduce((sum, { offset }) => sum + Math.max(0, offset), 0);

describe('an observer', () => {
  it('is told of every record, and of none twice after an orderly stop', async () => {
    const { log, names, told, observe, append } = await setUp();
    await append('a', 'b', 'c');
    const first = observe();
    await vi.waitFor(() => expect([...told].sort()).toEqual(['a', 'b', 'c']));
    await first.close();
    expect(await committedOf(log, names)).toBe(3);

    await append('d');
    const second = observe();
    await vi.waitFor(() => expect(told).toHaveLength(4));
    await second.close();
    expect(told.at(-1)).toBe('d');
  });

  it('passes over what it cannot read, and goes on', async () => {
    const { log, names, told, observe, append } = await setUp();
    const appender = await log.appender();
    const torn = { topic: names.input.name, partition: 0, key: 'x', value: Buffer.from('torn'), headers: {} };
    await appender.append([torn]);
    await append('a');
    const runner = observe();
    await vi.waitFor(() => expect(told).toEqual(['a']));
    await vi.waitFor(async () => expect((await runner.health()).ok).toBe(true));
    await runner.close();
    expect(await committedOf(log, names)).toBe(2);
  });

  it('begins again when the log was away, and loses nothing', async () => {
    const { log, told, observe, append, metric } = await setUp();
    log.away = true;
    const runner = observe();
    await vi.waitFor(async () => expect(await metric('khipu_restarts_total')).toBeGreaterThan(0));
    expect((await runner.health()).ok).toBe(false);
    log.away = false;
    await append('a');
    await vi.waitFor(() => expect(told).toEqual(['a']), { timeout: 5_000 });
    await runner.close();
  });
});
