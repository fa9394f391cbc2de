import { describe, expect, it } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import { type Processor, type Table, table } from '../../../streams/kernel.ts';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { groupOf } from '../names.ts';
import { chain, front, last, memberOf, middle, textIn, turn } from '../testing/chain.ts';
import { openChainLog } from '../testing/chain-log.ts';
import { command, localDecoder, uncommitted } from '../testing/processors.ts';

const decoder = localDecoder();
describe('a topology on the log', () => {
  it('commits an external record and all that it leads to in one transaction, or nothing of it', async () => {
    const { log, names, topology, decided, start, close, send, turns } = await openChainLog();
    start();
    for (const text of numbered(12)) await send(`key ${Number(text) % 5}`, text);
    await eventually(async () => expect(await uncommitted(log, names)).toBe(0));
    await close();
    expect(await turns('key 0')).toEqual(['0', '5', '10']);
    const taken = new Map<number, number>();
    const chains = decided.filter(({ group, offsets }) => group === groupOf(topology.name) && offsets.length > 0);
    for (const { records, offsets } of chains)
      for (const { partition, offset } of offsets) {
        const count = offset - (taken.get(partition) ?? 0);
        taken.set(partition, offset);
        const written = (name: string) => records.filter((each) => each.topic === name);
        for (const name of [names.answers.name, names.turns.name]) expect(written(name)).toHaveLength(count);
        expect(written(topics.slmResponses.name)).toHaveLength(2 * count);
        expect(
          records.every((record) => record.partition === partition || record.topic === topics.slmResponses.name),
        ).toBe(true);
      }
    expect([...taken.values()].reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(new Set(chains.flatMap(({ offsets }) => offsets.map(({ topic }) => topic)))).toEqual(
      new Set([names.input.name]),
    );
  });

  it('restores the states of all members, and shows each by its member', async () => {
    const { names, start, send, turns } = await openChainLog();
    const first = start();
    await send('a', 'twice', '1');
    await eventually(async () => expect(await turns('a')).toEqual(['twice', 'twice', '1']));
    await first.close();
    const second = start();
    expect(second.members).toEqual((['front', 'middle', 'last'] as const).map((part) => memberOf(names, part)));
    await eventually(() => expect(second.inspect(memberOf(names, 'middle'), 'a').state).toEqual({ count: 3 }));
    expect(second.inspect(memberOf(names, 'front'), 'a').state).toEqual({ count: 3 });
    expect(() => second.inspect(memberOf(names, 'last'), 'a')).toThrow(
      expect.objectContaining({
        code: 'STATE_UNKNOWN_KEY',
        message: `${memberOf(names, 'last')} has no state for key a`,
      }),
    );
    await send('a', '2');
    await eventually(() => expect(second.inspect(memberOf(names, 'middle'), 'a').state).toEqual({ count: 4 }));
  });

  it('follows a table of several members once', async () => {
    const rules = { ...topics.constitutionEvents, name: 'rules' };
    const folded: string[] = [];
    const versions = table({
      ...{ name: 'versions', topic: rules, initial: 'none' },
      evolve: (held, { type, data }) => {
        if (type !== 'ConstitutionActivated') return held;
        folded.push(data.version);
        return data.version;
      },
    }) as unknown as Table;
    const { log, names, start, send, turns, appender } = await openChainLog((given) => {
      const decide: Processor['decide'] = (_, record, { key }, tables) => [
        turn(key, 1, `${textIn(record)} under ${tables['rules']}`),
      ];
      const one = front(given, { tables: { versions } });
      return chain(given, [one, middle(given, { decide, tables: { rules: versions } }), last(given)]);
    });
    await log.createTopics([{ name: rules.name, partitions: 1, config: {} }]);
    const data = { slot: 'active', version: '7', digest: '', activatedBy: null };
    const activated = command(names, decoder, { type: 'ConstitutionActivated', data }, 'active');
    await appender.append([{ ...activated, topic: rules.name }]);
    start();
    await send('a', '0');
    await eventually(async () => expect(await turns('a')).toEqual(['0 under 7']));
    expect(folded).toEqual(['7']);
  });
});
