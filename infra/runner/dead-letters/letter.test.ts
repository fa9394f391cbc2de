import { describe, expect, it } from 'vitest';
import { UNKNOWN_OFFSET } from '../../../streams/kernel.ts';
import { type DeadLetter, isOpen, noted, redriven, toDeadLetter } from './letter.ts';
import { again, buried, ID, letterOf, nameAt, recordOf, stored, WORK } from './testing.ts';
import { failedAgain, noteOn } from './write.ts';

const error = Object.assign(new Error('decide broke'), { code: 'DECIDE_BROKE', stack: 'where it broke' });

describe('a dead letter', () => {
  it('reports the record, the cause, the position and the time', () => {
    const written = stored(buried(recordOf(), { processor: 'policy', error, attempt: 3, sequence: 2 }), 20, 5_000);
    expect(toDeadLetter(written)).toEqual({
      ...{ topic: 'work.commands.dlq', partition: 1, offset: 20, key: 'a', value: Buffer.from('as it was') },
      ...{ code: 'DECIDE_BROKE', message: 'decide broke', stack: 'where it broke', processor: 'policy', attempt: 3 },
      ...{ from: { topic: WORK, partition: 1, offset: 7 }, record: nameAt(7) },
      ...{ atMs: 5_000, sequence: 2, note: null, headers: written.headers },
    });
  });

  it('has an unknown offset when the original was handed on', () => {
    const { from, record } = letterOf(recordOf({ offset: UNKNOWN_OFFSET }));
    expect([from, record]).toEqual([{ topic: WORK, partition: 1, offset: -1 }, ID]);
  });

  it('is in no queue when its reader does not park keys', () => {
    expect(letterOf(recordOf()).sequence).toBeNull();
  });

  it('has an unknown origin when another program wrote it', () => {
    expect(toDeadLetter(recordOf({ headers: {} }))).toMatchObject({
      ...{ code: 'UNKNOWN', message: '', stack: '', processor: '', record: '', attempt: 1, sequence: null },
      from: { topic: '', partition: -1, offset: -1 },
    });
  });
});

describe('a note', () => {
  const redrive = again(recordOf(), { attempt: 3, sequence: 1 });
  const letter = letterOf(recordOf(), { error, attempt: 3, sequence: 1 });
  const at = (note: Parameters<typeof stored>[0]) => stored(note, 30, 9_000);

  it.each(['redriven', 'dropped'] as const)('settles its letter: %s', (outcome) => {
    const after = noted(letter, at(noteOn(redrive, outcome)));
    expect(after).toEqual({ ...letter, note: { outcome, by: 'me', atMs: 9_000 } });
    expect([isOpen(letter), isOpen(after)]).toEqual([true, false]);
  });

  it('of another failure leaves the dead letter open and reports the latest cause', () => {
    const worse = Object.assign(new Error('worse'), { code: 'WORSE', stack: 'elsewhere' });
    const after = noted(letter, at(failedAgain(redrive, worse, 1)));
    expect(after).toEqual({
      ...letter,
      ...{ code: 'WORSE', message: 'worse', stack: 'elsewhere', attempt: 4 },
      note: { outcome: 'failed', by: 'me', atMs: 9_000 },
    });
    expect(isOpen(after)).toBe(true);
    expect(noted(after, at(noteOn(redrive, 'redriven'))).note?.outcome).toBe('redriven');
  });

  it('changes nothing once the dead letter is settled', () => {
    const settled = noted(letter, at(noteOn(redrive, 'dropped')));
    expect(noted(settled, at(noteOn(redrive, 'redriven')))).toBe(settled);
    expect(noted(settled, at(failedAgain(redrive, error, 1)))).toBe(settled);
  });

  it('may lack headers', () => {
    const bare = (outcome: string) => recordOf({ headers: { khipu_dlq_note: outcome } });
    expect(noted(letter, bare('failed'))).toMatchObject({
      ...{ code: 'DECIDE_BROKE', message: '', stack: '', attempt: 3, note: { by: '' } },
    });
  });
});

describe('a redriven record', () => {
  const headersOf = (letter: DeadLetter, drop?: boolean) => redriven(letter, 'me@here', drop).headers;

  it('is the original, in its topic, for the reader of the dead letter, with an id derived from the dead letter', () => {
    expect(redriven(letterOf(recordOf(), { processor: 'policy', attempt: 3 }), 'me@here')).toEqual({
      ...{ topic: WORK, partition: 1, key: 'a', value: Buffer.from('as it was') },
      headers: {
        ce_id: 'ee111375-efbb-5df2-b9e5-537fa1d07528',
        ce_redriveof: ID,
        ce_type: 'Work',
        khipu_redrive_processor: 'policy',
        khipu_redrive_record: nameAt(7),
        khipu_redrive_attempt: '3',
        khipu_redrive_by: 'me@here',
      },
    });
  });

  it('has the same id each time, different from that of every other dead letter', () => {
    const [one, other] = [letterOf(recordOf(), {}, 20), letterOf(recordOf(), {}, 21)];
    expect(headersOf(one)['ce_id']).toBe(headersOf(one)['ce_id']);
    expect(headersOf(one)['ce_id']).not.toBe(headersOf(other)['ce_id']);
  });

  it.each(['no uuid', `${ID}0`, `0${ID}`, ID.slice(1), ID.toUpperCase().replaceAll('0', 'G')])(
    'keeps an id from which none can be derived: %s',
    (id) => {
      const headers = headersOf(letterOf(recordOf({ headers: { ce_id: id } })));
      expect(headers['ce_id']).toBe(id);
      expect(headers).not.toHaveProperty('ce_redriveof');
    },
  );

  it('has no id when the original had none', () => {
    expect(headersOf(letterOf(recordOf({ headers: {} })))).not.toHaveProperty('ce_id');
  });

  it('is appended to the topic of redriven records when its dead letter names one, with its own topic', () => {
    const handedOn = letterOf(recordOf({ offset: UNKNOWN_OFFSET }), { redrives: 'work.redrive' });
    expect(redriven(handedOn, 'me@here')).toMatchObject({
      ...{ topic: 'work.redrive', partition: 1, key: 'a' },
      headers: { khipu_redrive_topic: WORK, khipu_redrive_record: ID },
    });
    expect(headersOf(handedOn)).not.toHaveProperty('khipu_dlq_redrives');
    expect(headersOf(letterOf(recordOf()))).not.toHaveProperty('khipu_redrive_topic');
  });

  it('of a parked key names its position in the queue, and whether it is dropped', () => {
    const letter = letterOf(recordOf(), { sequence: 2 });
    expect(headersOf(letter)).toMatchObject({ khipu_redrive_sequence: '2' });
    expect(headersOf(letter)).not.toHaveProperty('khipu_redrive_drop');
    expect(headersOf(letter, true)).toMatchObject({ khipu_redrive_sequence: '2', khipu_redrive_drop: 'true' });
  });
});
