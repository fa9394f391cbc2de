import { describe, expect, it } from 'vitest';
import { deadLetterTopic, type Topic, topics } from '../../../schemas/topics.ts';
import type { Poison } from '../../../streams/kernel.ts';
import { ParkedKeys, type ParkedRecord, readParked } from './parked-keys.ts';
import { again, buried, nameAt, openLetters, READER, recordOf, WORK } from './testing.ts';
import { failedAgain, noteOn } from './write.ts';

const letter = (offset: number, key = 'a', topic = WORK): ParkedRecord => ({ topic, key, record: nameAt(offset) });
const parkedOf = (...offsets: readonly number[]): ParkedKeys => {
  const parkedKeys = new ParkedKeys();
  for (const offset of offsets) parkedKeys.add(letter(offset));
  parkedKeys.publish();
  return parkedKeys;
};

describe('the queue of a parked key', () => {
  it('numbers its dead letters from 1, and continues when the first is settled', () => {
    const parkedKeys = new ParkedKeys();
    expect([parkedKeys.add(letter(4)), parkedKeys.add(letter(5))]).toEqual([1, 2]);
    parkedKeys.remove(letter(4));
    expect(parkedKeys.add(letter(6))).toBe(3);
    parkedKeys.publish();
    expect(parkedKeys.add(letter(7))).toBe(4);
  });

  it('begins at 1 again after it was empty', () => {
    const parkedKeys = parkedOf(4, 5);
    parkedKeys.remove(letter(4));
    parkedKeys.remove(letter(5));
    expect(parkedKeys.add(letter(6))).toBe(1);
  });

  it('knows its first dead letter and all others', () => {
    const parkedKeys = parkedOf(4, 5);
    expect([parkedKeys.holds(WORK, 'a'), parkedKeys.first(WORK, 'a')]).toEqual([true, nameAt(4)]);
    expect([4, 5, 6].map((offset) => parkedKeys.includes(letter(offset)))).toEqual([true, true, false]);
  });

  it('belongs to one key of one topic', () => {
    const parkedKeys = parkedOf(4);
    expect([parkedKeys.holds(WORK, 'b'), parkedKeys.holds('another.topic', 'a')]).toEqual([false, false]);
    expect([parkedKeys.first(WORK, 'b'), parkedKeys.includes(letter(4, 'b'))]).toEqual([undefined, false]);
    expect(parkedKeys.add(letter(4, 'b'))).toBe(1);
  });

  it('does not change when an unknown dead letter is settled', () => {
    const parkedKeys = parkedOf(4, 5);
    parkedKeys.remove(letter(9));
    expect([4, 5].every((offset) => parkedKeys.includes(letter(offset)))).toBe(true);
  });
});

describe('the changes of a batch', () => {
  it('apply to the rest of the batch at once', () => {
    const parkedKeys = parkedOf(4);
    parkedKeys.add(letter(5));
    parkedKeys.remove(letter(4));
    expect(parkedKeys.first(WORK, 'a')).toBe(nameAt(5));
    parkedKeys.remove(letter(5));
    expect(parkedKeys.holds(WORK, 'a')).toBe(false);
  });

  it('are discarded when the transaction does not commit', () => {
    const parkedKeys = parkedOf(4, 5);
    parkedKeys.remove(letter(4));
    parkedKeys.add(letter(6));
    parkedKeys.add(letter(7, 'b'));
    parkedKeys.reset();
    expect([4, 5, 6].map((offset) => parkedKeys.includes(letter(offset)))).toEqual([true, true, false]);
    expect([parkedKeys.holds(WORK, 'b'), parkedKeys.size, parkedKeys.publish()]).toEqual([false, 1, false]);
    expect(parkedKeys.add(letter(6))).toBe(3);
  });

  it('count as parked only after the commit', () => {
    const parkedKeys = new ParkedKeys();
    expect([parkedKeys.any, parkedKeys.size]).toEqual([false, 0]);
    parkedKeys.add(letter(4));
    expect([parkedKeys.any, parkedKeys.size]).toEqual([true, 0]);
    expect(parkedKeys.publish()).toBe(true);
    expect([parkedKeys.any, parkedKeys.size, parkedKeys.publish()]).toEqual([true, 1, false]);
    parkedKeys.remove(letter(4));
    expect([parkedKeys.any, parkedKeys.size]).toEqual([true, 1]);
    expect(parkedKeys.publish()).toBe(true);
    expect([parkedKeys.any, parkedKeys.size]).toEqual([false, 0]);
  });
});

describe('after fencing', () => {
  const input: Topic<never> = { ...topics.sessionsState, name: WORK, deadLetters: true };
  const other: Topic<never> = { ...input, name: 'other.commands' };
  const without: Topic<never> = { ...input, name: 'work.without-dead-letters', deadLetters: false };

  async function restarted() {
    const letters = await openLetters([WORK, other.name], 2);
    const { log, append, clock } = letters;
    return {
      ...letters,
      park: (offset: number, over: { key?: string; partition?: number; processor?: string } = {}) =>
        append(
          buried(recordOf({ partition: over.partition ?? 0, offset, key: over.key ?? 'a' }), {
            ...{ processor: over.processor ?? READER, sequence: 1 },
          }),
        ),
      read: async (partitions: readonly number[] = [0, 1], poison: Poison = 'park') => {
        const transactor = await log.transactor('khipu.reader.0');
        const transactors = new Map(partitions.map((partition) => [partition, transactor]));
        const reader = { name: READER, inputs: [input, other, without], poison };
        return readParked(log, clock, transactors, reader);
      },
    };
  }

  it('a task reads its open dead letters, by partition', async () => {
    const { append, park, read } = await restarted();
    await park(4);
    await park(5);
    await park(6, { key: 'b' });
    await park(4, { partition: 1, key: 'c' });
    const settled = again(recordOf({ partition: 0, offset: 4 }), { sequence: 1 });
    const dropped = again(recordOf({ partition: 0, offset: 6, key: 'b' }), { sequence: 1, drop: true });
    const failed = again(recordOf({ partition: 0, offset: 5 }), { sequence: 2 });
    await append(noteOn(settled, 'redriven'), noteOn(dropped, 'dropped'), failedAgain(failed, new Error('still'), 1));
    const parked = await read();
    expect([...parked].map(([partition, { size }]) => [partition, size])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    const [zero, one] = [parked.get(0), parked.get(1)];
    expect([4, 5].map((offset) => zero?.includes(letter(offset)))).toEqual([false, true]);
    expect(zero?.holds(WORK, 'b')).toBe(false);
    expect([one?.first(WORK, 'c'), one?.holds(WORK, 'a')]).toEqual([nameAt(4), false]);
    expect(zero?.add(letter(8))).toBe(3);
  });

  it('it reads them for each input, up to one mark per partition', async () => {
    const { log, append, park, read } = await restarted();
    await park(4);
    await append(buried(recordOf({ topic: other.name, partition: 0, key: 'b' }), { sequence: 1 }));
    const zero = (await read([0])).get(0);
    expect([zero?.holds(WORK, 'a'), zero?.holds(WORK, 'b')]).toEqual([true, false]);
    expect([zero?.holds(other.name, 'a'), zero?.holds(other.name, 'b')]).toEqual([false, true]);
    for (const { name } of [input, other])
      expect(log.fetch(deadLetterTopic(name), 0, 0).records.map(({ headers }) => headers['khipu_dlq_note'])).toEqual([
        ...[undefined, 'mark'],
      ]);
  });

  it('it skips dead letters of another reader, without a queue, or without a key', async () => {
    const { append, park, read } = await restarted();
    await park(4, { processor: 'another' });
    await append(buried(recordOf({ partition: 0, offset: 5 })));
    await append(buried(recordOf({ partition: 0, offset: 6, key: null }), { sequence: 1 }));
    expect((await read()).get(0)?.any).toBe(false);
  });

  it('a task that skips failed records reads none, and writes no mark', async () => {
    const { log, park, read } = await restarted();
    await park(4);
    expect(await read([0], 'skip')).toEqual(new Map());
    expect(log.fetch(deadLetterTopic(WORK), 0, 0).records).toHaveLength(1);
  });

  it('it reads its own partitions and writes into no other', async () => {
    const { log, park, read } = await restarted();
    await park(4);
    await park(4, { partition: 1 });
    const parked = await read([1]);
    expect([...parked.keys()]).toEqual([1]);
    expect(parked.get(1)?.size).toBe(1);
    expect(log.fetch(deadLetterTopic(WORK), 0, 0).records).toHaveLength(1);
    expect(await read([])).toEqual(new Map());
  });

  it('it waits for open transactions of other writers, since its own dead letters may follow them', async () => {
    const { openTransaction, hooks, park, read } = await restarted();
    const decide = openTransaction(buried(recordOf({ partition: 0, offset: 3 }), { processor: 'another' }));
    await park(4);
    let waits = 0;
    hooks.meanwhile = async () => {
      waits += 1;
      if (waits === 2) decide();
    };
    expect((await read([0])).get(0)?.size).toBe(1);
    expect(waits).toBe(2);
  });
});
