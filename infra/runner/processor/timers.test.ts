import { describe, expect, it } from 'vitest';
import { eventually, readWhole } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import {
  answersOf,
  ask,
  COMMAND_TIME_MS,
  command,
  dependenciesOf,
  localDecoder,
  ManualClock,
} from '../testing/processors.ts';
import { prepareTimed, reminder, rung, type TimedNames } from '../testing/reminder.ts';
import { runProcessor } from './runner.ts';

const decoder = localDecoder();

async function open(options: ConstructorParameters<typeof MemoryLog>[0] = {}) {
  const log = new MemoryLog(options);
  const names = await prepareTimed(log);
  const clock = new ManualClock(COMMAND_TIME_MS);
  const appender = await log.appender();
  const start = (over: Parameters<typeof reminder>[1] = {}) => {
    const { dependencies, metric } = dependenciesOf(log, decoder, { clock });
    const runner = runProcessor(reminder(names, over), dependencies);
    const ready = (): Promise<void> => eventually(async () => expect((await runner.health()).ok).toBe(true));
    return { ...runner, ready, metric };
  };
  const send = async (key: string, prompt: string): Promise<void> => {
    await appender.append([command(names, decoder, ask(key, prompt), key)]);
    await answered(key, prompt);
  };
  const textsOf = async (key: string): Promise<string[]> =>
    ((await answersOf(log, decoder, [key])).get(key) ?? []).map((answer) => answer.slice(answer.indexOf(':') + 1));
  const answered = (key: string, prompt: string): Promise<void> =>
    eventually(async () => expect((await textsOf(key)).at(-1)).toBe(prompt));
  /** Waits long enough for a timer that is wrongly due to fire. */
  const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
  return { log, names, clock, start, send, answered, textsOf, quiet, rung: () => rung(log, decoder, names) };
}

const marksOf = async (log: MemoryLog, { state }: TimedNames) =>
  (await readWhole(log, state.name)).map(
    ({ value }) =>
      (JSON.parse(String(value)) as { timers?: { id: string; cause: object; fired: boolean }[] }).timers ?? [],
  );

describe('timers of a processor on the log', () => {
  it('fire when the clock has reached them and not before, as commands of its own input', async () => {
    const { clock, start, send, answered, quiet, rung, names } = await open();
    const runner = start();
    await send('a', 'remind 500');
    clock.advance(499);
    await quiet();
    expect(await rung()).toEqual([]);
    clock.advance(1);
    await answered('a', 'ring');
    expect(await rung()).toMatchObject([
      { key: 'a', timeMs: COMMAND_TIME_MS + 500, tenantId: 't', topic: names.timers.name },
    ]);
    expect(await runner.metric('khipu_timers')).toBe(0);
    expect(await runner.metric('khipu_timer_late_seconds')).toBe(1);
    await runner.close();
  });

  it('are in the partition of their state, and continue the causal chain of the record that set them', async () => {
    const { log, names, clock, start, send, answered, rung } = await open();
    const runner = start();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await send(key, 'remind 500');
    clock.advance(500);
    for (const key of ['a', 'b', 'c', 'd', 'e']) await answered(key, 'ring');
    await runner.close();
    const causes = new Map((await readWhole(log, names.input.name)).map((record) => [record.key, record]));
    for (const meta of await rung()) {
      const cause = causes.get(meta.key);
      expect(meta.partition).toBe(cause?.partition);
      expect([meta.causationId, meta.correlationId]).toEqual([cause?.headers['ce_id'], cause?.headers['ce_id']]);
      expect(meta.traceparent.slice(0, 35)).toBe(cause?.headers['traceparent']?.slice(0, 35));
    }
  });

  it('survive their process; one that became due without a process fires at once', async () => {
    const { clock, start, send, answered, rung } = await open();
    const first = start();
    await send('soon', 'remind 500');
    await send('later', 'remind 5000');
    await first.close();
    clock.advance(1_000);
    const second = start();
    await answered('soon', 'ring');
    expect((await rung()).map(({ key, timeMs }) => [key, timeMs])).toEqual([['soon', COMMAND_TIME_MS + 500]]);
    clock.advance(4_000);
    await answered('later', 'ring');
    await second.close();
  });

  it('fire once, even if the state always lists them and owners change', async () => {
    const { log, names, clock, start, send, quiet, rung } = await open();
    const first = start({ deaf: true });
    await send('a', 'remind 500');
    clock.advance(500);
    await eventually(async () => expect(await rung()).toHaveLength(1));
    await first.close();
    const second = start({ deaf: true });
    await second.ready();
    clock.advance(10_000);
    await quiet();
    expect(await rung()).toHaveLength(1);
    expect((await marksOf(log, names)).at(-1)).toMatchObject([{ fired: true }]);
    await second.close();
  });

  it('leave nothing in the state once it no longer lists them', async () => {
    const { log, names, clock, start, send, answered } = await open();
    const runner = start();
    await send('a', 'remind 500');
    clock.advance(500);
    await answered('a', 'ring');
    await runner.close();
    expect((await marksOf(log, names)).map((marks) => marks.map(({ fired }) => fired))).toEqual([[false], [true], []]);
  });

  for (const [moment, point] of [
    ['before it took effect', 'commit'],
    ['after it took effect, unknown to its writer', 'committed'],
  ] as const)
    it(`fire once when the transaction that fires them fails ${moment}`, async () => {
      let armed = false;
      let failures = 0;
      const { clock, start, send, answered, textsOf, rung } = await open({
        yield: async (at) => {
          if (!armed || at !== point) return;
          armed = false;
          failures += 1;
          throw new Error('the process stumbled');
        },
      });
      const runner = start();
      await send('a', 'remind 500');
      armed = true;
      clock.advance(500);
      await eventually(() => expect(failures).toBe(1));
      // The backoff of the next life waits for this clock too.
      await eventually(() => {
        clock.advance(200);
        expect(runner.alive()).toBe(true);
      });
      await answered('a', 'ring');
      expect(await rung()).toHaveLength(1);
      expect(await textsOf('a')).toEqual(['remind 500', 'ring']);
      await runner.close();
    });

  it('are rebuilt from the journal when the state has another version: listed ones fire again, with the same id', async () => {
    const { clock, start, send, rung, quiet } = await open();
    const first = start({ deaf: true });
    await send('a', 'remind 500');
    clock.advance(500);
    await eventually(async () => expect(await rung()).toHaveLength(1));
    await quiet();
    await first.close();
    const second = start({ deaf: true, stateVersion: 2 });
    await eventually(async () => expect(await rung()).toHaveLength(2));
    await second.close();
    const [one, again] = await rung();
    expect(again?.id).toBe(one?.id);
    expect(again?.correlationId).toBe(one?.correlationId);
    const third = start({ deaf: true, stateVersion: 2 });
    await third.ready();
    await quiet();
    expect(await rung()).toHaveLength(2);
    await third.close();
  });

  it('are rebuilt from the journal for state that was written before timers existed', async () => {
    const { clock, start, send, answered } = await open();
    const before = start({ timers: null });
    await send('a', 'remind 500');
    await before.close();
    clock.advance(500);
    const after = start();
    await answered('a', 'ring');
    await after.close();
  });
});
