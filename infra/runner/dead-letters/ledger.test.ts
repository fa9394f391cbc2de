import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { UNKNOWN_OFFSET } from '../../../streams/kernel.ts';
import type { Position } from '../../kafka/port.ts';
import { deadLetteredTopics, Ledger } from './ledger.ts';
import { buried, letterOf, nameAt, openLetters, READER, recordOf, stored, WORK } from './testing.ts';
import { note } from './write.ts';

const original = recordOf();
const noted = { ...original, record: nameAt(original.offset) };
const dropped = (processor = READER) => note(noted, processor, 'dropped', 'me');

function ledgerOf(...records: readonly Parameters<typeof stored>[0][]): Ledger {
  const ledger = new Ledger();
  records.forEach((record, index) => {
    ledger.add(stored(record, index));
  });
  return ledger;
}

describe('dead letters', () => {
  it('count once each, even when written several times: the first counts', () => {
    expect(ledgerOf(buried(original), buried(original)).letters.map(({ offset }) => offset)).toEqual([0]);
  });

  it('are distinguished by topic, partition, reader and name of the original', () => {
    const all = [
      buried(original),
      buried(original, { processor: 'another' }),
      buried({ ...original, offset: 8 }),
      buried({ ...original, offset: UNKNOWN_OFFSET }),
      buried({ ...original, headers: {} }),
      buried({ ...original, partition: 2 }),
      buried({ ...original, topic: 'another.topic' }),
    ];
    expect(ledgerOf(...all).letters).toHaveLength(all.length);
  });

  it('are sorted by topic, partition and age, oldest first', () => {
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

  it('have the outcome of their notes; each note applies to the dead letter that it names', () => {
    const ledger = ledgerOf(
      buried(original),
      buried(original, { processor: 'another' }),
      buried({ ...original, offset: 8 }),
      dropped(),
    );
    expect(ledger.letters.map((letter) => letter.note?.outcome ?? null)).toEqual(['dropped', null, null]);
  });

  it('are not changed by marks or by notes on unknown dead letters', () => {
    expect(ledgerOf(dropped()).letters).toEqual([]);
    const mark = note(noted, READER, 'mark', 'a reader');
    expect(ledgerOf(mark, buried(original), mark).letters).toMatchObject([{ offset: 1, note: null }]);
  });

  it('include a record of another program, as one dead letter', () => {
    const foreign = { ...buried(original), headers: {} };
    expect(ledgerOf(foreign).letters).toMatchObject([{ code: 'UNKNOWN', from: { offset: -1 } }]);
  });

  it('are looked up in their current state; an unknown one is returned unchanged', () => {
    const ledger = ledgerOf(buried(original), dropped());
    expect(ledger.current(letterOf(original)).note?.outcome).toBe('dropped');
    const unknown = letterOf({ ...original, offset: 8 });
    expect(ledger.current(unknown)).toBe(unknown);
  });

  it('of other programs, which name neither reader nor original, are looked up too', () => {
    const ledger = ledgerOf({ ...buried(original), headers: {} });
    const [letter] = ledger.letters;
    expect(ledger.current({ ...letterOf(original), processor: '', record: '' })).toBe(letter);
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

  it('continues at its position, in the requested topics', async () => {
    const { log, append, asked, ledger, offsets } = await reading();
    await append(buried({ ...original, offset: 4 }), buried({ ...original, topic: 'other.commands', offset: 5 }));
    await ledger.readNew(log, [WORK]);
    expect(offsets()).toEqual([4]);
    await append(buried({ ...original, offset: 6 }), buried({ ...original, partition: 0, offset: 7 }));
    await ledger.readNew(log, [WORK]);
    expect(offsets()).toEqual([7, 4, 6]);
    await ledger.readNew(log, [WORK, 'other.commands']);
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

  it('to a mark reads one topic to a certain end and continues after it', async () => {
    const { log, clock, append, asked, ledger, offsets } = await reading();
    await append(buried({ ...original, offset: 4 }), buried({ ...original, topic: 'other.commands', offset: 5 }));
    const transactor = await log.transactor('khipu.dlq.test');
    await ledger.readToMark(log, transactor, WORK, clock);
    expect(offsets()).toEqual([4]);
    const marks = await log.watermarks([dlq]);
    await append(buried({ ...original, offset: 6 }));
    await ledger.readNew(log, [WORK]);
    expect(offsets()).toEqual([4, 6]);
    expect(asked.at(-1)).toEqual([{ topic: dlq, partition: 1, offset: marks[1]?.high }]);
  });
});

it('the searched topics are all topics of the catalogue with dead letters, or the named one', () => {
  expect(deadLetteredTopics('other.topic')).toEqual(['other.topic']);
  const all = deadLetteredTopics();
  expect(all).toContain(topics.inferenceCommands.name);
  expect(all).not.toContain(topics.sessionsState.name);
  expect(all).toHaveLength(allTopics.filter(({ deadLetters }) => deadLetters).length);
});
