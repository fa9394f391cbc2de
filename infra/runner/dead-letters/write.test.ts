import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_OFFSET } from '../../../streams/kernel.ts';
import { bytesOf, LETTER_BYTES_MAX } from '../../kafka/record-size.ts';
import { again, buried, ID, nameAt, READER, recordOf, WORK } from './testing.ts';
import { deadLetter, failedAgain, isForAnother, isRedriven, note, noteOn, recordNameOf } from './write.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a dead letter', () => {
  it('is the unchanged record with the cause, the position and the number of runs', () => {
    const error = Object.assign(new Error('decide broke'), { code: 'DECIDE_BROKE', stack: 'where it broke' });
    expect(deadLetter(recordOf(), 'policy', error, 3)).toEqual({
      ...{ topic: 'work.commands.dlq', partition: 1, key: 'a', value: Buffer.from('as it was') },
      headers: {
        ...{ ce_id: ID, ce_type: 'Work' },
        khipu_dlq_code: 'DECIDE_BROKE',
        khipu_dlq_message: 'decide broke',
        khipu_dlq_stack: 'where it broke',
        khipu_dlq_processor: 'policy',
        khipu_dlq_topic: 'work.commands',
        khipu_dlq_partition: '1',
        khipu_dlq_offset: '7',
        khipu_dlq_record: `${ID}@7`,
        khipu_dlq_attempt: '3',
      },
    });
  });

  it('of a record that was handed on has no offset, its id as name, and the topic to redrive it through', () => {
    const { headers } = buried(recordOf({ offset: UNKNOWN_OFFSET }), { redrives: 'work.redrive' });
    expect(headers).toMatchObject({ khipu_dlq_record: ID, khipu_dlq_redrives: 'work.redrive' });
    expect(headers).not.toHaveProperty('khipu_dlq_offset');
    expect(buried(recordOf()).headers).not.toHaveProperty('khipu_dlq_redrives');
  });

  it('has its position in the queue of a parked key', () => {
    expect(buried(recordOf(), { sequence: 4 }).headers['khipu_dlq_sequence']).toBe('4');
  });

  it('bounds message and stack', () => {
    const error = Object.assign(new Error('m'.repeat(9_000)), { stack: 's'.repeat(9_000) });
    expect(deadLetter(recordOf(), 'policy', error, 1).headers).toMatchObject({
      khipu_dlq_message: 'm'.repeat(2_000),
      khipu_dlq_stack: 's'.repeat(4_000),
    });
  });

  it.each([
    ['a text', 'thrown text', 'thrown text'],
    ['an error without a stack', Object.assign(new Error('bare'), { stack: undefined }), 'bare'],
  ])('is written for whatever was thrown: %s', (_, thrown, message) => {
    expect(deadLetter(recordOf(), 'policy', thrown, 1).headers).toMatchObject({
      ...{ khipu_dlq_code: 'UNEXPECTED', khipu_dlq_message: message, khipu_dlq_stack: '' },
    });
  });

  it('of a redriven record continues to count its runs, and is named by its new id and position', () => {
    const first = again(recordOf(), { attempt: 2 });
    const letter = deadLetter(first, READER, new Error('again'), 3);
    expect(letter.headers).toMatchObject({
      khipu_dlq_attempt: '5',
      khipu_dlq_record: `${first.headers['ce_id']}@${first.offset}`,
    });
    expect(first.headers['ce_id']).not.toBe(ID);
    expect(Object.keys(letter.headers).filter((name) => name.startsWith('khipu_redrive'))).toEqual([]);
  });
});

describe('a record that is larger than a dead letter may be', () => {
  const roomFor = (headers: Record<string, string>): number =>
    LETTER_BYTES_MAX - bytesOf(buried(recordOf({ value: null, headers }), { error: 'broke' }));

  it('is kept whole as long as it fits', () => {
    const value = Buffer.alloc(roomFor({}));
    const letter = buried(recordOf({ value, headers: {} }), { error: 'broke' });
    expect(bytesOf(letter)).toBe(LETTER_BYTES_MAX);
    expect(letter.value).toBe(value);
    expect(letter.headers['khipu_dlq_left_out']).toBeUndefined();
  });

  it('is written without its value, with its size and digest instead', () => {
    const value = Buffer.alloc(roomFor({ more: 'of it' }) + 1, 1);
    const letter = buried(recordOf({ value, headers: { more: 'of it' } }), { error: 'broke' });
    expect(letter).toMatchObject({ key: 'a', value: null, headers: { more: 'of it', khipu_dlq_code: 'UNEXPECTED' } });
    expect(letter.headers['khipu_dlq_left_out']).toBe(`${value.length} bytes, sha256 ${sha256(value)}`);
  });

  it('is written without its headers when they are too large, and without a key that is', () => {
    const leftOut = `0 bytes, sha256 ${sha256(Buffer.alloc(0))}`;
    const least = bytesOf(buried(recordOf({ value: null, headers: {} }), { error: 'broke' }));
    // The size of the header that reports it, as `bytesOf` counts one.
    const room = LETTER_BYTES_MAX - least - 4 - 'khipu_dlq_left_out'.length - leftOut.length - 4 - 'big'.length;
    const letterWith = (bytes: number) => {
      const record = recordOf({ value: Buffer.alloc(0), headers: { big: 'x'.repeat(bytes) } });
      return buried(record, { error: 'broke' });
    };
    const fitting = buried(recordOf({ value: Buffer.alloc(1_000), headers: { big: 'x'.repeat(room - 3) } }), {
      error: 'broke',
    });
    expect(bytesOf(fitting)).toBe(LETTER_BYTES_MAX);
    expect(fitting).toMatchObject({ key: 'a', value: null });
    const letter = letterWith(LETTER_BYTES_MAX);
    expect(letter).toMatchObject({ key: 'a', value: null });
    const keyless = buried(recordOf({ key: 'k'.repeat(LETTER_BYTES_MAX), value: null, headers: {} }), {
      error: 'broke',
    });
    expect(keyless).toMatchObject({ key: null, value: null });
    expect(letter.headers).toMatchObject({ khipu_dlq_topic: WORK, khipu_dlq_offset: '7', khipu_dlq_left_out: leftOut });
    expect(Object.keys(letter.headers).every((name) => name.startsWith('khipu_dlq_'))).toBe(true);
  });
});

describe('the name of a record', () => {
  it.each([
    ['its id and its offset', recordOf(), `${ID}@7`],
    ['its id alone while its offset is unknown', recordOf({ offset: UNKNOWN_OFFSET }), ID],
    ['its offset alone without an id', recordOf({ headers: {} }), '@7'],
    ['its offset alone with an id that is no UUID', recordOf({ headers: { ce_id: `${ID}0` } }), '@7'],
    ['its offset alone with an id that ends like a UUID', recordOf({ headers: { ce_id: `0${ID}` } }), '@7'],
  ])('is %s', (_, record, name) => {
    expect(recordNameOf(record)).toBe(name);
  });
});

describe('a note', () => {
  it('names the dead letter by its reader and the name of the original, with the partition and key of both', () => {
    const letter = { topic: WORK, partition: 3, key: 'a', record: nameAt(7) };
    expect(note(letter, 'policy', 'dropped', 'me@here', { more: 'of it' })).toEqual({
      ...{ topic: 'work.commands.dlq', partition: 3, key: 'a', value: null },
      headers: {
        khipu_dlq_note: 'dropped',
        khipu_dlq_processor: 'policy',
        khipu_dlq_record: nameAt(7),
        khipu_dlq_by: 'me@here',
        more: 'of it',
      },
    });
  });

  it('by the reader of a redriven record refers to the dead letter of the original, and names the operator', () => {
    const { partition, key } = recordOf();
    expect(noteOn(again(recordOf(), { processor: 'policy' }), 'redriven')).toEqual(
      note({ topic: WORK, partition, key, record: nameAt(7) }, 'policy', 'redriven', 'me'),
    );
  });

  it('on a record that failed again has the cause, and continues to count its runs', () => {
    const error = Object.assign(new Error('still'), { code: 'BROKE', stack: 'there' });
    const { partition, key } = recordOf();
    expect(failedAgain(again(recordOf(), { processor: 'policy', attempt: 2 }), error, 3)).toEqual(
      note({ topic: WORK, partition, key, record: nameAt(7) }, 'policy', 'failed', 'me', {
        khipu_dlq_code: 'BROKE',
        khipu_dlq_message: 'still',
        khipu_dlq_stack: 'there',
        khipu_dlq_attempt: '5',
      }),
    );
  });
});

it('a redriven record is for the reader of its dead letter; any other record is for every reader', () => {
  const { headers } = again(recordOf(), { processor: 'policy' });
  expect([isRedriven(headers), isForAnother(headers, 'policy'), isForAnother(headers, 'audit')]).toEqual([
    ...[true, false, true],
  ]);
  expect([isRedriven(recordOf().headers), isForAnother(recordOf().headers, 'policy')]).toEqual([false, false]);
});
