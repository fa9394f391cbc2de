import { describe, expect, it } from 'vitest';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { LogError } from '../../kafka/errors.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import {
  answersOf,
  ask,
  command,
  counter,
  dependenciesOf,
  localDecoder,
  prepare,
  statesOf,
  uncommitted,
} from '../testing/processors.ts';
import { runProcessor } from './runner.ts';

const decoder = localDecoder();
const KEYS = numbered(6).map((key) => `key ${key}`);

/** Returns a log whose next commits a test can make fail, and the inputs of a processor. */
async function open() {
  let point: (at: string) => Promise<void> = async () => undefined;
  const log = new MemoryLog({ yield: (at) => point(at) });
  const names = await prepare(log);
  const appender = await log.appender();
  const send = async (from: number, to: number): Promise<void> => {
    for (let prompt = from; prompt < to; prompt += 1)
      await appender.append(KEYS.map((key) => command(names, decoder, ask(key, `${prompt}`), key)));
  };
  const expectOnce = async (count: number): Promise<void> => {
    await eventually(async () => expect(await uncommitted(log, names)).toBe(0));
    const answers = await answersOf(log, decoder, KEYS);
    const expected = numbered(count).map((prompt) => `${Number(prompt) + 1}:${prompt}`);
    for (const key of KEYS) expect(answers.get(key)).toEqual(expected);
    for (const state of (await statesOf(log, names)).values()) expect(state).toEqual({ count });
  };
  const at = (hook: typeof point): void => {
    point = hook;
  };
  return { log, names, send, expectOnce, at };
}

describe('a processor whose transaction fails', () => {
  for (const [moment, where] of [
    ['before it took effect', 'commit'],
    ['after it took effect, unknown to its writer', 'committed'],
  ] as const)
    it(`loses nothing and applies nothing twice when that is ${moment}`, async () => {
      const { log, names, send, expectOnce, at } = await open();
      let failures = 0;
      let commits = 0;
      at(async (point) => {
        if (point !== where) return;
        commits += 1;
        if (commits % 3 === 0 && failures < 5) {
          failures += 1;
          throw new Error('the process stumbled');
        }
      });
      const { dependencies, metric } = dependenciesOf(log, decoder);
      const runner = runProcessor(counter(names), dependencies);
      for (let prompt = 0; prompt < 12; prompt += 1) {
        await send(prompt, prompt + 1);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      await expectOnce(12);
      await runner.close();
      expect(failures).toBeGreaterThan(1);
      expect(await metric('khipu_restarts_total')).toBeGreaterThanOrEqual(1);
    });

  it('discards staged state: the records are decided again from the committed state', async () => {
    const { log, names, send, expectOnce, at } = await open();
    let failed = false;
    at(async (point) => {
      if (point !== 'commit' || failed) return;
      failed = true;
      throw new Error('the process stumbled');
    });
    await send(0, 5);
    const runner = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
    await expectOnce(5);
    await runner.close();
    expect(failed).toBe(true);
  });

  it('continues after the log was unavailable for a while', async () => {
    const { log, names, send, expectOnce } = await open();
    const { dependencies, metric, fatal } = dependenciesOf(log, decoder);
    const runner = runProcessor(counter(names), dependencies);
    await send(0, 3);
    await expectOnce(3);
    await send(3, 4);
    log.away = true;
    await eventually(async () => expect(await metric('khipu_restarts_total')).toBeGreaterThan(1));
    expect(await runner.health()).toMatchObject({ ok: false });
    log.away = false;
    await expectOnce(4);
    await send(4, 6);
    await expectOnce(6);
    expect(fatal).toEqual([]);
    await runner.close();
  });

  it('ends the process on an error that no restart can fix', async () => {
    const { log, names, at } = await open();
    at(async (point) => {
      if (point === 'fence') throw new LogError('LOG_PROTOCOL', 'the broker speaks another protocol');
    });
    const { dependencies, fatal } = dependenciesOf(log, decoder);
    const runner = runProcessor(counter(names), dependencies);
    await eventually(() => expect(fatal).toMatchObject([{ code: 'LOG_PROTOCOL' }]));
    await runner.close();
  });
});

describe('processors that share partitions', () => {
  it('lets two split the work, and one take all of it when the other leaves', async () => {
    const { log, names, send, expectOnce } = await open();
    const [one, two] = [dependenciesOf(log, decoder), dependenciesOf(log, decoder)];
    const first = runProcessor(counter(names), one.dependencies);
    await send(0, 2);
    const second = runProcessor(counter(names), two.dependencies);
    await eventually(async () => expect(await second.health()).toMatchObject({ ok: true }));
    await send(2, 6);
    await expectOnce(6);
    expect(await one.metric('khipu_records_in_total')).toBeGreaterThan(0);
    expect(await two.metric('khipu_records_in_total')).toBeGreaterThan(0);
    await first.close();
    await send(6, 8);
    await expectOnce(8);
    await second.close();
  });

  it('fences a stalled owner, which then cannot commit; the next owner does its work', async () => {
    const { log, names, send, expectOnce, at } = await open();
    const [stalled, healthy] = [dependenciesOf(log, decoder), dependenciesOf(log, decoder)];
    const first = runProcessor(counter(names), stalled.dependencies);
    await send(0, 1);
    await expectOnce(1);
    let resume: () => void = () => undefined;
    let held = 0;
    at(async (point) => {
      if (point !== 'commit' || held > 0) return;
      held += 1;
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    });
    await send(1, 3);
    await eventually(() => expect(held).toBe(1));
    const second = runProcessor(counter(names), healthy.dependencies);
    await eventually(async () => expect(await second.health()).toMatchObject({ ok: true }));
    await send(3, 5);
    resume();
    await expectOnce(5);
    await Promise.all([first.close(), second.close()]);
  });

  it('keeps every record through rebalances during the work', async () => {
    const { log, names, send, expectOnce, at } = await open();
    at((point) =>
      point === 'commit' || point === 'fence' ? new Promise((resolve) => setTimeout(resolve, 3)) : Promise.resolve(),
    );
    const runners = [1, 2].map(() => runProcessor(counter(names), dependenciesOf(log, decoder).dependencies));
    for (let prompt = 0; prompt < 20; prompt += 1) {
      await send(prompt, prompt + 1);
      if (prompt % 3 === 0) log.rebalance(`khipu.${names.name}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expectOnce(20);
    await Promise.all(runners.map((runner) => runner.close()));
  });
});
