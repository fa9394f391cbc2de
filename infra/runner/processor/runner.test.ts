import { describe, expect, it } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { MemoryBroker } from '../../kafka/memory/broker.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { DecidedTransaction } from '../../kafka/memory/transactions.ts';
import {
  answersOf,
  ask,
  command,
  counter,
  dependenciesOf,
  localDecoder,
  type Names,
  prepare,
  statesOf,
  uncommitted,
} from '../testing/processors.ts';
import { runProcessor } from './runner.ts';

const decoder = localDecoder();

const open = async (options: ConstructorParameters<typeof MemoryLog>[0] = {}) => {
  const log = new MemoryLog(options);
  const names = await prepare(log);
  const appender = await log.appender();
  const send = async (key: string, prompts: readonly string[]): Promise<void> => {
    await appender.append(prompts.map((prompt) => command(names, decoder, ask(key, prompt), key)));
  };
  return { log, names, send };
};

const settled = (log: MemoryLog, names: Names): Promise<void> =>
  eventually(async () => expect(await uncommitted(log, names)).toBe(0));

const expected = (count: number): string[] => numbered(count).map((prompt) => `${Number(prompt) + 1}:${prompt}`);

describe('a processor on the log', () => {
  it('answers every record once, in order per key, and returns its state', async () => {
    const { log, names, send } = await open();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await send(key, numbered(20));
    const runner = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
    await settled(log, names);
    await send('a', ['20']);
    await settled(log, names);
    await runner.close();
    const answers = await answersOf(log, decoder, ['a', 'b', 'c', 'd', 'e']);
    expect(answers.get('a')).toEqual(expected(21));
    for (const key of ['b', 'c', 'd', 'e']) expect(answers.get(key)).toEqual(expected(20));
    expect(Object.fromEntries(await statesOf(log, names))).toEqual({
      ...{ a: { count: 21 }, b: { count: 20 }, c: { count: 20 }, d: { count: 20 }, e: { count: 20 } },
    });
  });

  it('commits outputs and offsets together, at every moment', async () => {
    const decided: DecidedTransaction[] = [];
    const broker = new MemoryBroker({ onDecided: (transaction) => void decided.push(transaction) });
    const { log, names, send } = await open({ broker });
    const runner = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
    for (const text of numbered(30)) await send(`key ${Number(text) % 7}`, [text]);
    await settled(log, names);
    await runner.close();
    expect(decided.length).toBeGreaterThan(1);
    const taken = new Map<number, number>();
    for (const { records, offsets } of decided)
      for (const { partition, offset } of offsets) {
        const answers = records.filter(({ topic }) => topic === topics.inferenceEvents.name);
        expect(answers).toHaveLength(offset - (taken.get(partition) ?? 0));
        taken.set(partition, offset);
      }
  });

  it('processes more records than one transaction takes', async () => {
    const { log, names, send } = await open();
    await send('many', numbered(3_500));
    const { dependencies, metric } = dependenciesOf(log, decoder);
    const runner = runProcessor(counter(names), dependencies);
    await settled(log, names);
    await runner.close();
    expect((await answersOf(log, decoder, ['many'])).get('many')).toEqual(expected(3_500));
    expect(await metric('khipu_records_in_total')).toBe(3_500);
  });

  it('restores its state from the state topic after the process that wrote it has ended', async () => {
    const { log, names, send } = await open();
    const first = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
    await send('a', ['0', '1']);
    await settled(log, names);
    await first.close();
    await send('a', ['2']);
    const { dependencies, metric } = dependenciesOf(log, decoder);
    const second = runProcessor(counter(names), dependencies);
    await settled(log, names);
    await second.close();
    expect(await metric('khipu_restore_records')).toBeGreaterThan(0);
    expect(await metric('khipu_restore_left_records')).toBe(0);
    expect((await answersOf(log, decoder, ['a'])).get('a')).toEqual(expected(3));
  });

  it('rebuilds its state from its events when evolve has changed, and only once', async () => {
    const { log, names, send } = await open();
    const first = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
    await send('a', ['0', '1']);
    await settled(log, names);
    await first.close();
    const double = counter(names, {
      stateVersion: 2,
      evolve: (state) => ({ count: (state as { count: number }).count + 10 }),
    });
    const written: number[] = [];
    for (const prompt of ['2', '3']) {
      const next = runProcessor(double, dependenciesOf(log, decoder).dependencies);
      await send('a', [prompt]);
      await settled(log, names);
      await next.close();
      written.push((await log.watermarks([names.state.name])).reduce((sum, { high }) => sum + high, 0));
    }
    expect((await answersOf(log, decoder, ['a'])).get('a')).toEqual(['1:0', '2:1', '21:2', '31:3']);
    // The second start had nothing to rebuild: it wrote one state and its marker.
    expect((written[1] ?? 0) - (written[0] ?? 0)).toBe(2);
  });

  it('commits the taken records before it stops', async () => {
    const { log, names, send } = await open();
    const runner = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
    await send('a', ['0', 'quiet', 'quiet']);
    await eventually(async () => expect((await answersOf(log, decoder, ['a'])).get('a')).toEqual(['1:0']));
    await send('a', ['quiet']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await runner.close();
    expect(await uncommitted(log, names)).toBe(0);
  });

  it('reports its health and its metrics', async () => {
    const { log, names, send } = await open();
    const { dependencies, metric } = dependenciesOf(log, decoder);
    const runner = runProcessor(counter(names), dependencies);
    expect(runner.name).toBe(names.name);
    await eventually(async () => expect(await runner.health()).toEqual({ ok: true, detail: 'reading' }));
    await send('a', ['0', '1', 'break']);
    await settled(log, names);
    expect(await metric('khipu_records_in_total')).toBe(3);
    // Two answers, a dead letter and a state.
    expect(await metric('khipu_records_out_total')).toBe(4);
    expect(await metric('khipu_dead_letters_total')).toBe(1);
    for (const name of ['khipu_batch_records', 'khipu_decide_seconds', 'khipu_transaction_seconds'])
      expect(await metric(name)).toBeGreaterThan(0);
    expect(await metric('khipu_record_age_seconds')).toBe(3);
    expect(await metric('khipu_lag_records')).toBe(0);
    await runner.close();
    expect((await runner.health()).ok).toBe(false);
  });
});
