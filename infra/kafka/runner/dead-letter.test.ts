import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { again, buried, ID, READER, recordOf, WORK } from '../dead-letters/testing.ts';
import { bytesOf, LETTER_BYTES_MAX } from '../record-size.ts';
import { deadLetter, failedAgain, isForAnother, isRedriven, note, noteOn } from './dead-letter.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a dead letter', () => {
  it('is the record as it was, with why it died, where, and of how many runs', () => {
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
        khipu_dlq_attempt: '3',
      },
    });
  });

  it('tells its place in the line of its key where that is parked', () => {
    expect(buried(recordOf(), { sequence: 4 }).headers['khipu_dlq_sequence']).toBe('4');
  });

  it('carries messages and stacks up to a bound', () => {
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

  it('of a record that was redriven counts its runs on, and is named by where it stands now', () => {
    const first = again(recordOf(), { attempt: 2 });
    const letter = deadLetter(first, READER, new Error('again'), 3);
    expect(letter.headers).toMatchObject({ khipu_dlq_attempt: '5', khipu_dlq_offset: String(first.offset) });
    expect(Object.keys(letter.headers).filter((name) => name.startsWith('khipu_redrive'))).toEqual([]);
  });
});

describe('a record that is larger than a letter may be', () => {
  const roomFor = (headers: Record<string, string>): number =>
    LETTER_BYTES_MAX - bytesOf(buried(recordOf({ value: null, headers }), { error: 'broke' }));

  it('is left whole as long as it fits', () => {
    const value = Buffer.alloc(roomFor({}));
    const letter = buried(recordOf({ value, headers: {} }), { error: 'broke' });
    expect(bytesOf(letter)).toBe(LETTER_BYTES_MAX);
    expect(letter.value).toBe(value);
    expect(letter.headers['khipu_dlq_left_out']).toBeUndefined();
  });

  it('is buried without its value, and says how much that was and its digest', () => {
    const value = Buffer.alloc(roomFor({ more: 'of it' }) + 1, 1);
    const letter = buried(recordOf({ value, headers: { more: 'of it' } }), { error: 'broke' });
    expect(letter).toMatchObject({ key: 'a', value: null, headers: { more: 'of it', khipu_dlq_code: 'UNEXPECTED' } });
    expect(letter.headers['khipu_dlq_left_out']).toBe(`${value.length} bytes, sha256 ${sha256(value)}`);
  });

  it('is buried without the headers that it came with where these are too large, and without a key that is', () => {
    const leftOut = `0 bytes, sha256 ${sha256(Buffer.alloc(0))}`;
    const least = bytesOf(buried(recordOf({ value: null, headers: {} }), { error: 'broke' }));
    // The header that tells of it, as `bytesOf` counts one.
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

describe('a note', () => {
  it('names the letter by its reader and the offset of the original, in the partition and under the key of both', () => {
    const place = { topic: WORK, partition: 3, key: 'a', offset: 7 };
    expect(note(place, 'policy', 'dropped', 'me@here', { more: 'of it' })).toEqual({
      ...{ topic: 'work.commands.dlq', partition: 3, key: 'a', value: null },
      headers: {
        khipu_dlq_note: 'dropped',
        khipu_dlq_processor: 'policy',
        khipu_dlq_offset: '7',
        khipu_dlq_by: 'me@here',
        more: 'of it',
      },
    });
  });

  it('by the reader of a redriven record is on the letter of the original, and tells who redrove it', () => {
    const { partition, key } = recordOf();
    expect(noteOn(again(recordOf(), { processor: 'policy' }), 'redriven')).toEqual(
      note({ topic: WORK, partition, key, offset: 7 }, 'policy', 'redriven', 'me'),
    );
  });

  it('on a record that died again tells why, and counts its runs on', () => {
    const error = Object.assign(new Error('still'), { code: 'BROKE', stack: 'there' });
    const { partition, key } = recordOf();
    expect(failedAgain(again(recordOf(), { processor: 'policy', attempt: 2 }), error, 3)).toEqual(
      note({ topic: WORK, partition, key, offset: 7 }, 'policy', 'failed', 'me', {
        khipu_dlq_code: 'BROKE',
        khipu_dlq_message: 'still',
        khipu_dlq_stack: 'there',
        khipu_dlq_attempt: '5',
      }),
    );
  });
});

it('a redriven record is for the reader that buried it alone; any other record is for everyone', () => {
  const { headers } = again(recordOf(), { processor: 'policy' });
  expect([isRedriven(headers), isForAnother(headers, 'policy'), isForAnother(headers, 'audit')]).toEqual([
    ...[true, false, true],
  ]);
  expect([isRedriven(recordOf().headers), isForAnother(recordOf().headers, 'policy')]).toEqual([false, false]);
});
