import { describe, expect, it } from 'vitest';
import type { Processor } from '../../../streams/kernel.ts';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { chain, front, last, memberOf, middle, textIn, turn } from '../testing/chain.ts';
import { openChain } from '../testing/chain-task.ts';
import type { Count } from '../testing/processors.ts';
import { publish } from './member.ts';
import { changesOf } from './staged-transaction.ts';

const lettersIn = (records: readonly OutgoingRecord[]) => records.filter(({ topic }) => topic.endsWith('.dlq'));

/** A topology whose `middle` fails at `break` until it is mended. */
async function openFragile(poison: Processor['poison'] = 'skip') {
  let broken = true;
  const opened = await openChain((names) => {
    const decide: Processor['decide'] = (state, record, { key }) => {
      if (broken && textIn(record) === 'break') throw Object.assign(new Error('it broke'), { code: 'BROKEN' });
      return [turn(key, (state as Count).count + 1, textIn(record))];
    };
    return chain(names, [front(names), middle(names, { poison, decide }), last(names)]);
  });
  return {
    ...opened,
    mend: (): void => {
      broken = false;
    },
    /** Decides these records, commits them, and returns their dead letters and notes. */
    committed: async (...records: readonly LogRecord[]) => {
      const staged = await opened.decider.decide(records);
      for (const member of opened.members) publish(member, changesOf(staged, member.processor));
      return { written: opened.shown(staged.records), letters: lettersIn(staged.records) };
    },
  };
}

describe('a member that fails', () => {
  it('cuts the chain there: what came before stays, other readers of the record continue, and other keys too', async () => {
    const { record, decider, shown, changesIn } = await openChain();
    const staged = await decider.decide([record('break middle'), record('1')]);
    expect(shown(staged.records)).toEqual([
      ...['front answers a 1:break middle', 'middle buries a: BROKEN', 'last responds a InferenceFailed:break middle'],
      ...[
        'front answers a 2:1',
        'middle turns a 1:1',
        'last responds a InferenceFailed:1',
        'last responds a TurnFailed:1',
      ],
      ...['front holds a {"count":2}', 'middle holds a {"count":1}'],
    ]);
    expect((['front', 'middle', 'last'] as const).map((part) => changesIn(staged, part).deadCodes)).toEqual([
      ...[[], ['BROKEN'], []],
    ]);
  });

  it('on a record that was handed on writes a dead letter that names it by its id alone, and where to redrive it', async () => {
    const { record, decider, names, home } = await openFragile();
    const { records } = await decider.decide([record('break')]);
    const [answered] = records;
    const [letter] = lettersIn(records);
    expect(letter).toMatchObject({ topic: `${names.answers.name}.dlq`, partition: home, key: 'a' });
    expect(letter?.value).toEqual(answered?.value);
    expect(letter?.headers).toMatchObject({
      ...answered?.headers,
      khipu_dlq_code: 'BROKEN',
      khipu_dlq_processor: memberOf(names, 'middle'),
      khipu_dlq_topic: names.answers.name,
      khipu_dlq_partition: String(home),
      khipu_dlq_record: answered?.headers['ce_id'],
      khipu_dlq_attempt: '1',
      khipu_dlq_redrives: names.redrives.name,
    });
    expect(letter?.headers).not.toHaveProperty('khipu_dlq_offset');
  });

  it('on an external record writes a dead letter with its offset', async () => {
    const { record, decider, names } = await openChain();
    const [, bad] = [record('0'), record('break front')];
    const [letter, ...others] = (await decider.decide([bad])).records;
    expect(others).toEqual([]);
    expect(letter?.headers).toMatchObject({
      khipu_dlq_topic: names.input.name,
      khipu_dlq_offset: '1',
      khipu_dlq_record: `${bad.headers['ce_id']}@1`,
      khipu_dlq_redrives: names.redrives.name,
    });
  });
});

describe('a record that comes back through the topic of redriven records', () => {
  it('is decided by the member that failed and no other, as a record of its own topic; its chain goes on', async () => {
    const { record, committed, again, mend, names } = await openFragile();
    const { letters } = await committed(record('break'));
    mend();
    const back = again(letters[0] as OutgoingRecord);
    expect([back.topic, back.headers['khipu_redrive_topic']]).toEqual([names.redrives.name, names.answers.name]);
    expect((await committed(back)).written).toEqual([
      ...['middle turns a 1:break', 'last responds a TurnFailed:break', 'middle holds a {"count":1}'],
    ]);
  });

  it('becomes another dead letter when it fails again: of its own topic, with its own name', async () => {
    const { record, committed, again, names } = await openFragile();
    const { letters } = await committed(record('break'));
    const back = again(letters[0] as OutgoingRecord);
    const { written, letters: later } = await committed(back);
    expect(written).toEqual(['middle buries a: BROKEN']);
    expect(later[0]).toMatchObject({
      topic: `${names.answers.name}.dlq`,
      headers: { khipu_dlq_record: back.headers['ce_id'], khipu_dlq_topic: names.answers.name, khipu_dlq_attempt: '2' },
    });
    expect(later[0]?.headers['khipu_dlq_record']).not.toBe(letters[0]?.headers['khipu_dlq_record']);
  });

  it('is passed over when it names no topic', async () => {
    const { record, decider, names } = await openChain();
    const staged = await decider.decide([{ ...record('hello'), topic: names.redrives.name }]);
    expect([staged.records, staged.taken]).toEqual([[], 1]);
  });
});

describe('a key that a member has parked in an internal topic', () => {
  it('parks later records that are handed on to it, while the other members continue', async () => {
    const { record, committed } = await openFragile('park');
    const { written, letters } = await committed(record('break'), record('1'));
    expect(written).toEqual([
      ...['front answers a 1:break', 'middle buries a: BROKEN', 'last responds a InferenceFailed:break'],
      ...['front answers a 2:1', 'middle buries a: KEY_PARKED', 'last responds a InferenceFailed:1'],
      'front holds a {"count":2}',
    ]);
    expect(letters.map(({ headers }) => headers['khipu_dlq_sequence'])).toEqual(['1', '2']);
    expect(letters.map(({ headers }) => headers['khipu_dlq_record'])).toEqual(
      letters.map(({ headers }) => headers['ce_id']),
    );
    expect((await committed(record('2'))).written).toContain('middle buries a: KEY_PARKED');
  });

  it('is redriven in order; each note names the original in the dead letters of its topic', async () => {
    const { record, committed, again, mend, names } = await openFragile('park');
    const { letters } = await committed(record('break'), record('1'));
    mend();
    const [first, second] = letters.map((letter) => again(letter));
    if (first === undefined || second === undefined) throw new Error('no dead letters');
    expect((await committed(second)).written).toEqual([]);
    const { written, letters: notes } = await committed(first, second, record('2'));
    expect(written).toEqual([
      ...['middle turns a 1:break', 'middle notes a: redriven', 'last responds a TurnFailed:break'],
      ...['middle turns a 2:1', 'middle notes a: redriven', 'last responds a TurnFailed:1'],
      ...[
        'front answers a 3:2',
        'middle turns a 3:2',
        'last responds a InferenceFailed:2',
        'last responds a TurnFailed:2',
      ],
      ...['front holds a {"count":3}', 'middle holds a {"count":3}'],
    ]);
    expect(notes.map(({ topic, headers }) => [topic, headers['khipu_dlq_record']])).toEqual(
      letters.map(({ headers }) => [`${names.answers.name}.dlq`, headers['khipu_dlq_record']]),
    );
  });

  it('stays parked when its first record fails again, and is free when it is dropped', async () => {
    const { record, committed, again } = await openFragile('park');
    const { letters } = await committed(record('break'));
    const [letter] = letters as [OutgoingRecord];
    expect((await committed(again(letter))).written).toEqual(['middle notes a: failed']);
    expect((await committed(again(letter, true))).written).toEqual(['middle notes a: dropped']);
    expect((await committed(record('1'))).written).toContain('middle turns a 1:1');
  });
});
