import { describe, expect, it } from 'vitest';
import { apart, type Processor } from '../../../streams/kernel.ts';
import { eventually, readWhole } from '../../kafka/contract/testing.ts';
import { listDeadLetters } from '../dead-letters/select.ts';
import { settle } from '../dead-letters/settle.ts';
import { groupOf } from '../names.ts';
import { chain, front, last, memberOf, middle, textIn, turn } from '../testing/chain.ts';
import { openChainLog } from '../testing/chain-log.ts';
import { type Count, statesOf } from '../testing/processors.ts';

describe('dead letters of a record that was handed on', () => {
  /** A topology whose `middle` fails at `break` until it is mended. */
  async function openFragile(poison: Processor['poison']) {
    let broken = true;
    const decide: Processor['decide'] = (state, record, { key }) => {
      if (broken && textIn(record) === 'break') throw new Error('it broke');
      return [turn(key, (state as Count).count + 1, textIn(record))];
    };
    const opened = await openChainLog((names) =>
      chain(names, [front(names), middle(names, { poison, decide }), last(names)]),
    );
    const { log, names } = opened;
    const filter = { topic: names.answers.name };
    return {
      ...opened,
      mend: (): void => {
        broken = false;
      },
      letters: () => listDeadLetters(log, filter),
      redrive: () => settle({ log, verb: 'redrive', filter, by: 'me', waitMs: 5_000 }),
    };
  }

  it.each(['skip', 'park'] as const)(
    'are redriven through the topic of the topology, where members %s',
    async (poison) => {
      const { log, names, start, send, turns, mend, letters, redrive } = await openFragile(poison);
      start();
      await send('a', 'break', '1');
      await eventually(async () => expect(await letters()).toHaveLength(poison === 'park' ? 2 : 1));
      mend();
      expect((await redrive()).parked).toEqual([]);
      const expected = poison === 'park' ? ['break', '1'] : ['1', 'break'];
      await eventually(async () => expect(await turns('a')).toEqual(expected));
      expect(await letters()).toEqual([]);
      expect((await readWhole(log, names.answers.name)).filter(({ headers }) => 'ce_redriveof' in headers)).toEqual([]);
      expect((await redrive()).done).toEqual([]);
      await send('a', '2');
      await eventually(async () => expect(await turns('a')).toEqual([...expected, '2']));
      expect(Object.fromEntries(await statesOf(log, { ...names, state: names.middleState }))).toEqual({
        a: { count: 3 },
      });
    },
  );

  it('stay parked through a restart', async () => {
    const { names, start, send, turns, mend, letters, redrive } = await openFragile('park');
    await send('a', 'break');
    const first = start();
    await eventually(async () => expect(await letters()).toHaveLength(1));
    await first.close();
    const second = start();
    await send('a', '1');
    await eventually(async () => expect(await letters()).toHaveLength(2));
    expect(second.inspect(memberOf(names, 'front'), 'a')).toMatchObject({ state: { count: 2 }, parked: [] });
    mend();
    expect((await redrive()).parked).toEqual([]);
    expect(await turns('a')).toEqual(['break', '1']);
  });

  it('are redriven through the same topic when the members run apart', async () => {
    const { log, names, topology, start, send, turns, mend, letters, redrive } = await openFragile('park');
    const chained = start();
    await send('a', 'break', '1');
    await eventually(async () => expect(await letters()).toHaveLength(2));
    await chained.close();
    mend();
    const [, ofMiddle] = apart(topology);
    // As a change of the layout does: what was handed on is passed.
    const passed = (await log.watermarks([names.answers.name])).map((mark) => ({ ...mark, metadata: '' }));
    const transactor = await log.transactor('khipu.switch');
    await transactor.commit({ records: [], group: groupOf(memberOf(names, 'middle')), offsets: passed });
    start(ofMiddle);
    expect((await redrive()).parked).toEqual([]);
    expect(await turns('a')).toEqual(['break', '1']);
  });
});

it('members that run apart read the redriven records only when they read an internal topic', async () => {
  const { names, topology } = await openChainLog();
  expect(apart(topology).map(({ external }) => external.map(({ name }) => name))).toEqual([
    ...[[names.input.name], [names.answers.name, names.redrives.name]],
    [names.answers.name, names.turns.name, names.redrives.name],
  ]);
});
