import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outgoing } from '../contract/testing.ts';
import type { OutgoingRecord } from '../port.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';
import { SEND_BYTES_MAX, SEND_RECORDS_MAX, sends, toLogRecord, toTopicMessages, write, writtenTo } from './messages.ts';

describe('records split into sends', () => {
  const records = fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 40 });

  it('keep their order, with none lost', () => {
    fc.assert(
      fc.property(records, (sizes) => {
        const all = sizes.map((size, index) => outgoing('t', '', { key: `${index}`, value: Buffer.alloc(size) }));
        expect([...sends(all)].flat()).toEqual(all);
      }),
      { numRuns: 30 },
    );
  });

  it('fill each send up to its bounds of records and bytes', () => {
    fc.assert(
      fc.property(records, (sizes) => {
        const all = sizes.map((size) => outgoing('t', '', { value: Buffer.alloc(size) }));
        const parts = [...sends(all)];
        const weigh = (part: readonly OutgoingRecord[]): number =>
          part.reduce((sum, record) => sum + bytesOf(record), 0);
        for (const [index, part] of parts.entries()) {
          expect(part.length).toBeGreaterThan(0);
          expect(weigh(part)).toBeLessThanOrEqual(SEND_BYTES_MAX);
          const following = parts[index + 1]?.[0];
          if (following !== undefined) expect(weigh([...part, following])).toBeGreaterThan(SEND_BYTES_MAX);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are at most 500 records each', () => {
    const parts = [...sends(Array.from({ length: 1_201 }, () => outgoing('t', 'x')))];
    expect(parts.map((part) => part.length)).toEqual([SEND_RECORDS_MAX, SEND_RECORDS_MAX, 201]);
  });

  it('put a record that is too large alone in its send, for the broker to reject', () => {
    const large = outgoing('t', '', { value: Buffer.alloc(RECORD_BYTES_MAX + 1) });
    const small = outgoing('t', 'x');
    expect([...sends([small, large, small])].map((part) => part.length)).toEqual([1, 1, 1]);
    expect([...sends([])]).toEqual([]);
  });
});

describe('records written to several brokers', () => {
  const placed = ['a0', 'b0', 'a1', 'a0', 'b0'].map((place, index) => ({
    ...outgoing(place.charAt(0), `${index}`),
    partition: Number(place.charAt(1)),
  }));
  const textOf = (part: readonly OutgoingRecord[]): string => part.map(({ value }) => String(value)).join('');

  it('are sent per partition, in order', async () => {
    const parts: string[] = [];
    await write(placed, false, async (part) => void parts.push(textOf(part)));
    expect(parts.sort()).toEqual(['03', '14', '2']);
  });

  it('are sent together when one broker leads all partitions', async () => {
    const parts: string[] = [];
    await write(placed, true, async (part) => void parts.push(textOf(part)));
    expect(parts).toEqual(['01234']);
  });

  it('are all settled when one of them has failed', async () => {
    let written = 0;
    const writing = write(placed, false, async (part) => {
      if (textOf(part) === '2') throw new Error('away');
      await new Promise((resolve) => setTimeout(resolve, 20));
      written += 1;
    });
    await expect(writing).rejects.toThrow('away');
    expect(written).toBe(2);
  });
});

describe('the answers to a send', () => {
  const placed = ['a', 'a', 'b'].map((topic) => ({ ...outgoing(topic, 'x'), partition: 1 }));
  const answers = ['a', 'b'].map((topicName, index) => ({
    ...{ topicName, partition: 1, errorCode: 0, baseOffset: `${40 + index}` },
  }));

  it('give the first offset in each partition', () => {
    expect([...writtenTo(placed, answers, 'TRANSACTION_FAILED')]).toEqual([
      ['a/1', 40],
      ['b/1', 41],
    ]);
  });

  it('fail the send when one partition has none', () => {
    const missing = () => writtenTo(placed, answers.slice(0, 1), 'TRANSACTION_FAILED');
    expect(missing).toThrow(
      expect.objectContaining({ code: 'TRANSACTION_FAILED', message: expect.stringContaining('b 1') }),
    );
  });
});

describe('the bytes of a record', () => {
  it('count key, value and headers, in UTF-8', () => {
    const bare = bytesOf(outgoing('t', '', { key: null, value: null }));
    expect(bytesOf(outgoing('t', 'abc', { key: 'é' })) - bare).toBe(5);
    expect(bytesOf(outgoing('t', '', { key: null, value: null, headers: { a: 'é' } })) - bare).toBe(4 + 1 + 2);
  });
});

describe('messages of the client', () => {
  const message = { key: null, value: null, timestamp: '5', attributes: 0, offset: '9007199254740991', headers: {} };

  it('become records: text key, bytes or tombstone, headers as text, offset as a number', () => {
    const value = Buffer.from([0, 255]);
    const headers = { a: Buffer.from('é'), b: 'text', c: [Buffer.from('first'), Buffer.from('second')], d: undefined };
    expect(toLogRecord('t', 3, { ...message, key: Buffer.from('clé'), value, headers })).toEqual({
      ...{ topic: 't', partition: 3, offset: Number.MAX_SAFE_INTEGER, key: 'clé', value, timestampMs: 5 },
      headers: { a: 'é', b: 'text', c: 'first', d: '' },
    });
    expect(toLogRecord('t', 0, message)).toMatchObject({ key: null, value: null, headers: {} });
  });

  it('are grouped by topic, each topic in the order of its records', () => {
    const records = ['a', 'b', 'a', 'b', 'a'].map((topic, index) => ({
      ...outgoing(topic, `${index}`),
      partition: index,
    }));
    const grouped = toTopicMessages(records);
    expect(grouped.map(({ topic, messages }) => [topic, messages.map(({ partition }) => partition)])).toEqual([
      ['a', [0, 2, 4]],
      ['b', [1, 3]],
    ]);
  });
});
