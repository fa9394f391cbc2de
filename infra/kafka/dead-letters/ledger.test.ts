import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopic, topics } from '../../../schemas/topics.ts';
import type { Position } from '../log.ts';
import { note } from '../runner/dead-letter.ts';
import { deadLetteredTopics, Ledger } from './ledger.ts';
import { buried, letterOf, openLetters, READER, recordOf, stored, WORK } from './testing.ts';

const original = recordOf();
const dropped = (processor = READER) => note({ ...original }, processor, 'dropped', 'me');

function ledgerOf(...records: readonly Parameters<typeof stored>[0][]): Ledger {
  const ledger = new Ledger();
  records.forEach((record, index) => {
    ledger.add(stored(record, index));
  });
  return ledger;
}

describe('the letters', () => {
  it('count once each, however often one was written: the first stands', () => {
    expect(ledgerOf(buried(original), buried(original)).letters.map(({ offset }) => offset)).toEqual([0]);
  });

  it('are told apart by topic, partition, reader and the offset of the original', () => {
    const all = [
      buried(original),
      buried(original, { processor: 'another' }),
      buried({ ...original, offset: 8 }),
      buried({ ...original, partition: 2 }),
      buried({ ...original, topic: 'another.topic' }),
    ];
    expect(ledgerOf(...all).letters).toHaveLength(all.length);
  });

  it('come oldest first, partition by partition, topic by topic', () => {
    const ledger = new Ledger();
    const places = [
      ['b', 1, 5],
      ['a', 2, 9],
      ['b', 0, 6],
      ['a', 2, 3],
    ] as const;
    for (const [topic, partition, offset] of places)
      ledger.add(stored(buried({ ...original, topic, partition, offset }), offset));
    expect(ledger.letters.map(({ from, partition, offset }) => [from.topic, partition, offset])).toEqual([
      ['a', 2, 3],
      ['a', 2, 9],
      ['b', 0, 6],
      ['b', 1, 5],
    ]);
  });

  it('are what the notes on them say, each on the letter that it names', () => {
    const ledger = ledgerOf(
      buried(original),
      buried(original, { processor: 'another' }),
      buried({ ...original, offset: 8 }),
      dropped(),
    );
    expect(ledger.letters.map((letter) => letter.note?.outcome ?? null)).toEqual(['dropped', null, null]);
  });

  it('are not what notes say that are on none: marks, and notes on what nobody knows', () => {
    expect(ledgerOf(dropped()).letters).toEqual([]);
    const mark = note({ ...original }, READER, 'mark', 'a reader');
    expect(ledgerOf(mark, buried(original), mark).letters).toMatchObject([{ offset: 1, note: null }]);
  });

  it('may be what somebody else wrote there, which is one letter', () => {
    const foreign = { ...buried(original), headers: {} };
    expect(ledgerOf(foreign).letters).toMatchObject([{ code: 'UNKNOWN', from: { offset: -1 } }]);
  });

  it('are looked up as they are now; one that is unknown is as it was', () => {
    const ledger = ledgerOf(buried(original), dropped());
    expect(ledger.now(letterOf(original)).note?.outcome).toBe('dropped');
    const unknown = letterOf({ ...original, offset: 8 });
    expect(ledger.now(unknown)).toBe(unknown);
  });
});

describe('reading', () => {
  async function reading() {
    const letters = await openLetters([WORK, 'other.commands'], 2);
    const { log } = letters;
    const asked: (readonly Position[])[] = [];
    const { readTo } = log;
    log.readTo = (options) => {
      asked.push(options.from.map(({ topic, partition, offset }) => ({ topic, partition, offset })));
      return readTo.call(log, options);
    };
    const ledger = new Ledger();
    return { ...letters, asked, ledger, offsets: () => ledger.letters.map(({ from }) => from.offset) };
  }
  const dlq = deadLetterTopic(WORK);

  it('goes on where it was, in the topics that are asked for', async () => {
    const { log, append, asked, ledger, offsets } = await reading();
    await append(buried({ ...original, offset: 4 }), buried({ ...original, topic: 'other.commands', offset: 5 }));
    await ledger.readOn(log, [WORK]);
    expect(offsets()).toEqual([4]);
    await append(buried({ ...original, offset: 6 }), buried({ ...original, partition: 0, offset: 7 }));
    await ledger.readOn(log, [WORK]);
    expect(offsets()).toEqual([7, 4, 6]);
    await ledger.readOn(log, [WORK, 'other.commands']);
    expect(offsets()).toEqual([5, 7, 4, 6]);
    expect(asked).toEqual([
      [{ topic: dlq, partition: 1, offset: 0 }],
      [
        { topic: dlq, partition: 0, offset: 0 },
        { topic: dlq, partition: 1, offset: 1 },
      ],
      [{ topic: deadLetterTopic('other.commands'), partition: 1, offset: 0 }],
    ]);
  });

  it('to a mark reads one topic to an end that is certain, and goes on behind it', async () => {
    const { log, clock, append, asked, ledger, offsets } = await reading();
    await append(buried({ ...original, offset: 4 }), buried({ ...original, topic: 'other.commands', offset: 5 }));
    const transactor = await log.transactor('khipu.dlq.test');
    await ledger.readToMark(log, transactor, WORK, clock);
    expect(offsets()).toEqual([4]);
    const marks = await log.watermarks([dlq]);
    await append(buried({ ...original, offset: 6 }));
    await ledger.readOn(log, [WORK]);
    expect(offsets()).toEqual([4, 6]);
    expect(asked.at(-1)).toEqual([{ topic: dlq, partition: 1, offset: marks[1]?.high }]);
  });
});

it('the topics that are looked through are those of the catalogue that have dead letters, or the one that is named', () => {
  expect(deadLetteredTopics('somebody.elses')).toEqual(['somebody.elses']);
  const all = deadLetteredTopics();
  expect(all).toContain(topics.inferenceCommands.name);
  expect(all).not.toContain(topics.sessionsState.name);
  expect(all).toHaveLength(allTopics.filter(({ deadLetters }) => deadLetters).length);
});
