import { describe, expect, it } from 'vitest';
import { again, READER, recordOf, stored, WORK } from '../dead-letters/testing.ts';
import type { OutgoingRecord } from '../log.ts';
import { LETTER_BYTES_MAX } from '../record-size.ts';
import { Aside } from './aside.ts';
import { failedAgain, noteOn } from './dead-letter.ts';
import { ParkedLines } from './parking.ts';

/** A task that parks, with the records of one key at these offsets in its line. */
function parking(...offsets: readonly number[]) {
  const lines = new ParkedLines();
  for (const offset of offsets) lines.add({ topic: WORK, key: 'a', offset });
  lines.publish();
  return { lines, aside: new Aside(READER, lines) };
}
const skipping = new Aside(READER, null);
const at = (offset: number) => recordOf({ offset });
const sequenceOf = ({ headers }: OutgoingRecord): string | undefined => headers['khipu_dlq_sequence'];

describe('a task that parks nothing', () => {
  it('works on every record, but passes over what is redriven for another', () => {
    expect(skipping.admit(at(1))).toBe('work');
    expect(skipping.admit(again(at(1)))).toBe('work');
    expect(skipping.admit(again(at(1), { processor: 'another' }))).toBe('pass');
  });

  it('does not take the letters of a line, from when it parked', () => {
    expect(skipping.admit(again(at(1), { sequence: 1 }))).toBe('pass');
    expect(skipping.admit(again(at(1), { sequence: 1, drop: true }))).toBe('pass');
  });

  it('writes a letter without a place in a line, and nothing for what went well', () => {
    expect(sequenceOf(skipping.died(at(1), new Error('broke'), 1))).toBeUndefined();
    expect(skipping.settle(at(1), 'redriven')).toEqual([]);
  });

  it('leaves the note on a letter without a line to the tool, which wrote it as it redrove', () => {
    expect(skipping.settle(again(at(1)), 'redriven')).toEqual([]);
  });
});

describe('a key that is parked', () => {
  it('holds back its records, and no others', () => {
    const { aside } = parking(1);
    expect(aside.admit(at(2))).toBe('park');
    expect(aside.admit(recordOf({ key: 'b' }))).toBe('work');
    expect(aside.admit(recordOf({ topic: 'another.topic' }))).toBe('work');
    expect(aside.admit(recordOf({ key: null }))).toBe('work');
  });

  it('holds back what is redriven of a time before it was parked', () => {
    expect(parking(1).aside.admit(again(at(0)))).toBe('park');
  });

  it('is none before anything has died', () => {
    expect(parking().aside.admit(at(1))).toBe('work');
  });

  it('is worked on with the first letter of its line: an earlier one was settled, a later one waits', () => {
    const { aside } = parking(4, 5);
    const admitted = [3, 4, 5].map((offset) => aside.admit(again(at(offset), { sequence: offset })));
    expect(admitted).toEqual(['pass', 'work', 'pass']);
    expect(aside.admit(again(at(4), { sequence: 1, processor: 'another' }))).toBe('pass');
    expect(aside.admit(again(recordOf({ offset: 4, key: null }), { sequence: 1 }))).toBe('pass');
  });

  it('lets a letter be dropped wherever it stands in its line, once', () => {
    const { aside } = parking(4, 5);
    const drop = again(at(5), { sequence: 2, drop: true });
    expect(aside.admit(drop)).toBe('drop');
    expect(aside.settle(drop, 'dropped')).toEqual([noteOn(drop, 'dropped')]);
    expect(aside.admit(drop)).toBe('pass');
    expect(aside.admit(again(at(4), { sequence: 1 }))).toBe('work');
  });

  it('is free when the last letter of its line is settled', () => {
    const { aside, lines } = parking(4, 5);
    for (const offset of [4, 5]) {
      const record = again(at(offset), { sequence: offset });
      expect(aside.admit(record)).toBe('work');
      expect(aside.settle(record, 'redriven')).toEqual([noteOn(record, 'redriven')]);
      expect(aside.admit(record)).toBe('pass');
    }
    expect(aside.admit(at(6))).toBe('work');
    expect(lines.publish()).toBe(true);
    expect(lines.size).toBe(0);
  });
});

describe('a record of a task that parks', () => {
  it('becomes the first letter of a line when it dies, and those behind it the next', () => {
    const { aside } = parking();
    const error = Object.assign(new Error('broke'), { code: 'BROKE' });
    expect(aside.died(at(4), error, 3).headers).toMatchObject({
      ...{ khipu_dlq_code: 'BROKE', khipu_dlq_attempt: '3', khipu_dlq_sequence: '1', khipu_dlq_processor: READER },
    });
    expect(aside.admit(at(5))).toBe('park');
    expect(aside.park(at(5)).headers).toMatchObject({
      ...{ khipu_dlq_code: 'KEY_PARKED', khipu_dlq_stack: '', khipu_dlq_attempt: '0', khipu_dlq_sequence: '2' },
      khipu_dlq_offset: '5',
    });
  });

  it('is in no line where it has no key', () => {
    const { aside, lines } = parking();
    expect(sequenceOf(aside.died(recordOf({ key: null }), new Error('broke'), 1))).toBeUndefined();
    expect(lines.any).toBe(false);
  });

  it('is in no line where its key is too large for a letter, by which the line could be taken up', () => {
    const { aside, lines } = parking();
    const key = 'k'.repeat(LETTER_BYTES_MAX);
    expect(aside.died(recordOf({ key }), new Error('broke'), 1).key).toBeNull();
    expect(lines.holds(WORK, key)).toBe(false);
    expect(aside.admit(recordOf({ key, offset: 9 }))).toBe('work');
  });

  it('stays the first of its line when it dies again: a note says so, and there is no second letter', () => {
    const { aside, lines } = parking(4, 5);
    const record = again(at(4), { sequence: 1, attempt: 2 });
    const error = Object.assign(new Error('still'), { code: 'BROKE' });
    expect(aside.died(record, error, 1)).toEqual(failedAgain(record, error, 1));
    expect(lines.publish()).toBe(false);
    expect(lines.first(WORK, 'a')).toBe(4);
  });

  it('that was redriven without a line and dies again is a letter of its own', () => {
    const { aside } = parking();
    const record = stored(again(at(4)), 9);
    expect(aside.died(record, new Error('still'), 1).headers).toMatchObject({
      ...{ khipu_dlq_offset: '9', khipu_dlq_sequence: '1', khipu_dlq_attempt: '2' },
    });
  });
});
