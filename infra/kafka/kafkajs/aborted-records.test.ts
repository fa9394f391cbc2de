import type { FetchedPartition } from 'kafkajs/src/broker/index.js';
import { describe, expect, it } from 'vitest';
import { hideAborted } from './aborted-records.ts';

const MARKERS = { abort: Buffer.from([0, 0, 0, 0]), commit: Buffer.from([0, 0, 0, 1]) };

/** Returns a record `<producer>` of a transaction, a marker `<producer> abort`, or a record outside of any: `plain`. */
const messageOf = (text: string, offset: number) => {
  const [producerId = '', marker] = text.split(' ') as [string, keyof typeof MARKERS | undefined];
  const key = marker === undefined ? Buffer.from('k') : MARKERS[marker];
  const message = { offset: `${offset}`, key, isControlRecord: marker !== undefined };
  return text === 'old' ? message : { ...message, batchContext: { producerId, inTransaction: producerId !== 'plain' } };
};

/** Returns the offsets that are shown. Begins at offset `from`. */
function shown(texts: readonly string[], aborted: readonly (readonly [producerId: string, first: number])[], from = 0) {
  const partition: FetchedPartition = {
    abortedTransactions: aborted.map(([producerId, first]) => ({ producerId, firstOffset: `${first}` })),
    messages: texts.map((text, index) => messageOf(text, from + index)),
  };
  hideAborted(partition);
  expect(partition.abortedTransactions).toEqual([]);
  return partition.messages.flatMap(({ offset, isControlRecord }) =>
    isControlRecord === true ? [] : [Number(offset)],
  );
}

describe('records of a fetch', () => {
  it('are all shown when no transaction was aborted', () => {
    expect(shown(['a', 'plain', 'a commit', 'old'], [])).toEqual([0, 1, 3]);
    const none: FetchedPartition = { abortedTransactions: null, messages: [messageOf('a', 0)] };
    hideAborted(none);
    expect(none.messages[0]?.isControlRecord).toBe(false);
  });

  it('are left out from the first offset of an aborted transaction to its marker, of its producer alone', () => {
    const texts = ['a', 'a commit', 'a', 'b', 'plain', 'a', 'a abort', 'a', 'b commit'];
    expect(shown(texts, [['a', 2]])).toEqual([0, 3, 4, 7]);
  });

  it('are left out in whichever order the transactions were aborted', () => {
    const texts = ['a', 'b', 'c', 'd', 'a', 'b', 'c abort', 'b abort', 'a abort', 'd commit'];
    const listed = [
      ['c', 2],
      ['b', 1],
      ['a', 0],
    ] as const;
    expect(shown(texts, listed)).toEqual([3]);
  });

  it('are left out when several transactions began before the fetch', () => {
    const listed = [
      ['a', 10],
      ['b', 11],
    ] as const;
    expect(shown(['b', 'a', 'c', 'b abort', 'a abort', 'b'], listed, 20)).toEqual([22, 25]);
  });

  it('are left out to the end of the fetch when the marker comes later', () => {
    expect(shown(['a', 'b', 'a'], [['a', 0]])).toEqual([1]);
  });

  it('of a producer with two aborted transactions are shown between them', () => {
    const texts = ['a', 'a abort', 'a', 'a commit', 'a', 'a abort'];
    const listed = [
      ['a', 4],
      ['a', 0],
    ] as const;
    expect(shown(texts, listed)).toEqual([2]);
  });
});
