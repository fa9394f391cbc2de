import { describe, expect, it } from 'vitest';
import { schemas } from '../../../schemas/generated/schemas.ts';
import { apart, HOPS_MAX } from '../../../streams/kernel.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { chain, front, last, middle, textIn } from '../testing/chain.ts';
import { openChain } from '../testing/chain-task.ts';
import { answer } from '../testing/processors.ts';
import { Decider } from './decider.ts';

/** Returns what is compared of a record: all but the time that its decision took. */
const compared = ({ headers, ...rest }: OutgoingRecord) => ({
  ...rest,
  headers: { ...headers, ce_decidelatencyus: '', khipu_outputs: '' },
});

describe('the chain of an external record', () => {
  it('has each record once, first in, first out, then the states of all members', async () => {
    const { record, written } = await openChain();
    expect(await written(record('hello'))).toEqual([
      ...['front answers a 1:hello', 'middle turns a 1:hello', 'last responds a InferenceFailed:hello'],
      ...['last responds a TurnFailed:hello', 'front holds a {"count":1}', 'middle holds a {"count":1}'],
    ]);
  });

  it('takes the records of one step before the records that they lead to', async () => {
    const { record, written } = await openChain();
    expect((await written(record('twice'))).slice(0, 8)).toEqual([
      ...['front answers a 1:twice', 'front answers a 2:twice'],
      ...['middle turns a 1:twice', 'last responds a InferenceFailed:twice'],
      ...['middle turns a 2:twice', 'last responds a InferenceFailed:twice'],
      ...['last responds a TurnFailed:twice', 'last responds a TurnFailed:twice'],
    ]);
  });

  it('hands a record to its readers in the order of the members', async () => {
    const { record, written } = await openChain((names) => chain(names, [last(names), middle(names), front(names)]));
    expect((await written(record('hello'))).slice(0, 3)).toEqual([
      ...['front answers a 1:hello', 'last responds a InferenceFailed:hello', 'middle turns a 1:hello'],
    ]);
  });

  it('is over before the next external record begins, and each member has the states of before it', async () => {
    const { record, written, member } = await openChain();
    member('middle').state.set('a', { count: 5 });
    expect(await written(record('0'), record('1'))).toEqual([
      ...[
        'front answers a 1:0',
        'middle turns a 6:0',
        'last responds a InferenceFailed:0',
        'last responds a TurnFailed:0',
      ],
      ...[
        'front answers a 2:1',
        'middle turns a 7:1',
        'last responds a InferenceFailed:1',
        'last responds a TurnFailed:1',
      ],
      ...['front holds a {"count":2}', 'middle holds a {"count":7}'],
    ]);
    expect(member('middle').state.get('a')).toEqual({ count: 5 });
  });

  it('has the ids, causes and bytes that its members write apart', async () => {
    const { record, decider, topology, dependencies, member, stored } = await openChain();
    const sent = record('hello');
    const chained = (await decider.decide([sent])).records.map(compared);
    const aparts = apart(topology).map(
      (one, index) =>
        new Decider({ ...dependencies, topology: one, members: dependencies.members.slice(index, index + 1) }),
    );
    const queue = [sent];
    const outputs: unknown[] = [];
    for (const taken of queue)
      for (const each of aparts) {
        const { records } = await each.decide([taken]);
        outputs.push(...records.map(compared));
        queue.push(...records.filter(({ topic }) => !topic.endsWith('.state')).map(stored));
      }
    expect(outputs).toHaveLength(chained.length);
    expect(outputs).toEqual(expect.arrayContaining(chained));
    expect(member('front').state.has('a')).toBe(false);
  });

  it('gives a member the bytes that are written, with an unknown offset and the time of the external record', async () => {
    const seen: unknown[] = [];
    const { record, decider, home, names } = await openChain((given) =>
      chain(given, [
        front(given),
        middle(given, {
          decide: (_, { data }, { topic, partition, offset, value }) => {
            seen.push({ topic, partition, offset, value, data });
            return [];
          },
        }),
        last(given),
      ]),
    );
    const { records } = await decider.decide([record('hello')]);
    const { data } = answer('a', 1, 'hello');
    const topic = names.answers.name;
    expect(seen).toEqual([{ topic, partition: home, offset: -1, value: records[0]?.value, data }]);
  });

  it('keeps its order while a schema is looked up', async () => {
    const opened = await openChain();
    const decoder = new RecordDecoder(opened.decoder.codec, async () => schemas.InferText);
    const unmet = opened.record('0');
    const value = Buffer.from(unmet.value ?? []);
    value.writeInt32BE(900, 1);
    const { records } = await new Decider({ ...opened.dependencies, decoder }).decide([
      ...[{ ...unmet, value }, opened.record('1')],
    ]);
    expect(opened.shown(records).filter((text) => /answers|turns/.test(text))).toEqual([
      ...['front answers a 1:0', 'middle turns a 1:0', 'front answers a 2:1', 'middle turns a 2:1'],
    ]);
  });

  it('counts the records in and out of each member', async () => {
    const { record, decider, changesIn } = await openChain();
    const staged = await decider.decide([record('hello'), record('quiet')]);
    expect((['front', 'middle', 'last'] as const).map((part) => changesIn(staged, part))).toMatchObject([
      ...[
        { recordsIn: 2, recordsOut: 1 },
        { recordsIn: 1, recordsOut: 1 },
        { recordsIn: 2, recordsOut: 2 },
      ],
    ]);
    expect(staged.taken).toBe(2);
  });
});

describe('the length of a chain', () => {
  /** `last` answers an answer again until its text is `end`: a cycle. */
  const cycle = (hopsMax?: number) =>
    openChain((names) =>
      chain(
        names,
        [
          front(names),
          last(names, {
            ...{ inputs: [names.answers], outputs: [names.answers] },
            decide: (_, record, { key }) => (textIn(record) === 'end' ? [] : [answer(key, 0, textIn(record))]),
          }),
        ],
        hopsMax,
      ),
    );

  it('is bounded: a record beyond it is a dead letter, and what came before stays', async () => {
    const { record, written, decider } = await cycle(3);
    expect(await written(record('again'))).toEqual([
      ...['front answers a 1:again', 'last answers a 0:again', 'last answers a 0:again', 'last answers a 0:again'],
      ...['last buries a: HOPS_EXCEEDED', 'front holds a {"count":1}'],
    ]);
    const letter = (await decider.decide([record('again')])).records.find(({ topic }) => topic.endsWith('.dlq'));
    expect(letter?.headers['khipu_dlq_message']).toBe('the chain of the record is longer than 3 records');
  });

  it('is HOPS_MAX by default', async () => {
    const { record, written } = await cycle();
    expect((await written(record('again'))).filter((text) => text === 'last answers a 0:again')).toHaveLength(HOPS_MAX);
  });

  it('begins at zero with each external record', async () => {
    const { record, written } = await cycle(1);
    expect(await written(record('end'), record('end'))).toEqual([
      ...['front answers a end:end', 'front answers a end:end'],
      'front forgets a',
    ]);
  });
});

it('a chain that leaves its partition is cut where it would: its readers are elsewhere', async () => {
  // A member without state takes records of any partition.
  const { record, written, decider } = await openChain((names) =>
    chain(names, [front(names, { state: null }), middle(names), last(names)]),
  );
  expect(await written(record('here'), record('elsewhere', 'c'))).toEqual([
    ...['front answers a 1:here', 'middle turns a 1:here'],
    ...['last responds a InferenceFailed:here', 'last responds a TurnFailed:here', 'front buries c: KEY_MISMATCH'],
    'middle holds a {"count":1}',
  ]);
  const [letter] = (await decider.decide([record('elsewhere', 'c')])).records;
  expect(letter?.headers['khipu_dlq_message']).toContain('inference.events of key c lies in partition');
});

it('a record in another partition than that of its place becomes a dead letter of a member with state', async () => {
  const { record, written, decider } = await openChain();
  expect(await written(record('here'), record('misplaced', 'c'))).toEqual([
    ...['front answers a 1:here', 'middle turns a 1:here'],
    ...['last responds a InferenceFailed:here', 'last responds a TurnFailed:here', 'front buries c: KEY_MISMATCH'],
    ...['front holds a {"count":1}', 'middle holds a {"count":1}'],
  ]);
  const [letter] = (await decider.decide([record('misplaced', 'c')])).records;
  expect(letter?.headers['khipu_dlq_message']).toMatch(/^record of place t\/\d+ in partition \d+$/);
});
