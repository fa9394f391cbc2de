import { describe, expect, it } from 'vitest';
import { deadLetterTopic, type Topic, topics } from '../../../schemas/topics.ts';
import { again, buried, openLetters, READER, recordOf, WORK } from '../dead-letters/testing.ts';
import { failedAgain, noteOn } from './dead-letter.ts';
import { type Parked, ParkedLines, readParked } from './parking.ts';

const letter = (offset: number, key = 'a', topic = WORK): Parked => ({ topic, key, offset });
const linesOf = (...offsets: readonly number[]): ParkedLines => {
  const lines = new ParkedLines();
  for (const offset of offsets) lines.add(letter(offset));
  lines.publish();
  return lines;
};

describe('the line of a parked key', () => {
  it('gives each letter its place, from 1, and goes on counting when the first is settled', () => {
    const lines = new ParkedLines();
    expect([lines.add(letter(4)), lines.add(letter(5))]).toEqual([1, 2]);
    lines.remove(letter(4));
    expect(lines.add(letter(6))).toBe(3);
    lines.publish();
    expect(lines.add(letter(7))).toBe(4);
  });

  it('begins at 1 again when it has been empty', () => {
    const lines = linesOf(4, 5);
    lines.remove(letter(4));
    lines.remove(letter(5));
    expect(lines.add(letter(6))).toBe(1);
  });

  it('knows its first letter and all others', () => {
    const lines = linesOf(4, 5);
    expect([lines.holds(WORK, 'a'), lines.first(WORK, 'a')]).toEqual([true, 4]);
    expect([4, 5, 6].map((offset) => lines.includes(letter(offset)))).toEqual([true, true, false]);
  });

  it('is of one key of one topic', () => {
    const lines = linesOf(4);
    expect([lines.holds(WORK, 'b'), lines.holds('another.topic', 'a')]).toEqual([false, false]);
    expect([lines.first(WORK, 'b'), lines.includes(letter(4, 'b'))]).toEqual([undefined, false]);
    expect(lines.add(letter(4, 'b'))).toBe(1);
  });

  it('is left as it is when a letter is settled that it does not have', () => {
    const lines = linesOf(4, 5);
    lines.remove(letter(9));
    expect([4, 5].every((offset) => lines.includes(letter(offset)))).toBe(true);
  });
});

describe('what a batch changes', () => {
  it('counts for the rest of the batch at once', () => {
    const lines = linesOf(4);
    lines.add(letter(5));
    lines.remove(letter(4));
    expect(lines.first(WORK, 'a')).toBe(5);
    lines.remove(letter(5));
    expect(lines.holds(WORK, 'a')).toBe(false);
  });

  it('is forgotten when its transaction does not commit', () => {
    const lines = linesOf(4, 5);
    lines.remove(letter(4));
    lines.add(letter(6));
    lines.add(letter(7, 'b'));
    lines.reset();
    expect([4, 5, 6].map((offset) => lines.includes(letter(offset)))).toEqual([true, true, false]);
    expect([lines.holds(WORK, 'b'), lines.size, lines.publish()]).toEqual([false, 1, false]);
    expect(lines.add(letter(6))).toBe(3);
  });

  it('is counted as parked only when it has committed', () => {
    const lines = new ParkedLines();
    expect([lines.any, lines.size]).toEqual([false, 0]);
    lines.add(letter(4));
    expect([lines.any, lines.size]).toEqual([true, 0]);
    expect(lines.publish()).toBe(true);
    expect([lines.any, lines.size, lines.publish()]).toEqual([true, 1, false]);
    lines.remove(letter(4));
    expect([lines.any, lines.size]).toEqual([true, 1]);
    expect(lines.publish()).toBe(true);
    expect([lines.any, lines.size]).toEqual([false, 0]);
  });
});

describe('after fencing', () => {
  const input: Topic<never> = { ...topics.sessionsState, name: WORK, deadLetters: true };
  const other: Topic<never> = { ...input, name: 'other.commands' };
  const without: Topic<never> = { ...input, name: 'nobody.buries', deadLetters: false };

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
      read: async (partitions: readonly number[] = [0, 1]) => {
        const transactor = await log.transactor('khipu.reader.0');
        return readParked(log, clock, transactor, { name: READER, inputs: [input, other, without] }, partitions);
      },
    };
  }

  it('a task reads which of its letters are open, by partition', async () => {
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
    expect([one?.first(WORK, 'c'), one?.holds(WORK, 'a')]).toEqual([4, false]);
    expect(zero?.add(letter(8))).toBe(3);
  });

  it('it reads them of each input, up to one mark a partition', async () => {
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

  it('it passes over what is of another reader, in no line, or without a key', async () => {
    const { append, park, read } = await restarted();
    await park(4, { processor: 'another' });
    await append(buried(recordOf({ partition: 0, offset: 5 })));
    await append(buried(recordOf({ partition: 0, offset: 6, key: null }), { sequence: 1 }));
    expect((await read()).get(0)?.any).toBe(false);
  });

  it('it reads the partitions that it holds, and writes into no other', async () => {
    const { log, park, read } = await restarted();
    await park(4);
    await park(4, { partition: 1 });
    const parked = await read([1]);
    expect([...parked.keys()]).toEqual([1]);
    expect(parked.get(1)?.size).toBe(1);
    expect(log.fetch(deadLetterTopic(WORK), 0, 0).records).toHaveLength(1);
    expect(await read([])).toEqual(new Map());
  });

  it('it waits for what others have open, for letters of its own may stand behind that', async () => {
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
