import { describe, expect, it } from 'vitest';
import { topics } from '../../schemas/topics.ts';
import { worker } from '../../streams/kernel.ts';
import { eventually } from '../kafka/contract/testing.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import { stuckOf } from './in-flight.ts';
import { runProcessor } from './processor/runner.ts';
import { CELLS, ProgressBeacon } from './progress-beacon.ts';
import { ask, command, counter, dependenciesOf, localDecoder, ManualClock, prepare } from './testing/processors.ts';
import { runWorker } from './worker/runner.ts';

const decoder = localDecoder();
/** Waits until the started work has reached its next wait. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function open() {
  let hang = false;
  const log = new MemoryLog({
    yield: async (point) => {
      if (hang && point === 'commit') await new Promise(() => undefined);
    },
  });
  const names = await prepare(log, 1);
  const appender = await log.appender();
  const clock = new ManualClock();
  const { dependencies } = dependenciesOf(log, decoder, { clock });
  const send = (prompt: string) => appender.append([command(names, decoder, ask('a', prompt), 'a')]);
  const commitsHang = (): void => {
    hang = true;
  };
  return { names, clock, dependencies, send, commitsHang };
}

describe('a processor', () => {
  it('has nothing in flight while it rests, and the record of a transaction that hangs', async () => {
    const { names, clock, dependencies, send, commitsHang } = await open();
    const runner = runProcessor(counter(names), dependencies);
    await send('0');
    await eventually(() => expect(runner.inspect(names.name, 'a').state).toEqual({ count: 1 }));
    await eventually(() => expect(runner.inFlight()).toEqual([]));
    commitsHang();
    const began = clock.now();
    await send('1');
    const held = { processor: names.name, topic: names.input.name, partition: 0, offset: 1, doing: 'transaction' };
    await eventually(() => expect(runner.inFlight()).toEqual([{ ...held, sinceMs: began }]));
    clock.advance(30_000);
    expect(stuckOf(runner.inFlight(), clock.now(), 30_000)).toEqual([]);
    clock.advance(1);
    expect(stuckOf(runner.inFlight(), clock.now(), 30_000)).toHaveLength(1);
    const closed = runner.close();
    await pause();
    clock.advance(7_000);
    await closed;
    expect(runner.inFlight()).toEqual([]);
  });

  it('stops within its grace period although a transaction hangs', async () => {
    const { names, clock, dependencies, send, commitsHang } = await open();
    const runner = runProcessor(counter(names), dependencies);
    await eventually(async () => expect((await runner.health()).ok).toBe(true));
    commitsHang();
    await send('0');
    await eventually(() => expect(runner.inFlight()).toHaveLength(1));
    let closed = false;
    const closing = runner.close().then(() => {
      closed = true;
    });
    await pause();
    clock.advance(6_999);
    await pause();
    expect(closed).toBe(false);
    clock.advance(1);
    await closing;
  });

  it('reports its position before it decides, and no position afterwards', async () => {
    const { names, dependencies, send } = await open();
    const beacon = new ProgressBeacon();
    const cells = new Float64Array(beacon.buffer);
    const seen: number[][] = [];
    const spy = counter(names);
    const runner = runProcessor(
      {
        ...spy,
        decide: (...args) => {
          seen.push([cells[CELLS.slot] ?? 0, cells[CELLS.offset] ?? 0]);
          return spy.decide(...args);
        },
      },
      { ...dependencies, beacon },
    );
    await send('0');
    await send('1');
    await eventually(() => expect(seen.map(([, offset]) => offset)).toEqual([0, 1]));
    for (const [slot] of seen) expect(slot).toBeGreaterThan(0);
    await eventually(() => expect(cells[CELLS.slot]).toBe(0));
    await runner.close();
  });
});

describe('a worker', () => {
  it('is stuck on a record whose handler ignores its deadline', async () => {
    const { names, clock, dependencies, send } = await open();
    const declared = worker({
      ...{ name: names.name, inputs: [names.input], outputs: [topics.inferenceEvents] },
      key: ({ data }) => data.requestId,
      ...{ concurrencyMax: 4, attemptsMax: 1, deadlineMs: 60_000 },
    });
    const release = Promise.withResolvers<void>();
    const runner = runWorker(declared, { handle: () => release.promise, abandon: async () => undefined }, dependencies);
    await send('0');
    await eventually(() => expect(runner.inFlight().filter(({ doing }) => doing === 'work')).toHaveLength(1));
    clock.advance(90_000);
    expect(stuckOf(runner.inFlight(), clock.now(), 30_000)).toEqual([]);
    clock.advance(1);
    expect(stuckOf(runner.inFlight(), clock.now(), 30_000)).toMatchObject([
      { processor: names.name, topic: names.input.name, partition: 0, offset: 0, doing: 'work' },
    ]);
    release.resolve();
    await eventually(() => expect(runner.inFlight()).toEqual([]));
    await runner.close();
  });
});
