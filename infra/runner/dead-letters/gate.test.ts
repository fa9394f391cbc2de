import { describe, expect, it } from 'vitest';
import { UNKNOWN_OFFSET } from '../../../streams/kernel.ts';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { LETTER_BYTES_MAX } from '../../kafka/record-size.ts';
import { DeadLetterGate } from './gate.ts';
import { ParkedKeys } from './parked-keys.ts';
import { again, ID, nameAt, READER, recordOf, stored, WORK } from './testing.ts';
import { failedAgain, noteOn } from './write.ts';

/** Returns the gate of a task that parks, with records of one key at these offsets in its queue. */
function parking(...offsets: readonly number[]) {
  const parkedKeys = new ParkedKeys();
  for (const offset of offsets) parkedKeys.add({ topic: WORK, key: 'a', record: nameAt(offset) });
  parkedKeys.publish();
  return { parkedKeys, gate: new DeadLetterGate(READER, parkedKeys) };
}
const skipping = new DeadLetterGate(READER, null);
const at = (offset: number) => recordOf({ offset });
const sequenceOf = ({ headers }: OutgoingRecord): string | undefined => headers['khipu_dlq_sequence'];

describe('a task that does not park keys', () => {
  it('processes every record, except records redriven for another reader', () => {
    expect(skipping.admit(at(1))).toBe('work');
    expect(skipping.admit(again(at(1)))).toBe('work');
    expect(skipping.admit(again(at(1), { processor: 'another' }))).toBe('pass');
  });

  it('passes redriven records of a queue from the time when it parked keys', () => {
    expect(skipping.admit(again(at(1), { sequence: 1 }))).toBe('pass');
    expect(skipping.admit(again(at(1), { sequence: 1, drop: true }))).toBe('pass');
  });

  it('writes a dead letter without a queue position, and nothing for a processed record', () => {
    expect(sequenceOf(skipping.failed(at(1), new Error('broke'), 1))).toBeUndefined();
    expect(skipping.noteSettled(at(1), 'redriven')).toEqual([]);
  });

  it('names in each dead letter the topic through which its redriven records come back', () => {
    const { headers } = new DeadLetterGate(READER, null, 'work.redrive').failed(at(1), new Error('broke'), 1);
    expect(headers['khipu_dlq_redrives']).toBe('work.redrive');
    expect(skipping.failed(at(1), new Error('broke'), 1).headers).not.toHaveProperty('khipu_dlq_redrives');
  });

  it('writes no note on a dead letter without a queue: the tool wrote it with the redrive', () => {
    expect(skipping.noteSettled(again(at(1)), 'redriven')).toEqual([]);
  });
});

describe('a parked key', () => {
  it('parks its own records and no others', () => {
    const { gate } = parking(1);
    expect(gate.admit(at(2))).toBe('park');
    expect(gate.admit(recordOf({ key: 'b' }))).toBe('work');
    expect(gate.admit(recordOf({ topic: 'another.topic' }))).toBe('work');
    expect(gate.admit(recordOf({ key: null }))).toBe('work');
  });

  it('named null parks no record without a key', () => {
    const parkedKeys = new ParkedKeys();
    parkedKeys.add({ topic: WORK, key: 'null', record: nameAt(4) });
    const gate = new DeadLetterGate(READER, parkedKeys);
    const back = again(recordOf({ offset: 4, key: null }), { sequence: 1 });
    expect([gate.admit(recordOf({ key: null })), gate.admit(back)]).toEqual(['work', 'pass']);
    expect(gate.noteSettled(back, 'redriven')).toEqual([]);
    expect(parkedKeys.holds(WORK, 'null')).toBe(true);
  });

  it('parks redriven records from before it was parked', () => {
    expect(parking(1).gate.admit(again(at(0)))).toBe('park');
  });

  it('does not exist before a record has failed', () => {
    expect(parking().gate.admit(at(1))).toBe('work');
  });

  it('admits only the first record of its queue: an earlier one was settled, a later one waits', () => {
    const { gate } = parking(4, 5);
    const admitted = [3, 4, 5].map((offset) => gate.admit(again(at(offset), { sequence: offset })));
    expect(admitted).toEqual(['pass', 'work', 'pass']);
    expect(gate.admit(again(at(4), { sequence: 1, processor: 'another' }))).toBe('pass');
    expect(gate.admit(again(recordOf({ offset: 4, key: null }), { sequence: 1 }))).toBe('pass');
  });

  it('lets a dead letter at any position of its queue be dropped, once', () => {
    const { gate } = parking(4, 5);
    const drop = again(at(5), { sequence: 2, drop: true });
    expect(gate.admit(drop)).toBe('drop');
    expect(gate.noteSettled(drop, 'dropped')).toEqual([noteOn(drop, 'dropped')]);
    expect(gate.admit(drop)).toBe('pass');
    expect(gate.admit(again(at(4), { sequence: 1 }))).toBe('work');
  });

  it('is free when the last dead letter of its queue is settled', () => {
    const { gate, parkedKeys } = parking(4, 5);
    for (const offset of [4, 5]) {
      const record = again(at(offset), { sequence: offset });
      expect(gate.admit(record)).toBe('work');
      expect(gate.noteSettled(record, 'redriven')).toEqual([noteOn(record, 'redriven')]);
      expect(gate.admit(record)).toBe('pass');
    }
    expect(gate.admit(at(6))).toBe('work');
    expect(parkedKeys.publish()).toBe(true);
    expect(parkedKeys.size).toBe(0);
  });
});

describe('a record of a task that parks', () => {
  it('becomes the first of a queue when it fails, and later records follow it', () => {
    const { gate } = parking();
    const error = Object.assign(new Error('broke'), { code: 'BROKE' });
    expect(gate.failed(at(4), error, 3).headers).toMatchObject({
      ...{ khipu_dlq_code: 'BROKE', khipu_dlq_attempt: '3', khipu_dlq_sequence: '1', khipu_dlq_processor: READER },
    });
    expect(gate.admit(at(5))).toBe('park');
    expect(gate.park(at(5)).headers).toMatchObject({
      ...{ khipu_dlq_code: 'KEY_PARKED', khipu_dlq_stack: '', khipu_dlq_attempt: '0', khipu_dlq_sequence: '2' },
      ...{ khipu_dlq_offset: '5', khipu_dlq_record: nameAt(5) },
    });
  });

  it('is named by its id in its queue when it was handed on', () => {
    const { gate, parkedKeys } = parking();
    const handedOn = (id: string) => recordOf({ offset: UNKNOWN_OFFSET, headers: { ce_id: id } });
    const [first, second] = [ID, ID.replace(/1$/, '2')].map(handedOn) as [LogRecord, LogRecord];
    gate.failed(first, new Error('broke'), 1);
    expect(gate.park(second).headers['khipu_dlq_sequence']).toBe('2');
    expect(parkedKeys.first(WORK, 'a')).toBe(ID);
    const back = again(first, { sequence: 1 });
    expect([gate.admit(again(second, { sequence: 2 })), gate.admit(back)]).toEqual(['pass', 'work']);
    expect(gate.noteSettled(back, 'redriven')[0]?.headers['khipu_dlq_record']).toBe(ID);
    expect(gate.admit(again(second, { sequence: 2 }))).toBe('work');
  });

  it('is in no queue when it has no key', () => {
    const { gate, parkedKeys } = parking();
    expect(sequenceOf(gate.failed(recordOf({ key: null }), new Error('broke'), 1))).toBeUndefined();
    expect(parkedKeys.any).toBe(false);
  });

  it('is in no queue when its key is too large for a dead letter, since no redrive could name it', () => {
    const { gate, parkedKeys } = parking();
    const key = 'k'.repeat(LETTER_BYTES_MAX);
    expect(gate.failed(recordOf({ key }), new Error('broke'), 1).key).toBeNull();
    expect(parkedKeys.holds(WORK, key)).toBe(false);
    expect(gate.admit(recordOf({ key, offset: 9 }))).toBe('work');
  });

  it('stays the first of its queue when it fails again: with a note and without a second dead letter', () => {
    const { gate, parkedKeys } = parking(4, 5);
    const record = again(at(4), { sequence: 1, attempt: 2 });
    const error = Object.assign(new Error('still'), { code: 'BROKE' });
    expect(gate.failed(record, error, 1)).toEqual(failedAgain(record, error, 1));
    expect(parkedKeys.publish()).toBe(false);
    expect(parkedKeys.first(WORK, 'a')).toBe(nameAt(4));
  });

  it('gets its own dead letter when it was redriven without a queue and fails again', () => {
    const { gate } = parking();
    const record = stored(again(at(4)), 9);
    expect(gate.failed(record, new Error('still'), 1).headers).toMatchObject({
      ...{ khipu_dlq_offset: '9', khipu_dlq_sequence: '1', khipu_dlq_attempt: '2' },
    });
  });
});
