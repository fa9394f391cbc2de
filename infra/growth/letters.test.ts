import { expect, it } from 'vitest';
import { type Topic, topics } from '../../schemas/topics.ts';
import { partitionOf } from '../../streams/kernel/partitioner.ts';
import type { LogRecord, OutgoingRecord } from '../kafka/port.ts';
import { buried, recordOf, stored, WORK } from '../runner/dead-letters/testing.ts';
import { note } from '../runner/dead-letters/write.ts';
import type { GrownTopic } from './grown-topics.ts';
import { lettersTo, renamed } from './letters.ts';

const STEP = { from: 1, to: 2 };
const rule: Topic = { ...(topics.inferenceEvents as unknown as Topic), name: WORK, partitionedBy: 'key' };
const letters: GrownTopic = { name: `${WORK}.dlq`, rule, how: 'letters', retained: false };
const [stays = '', moves = ''] = [0, 1].map((home) =>
  ['a', 'b', 'c', 'd', 'e', 'f'].find((key) => partitionOf(key, STEP.to) === home),
);

/** Returns the dead letter of an original of partition 0, and a note on it. */
function lettersOf(key: string, over: Partial<LogRecord> = {}): readonly [LogRecord, LogRecord] {
  const letter = stored(buried(recordOf({ partition: 0, key, ...over })));
  const record = letter.headers['khipu_dlq_record'] ?? '';
  const noted: OutgoingRecord = note({ topic: WORK, partition: 0, key, record }, 'reader', 'redriven', 'me');
  return [letter, stored(noted, 21)];
}

it.each([
  ['an id and an offset', {}],
  ['an id alone', { offset: -1 }],
  ['an offset alone', { headers: {} }],
])('a note follows its letter and keeps its name, where the original is named by %s', (_, over) => {
  const place = lettersTo(letters, STEP);
  const [letter, noted] = lettersOf(moves, over);
  expect([letter, noted].map(place)).toEqual([1, 1]);
  const [after, notedAfter] = [letter, noted].map(({ headers }) => renamed(headers, 0, 1));
  expect(notedAfter?.['khipu_dlq_record']).toBe(after?.['khipu_dlq_record']);
  expect(after?.['khipu_dlq_partition']).toBe('1');
});

it('a moved letter has a name that no record of its new partition has', () => {
  const [{ headers }] = lettersOf(moves, { headers: {}, offset: 7 });
  expect(renamed(headers, 0, 1)).toMatchObject({
    khipu_dlq_record: `@${7 - 2 ** 40}`,
    khipu_dlq_offset: String(7 - 2 ** 40),
  });
});

it('a letter that stays is unchanged, and so is its note', () => {
  const place = lettersTo(letters, STEP);
  const both = lettersOf(stays);
  expect(both.map(place)).toEqual([0, 0]);
  for (const { headers } of both) expect(renamed(headers, 0, 0)).toBe(headers);
});
