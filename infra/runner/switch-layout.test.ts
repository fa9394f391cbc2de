import { describe, expect, it } from 'vitest';
import { apart, type TopologyLayout } from '../../streams/kernel.ts';
import { eventually, numbered } from '../kafka/contract/testing.ts';
import { expectEpoch, LAYOUT_KEY, type Layout, layoutRecord, layoutTopic, readLayout } from '../kafka/layout.ts';
import { runTopology } from './processor/runner.ts';
import { switchLayout } from './switch-layout.ts';
import { undrainedOf } from './switch-topologies.ts';
import { openChainLog } from './testing/chain-log.ts';
import { dependenciesOf, localDecoder } from './testing/processors.ts';

const FIRST: Layout = {
  ...{ epoch: 1, partitions: 4, topologies: 'chained', begins: {} },
  ...{ growing: null, switching: null },
};
async function open(layout: Layout | null = FIRST) {
  const opened = await openChainLog();
  const { log, topology, appender } = opened;
  await log.createTopics([layoutTopic]);
  const set = async (value: Layout): Promise<void> => void (await appender.append([layoutRecord(LAYOUT_KEY, value)]));
  if (layout !== null) await set(layout);
  const topologiesOf = (each: TopologyLayout) => (each === 'chained' ? [topology] : apart(topology));
  const { dependencies } = dependenciesOf(log, localDecoder());
  const switchTo = (to: TopologyLayout, expectStopped = async (): Promise<void> => undefined) =>
    switchLayout({ to, topologiesOf, expectStopped, dependencies });
  /** Runs a layout until it has passed everything. */
  const run = async (each: TopologyLayout): Promise<void> => {
    const runners = topologiesOf(each).map((one) => runTopology(one, dependencies));
    await eventually(async () => expect(await undrainedOf(log, topologiesOf(each))).toEqual([]));
    await Promise.all(runners.map((runner) => runner.close()));
  };
  return { ...opened, set, topologiesOf, dependencies, switchTo, run };
}

describe('a switch of the layout', () => {
  it('drains the old one, and the new one continues with the next record of each key', async () => {
    const { log, send, run, switchTo, turns } = await open();
    await send('a', '1', '2');
    await run('chained');
    // Not read yet by any process.
    await send('a', '3');
    expect(await switchTo('apart')).toMatchObject({ epoch: 2, topologies: 'apart', switching: null });
    expect(await turns('a')).toEqual(['1', '2', '3']);
    expect(await readLayout(log)).toMatchObject({ epoch: 2, topologies: 'apart' });
    await send('a', '4');
    await run('apart');
    await send('a', '5');
    await switchTo('chained');
    await send('a', '6');
    await run('chained');
    expect(await turns('a')).toEqual(numbered(7).slice(1));
  });

  it('drains what only some of the members have passed', async () => {
    const { log, topology, dependencies, send, switchTo, turns } = await open({ ...FIRST, topologies: 'apart' });
    const [front] = apart(topology);
    if (front === undefined) throw new Error('no members');
    const runner = runTopology(front, dependencies);
    await send('a', '1', '2');
    await eventually(async () => expect(await undrainedOf(log, [front])).toEqual([]));
    await runner.close();
    expect((await undrainedOf(log, apart(topology))).length).toBeGreaterThan(0);
    await switchTo('chained');
    expect(await turns('a')).toEqual(['1', '2']);
  });

  it('changes nothing when the platform has the layout already', async () => {
    const { switchTo } = await open();
    const stopped = async (): Promise<void> => {
      throw new Error('not asked');
    };
    expect(await switchTo('chained', stopped)).toEqual(FIRST);
  });

  it('is completed by the next call after an interruption, without asking again whether processes run', async () => {
    const { send, switchTo, set, turns } = await open();
    await send('a', '1');
    await set({ ...FIRST, switching: { to: 'apart' } });
    const running = async (): Promise<void> => {
      throw new Error('not asked');
    };
    expect(await switchTo('apart', running)).toMatchObject({ epoch: 2, topologies: 'apart', switching: null });
    expect(await turns('a')).toEqual(['1']);
  });

  it('does not begin while a process runs, and takes back the announcement when one has started meanwhile', async () => {
    const { log, switchTo } = await open();
    await expect(switchTo('apart', () => Promise.reject(new Error('it runs')))).rejects.toThrow('it runs');
    let asked = 0;
    const starts = async (): Promise<void> => {
      asked += 1;
      if (asked === 2) {
        expect((await readLayout(log))?.switching).toEqual({ to: 'apart' });
        throw new Error('it has started');
      }
    };
    await expect(switchTo('apart', starts)).rejects.toThrow('it has started');
    expect(await readLayout(log)).toEqual(FIRST);
  });

  it.each([
    ['NOT_SET_UP', null],
    ['PARTITIONS_GROWING', { ...FIRST, growing: { to: 8 } }],
    ['LAYOUT_SWITCHING', { ...FIRST, topologies: 'apart', switching: { to: 'chained' } }],
  ] as const)('is refused with %s', async (code, layout) => {
    const { switchTo } = await open(layout);
    await expect(switchTo('apart')).rejects.toMatchObject({ code });
  });
});

describe('a process of an older epoch', () => {
  it('ends at its next takeover, and the new layout works without it', async () => {
    const { log, topology, dependencies, switchTo, send, run, turns } = await open();
    await switchTo('apart');
    const fatal: unknown[] = [];
    const old = runTopology(topology, {
      ...dependencies,
      mayTakeOver: () => expectEpoch(log, 1),
      onFatal: (error) => void fatal.push(error),
    });
    await eventually(() => expect(fatal).toHaveLength(1));
    expect(fatal[0]).toMatchObject({ code: 'LAYOUT_CHANGED' });
    await old.close();
    await send('a', '1');
    await run('apart');
    expect(await turns('a')).toEqual(['1']);
  });

  it.each([
    [{ ...FIRST, epoch: 2 }],
    [{ ...FIRST, growing: { to: 8 } }],
    [{ ...FIRST, switching: { to: 'apart' } }],
  ] as const)('reads of it in the layout %j', async (layout) => {
    const { log } = await open(layout);
    await expect(expectEpoch(log, 1)).rejects.toMatchObject({ code: 'LAYOUT_CHANGED' });
  });
});
