import { describe, expect, it, vi } from 'vitest';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { groupOf } from '../names.ts';
import { ask, command, dependenciesOf, type Names, prepare } from '../testing/processors.ts';
import { runObserver } from './runner.ts';

const PATIENCE = { timeout: 30_000 };

async function setUp() {
  const log = new MemoryLog();
  const names = await prepare(log);
  const { dependencies, metric } = dependenciesOf(log);
  const observed: string[] = [];
  const batches: number[] = [];
  const observe = () =>
    runObserver(
      {
        name: names.name,
        topic: names.input.name,
        observe: (events) => {
          batches.push(events.length);
          observed.push(...events.map(({ meta }) => meta.key));
        },
      },
      dependencies,
    );
  const append = async (...keys: string[]) => {
    const appender = await log.appender();
    await appender.append(keys.map((key) => command(names, dependencies.decoder, ask(key, 'hello'), key)));
  };
  return { log, names, observed, batches, observe, append, metric };
}

const committedOf = async (log: MemoryLog, { name, input }: Names): Promise<number> =>
  (await log.committed(groupOf(name), [input.name])).reduce((sum, { offset }) => sum + Math.max(0, offset), 0);

describe('an observer', () => {
  it('receives every record, and none twice after an orderly stop', async () => {
    const { log, names, observed, observe, append } = await setUp();
    await append('a', 'b', 'c');
    const first = observe();
    await vi.waitFor(() => expect([...observed].sort()).toEqual(['a', 'b', 'c']), PATIENCE);
    await first.close();
    expect(await committedOf(log, names)).toBe(3);

    await append('d');
    const second = observe();
    await vi.waitFor(() => expect(observed).toHaveLength(4), PATIENCE);
    await second.close();
    expect(observed.at(-1)).toBe('d');
  });

  it('skips a record that it cannot decode, and continues', async () => {
    const { log, names, observed, observe, append } = await setUp();
    const appender = await log.appender();
    const torn = { topic: names.input.name, partition: 0, key: 'x', value: Buffer.from('torn'), headers: {} };
    await appender.append([torn]);
    await append('a');
    const runner = observe();
    await vi.waitFor(() => expect(observed).toEqual(['a']), PATIENCE);
    await vi.waitFor(async () => expect((await runner.health()).ok).toBe(true), PATIENCE);
    await runner.close();
    expect(await committedOf(log, names)).toBe(2);
  });

  it('receives the records of a batch together, and no batch without any', async () => {
    const { log, names, observed, batches, observe, append } = await setUp();
    const appender = await log.appender();
    const torn = { topic: names.input.name, partition: 0, key: 'x', value: Buffer.from('torn'), headers: {} };
    await appender.append([torn]);
    await append('a', 'a', 'a');
    const runner = observe();
    await vi.waitFor(() => expect(observed).toEqual(['a', 'a', 'a']), PATIENCE);
    await runner.close();
    expect(batches).toEqual([3]);
  });

  it('continues after a batch at which `observe` threw', async () => {
    const { log, names, append } = await setUp();
    const { dependencies } = dependenciesOf(log);
    const seen: number[] = [];
    await append('a');
    const runner = runObserver(
      {
        name: names.name,
        topic: names.input.name,
        observe: (events) => {
          seen.push(events.length);
          throw new Error('observe broke');
        },
      },
      dependencies,
    );
    await vi.waitFor(() => expect(seen).toEqual([1]), PATIENCE);
    await append('a');
    await vi.waitFor(() => expect(seen).toEqual([1, 1]), PATIENCE);
    await runner.close();
    expect(await committedOf(log, names)).toBe(2);
  });

  it('restarts after the log was unavailable, and loses nothing', async () => {
    const { log, observed, observe, append, metric } = await setUp();
    log.away = true;
    const runner = observe();
    await vi.waitFor(async () => expect(await metric('khipu_restarts_total')).toBeGreaterThan(0), PATIENCE);
    expect((await runner.health()).ok).toBe(false);
    log.away = false;
    await append('a');
    await vi.waitFor(() => expect(observed).toEqual(['a']), PATIENCE);
    await runner.close();
  });
});
