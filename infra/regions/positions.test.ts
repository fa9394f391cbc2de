import { describe, expect, test } from 'vitest';
import { closedPrefix, type MirroredRecord } from './closure.ts';
import { readerStarts } from './positions.ts';

const command = (offset: number, settled = false): MirroredRecord => ({
  ...{
    topic: 'commands',
    partition: 0,
    offset,
    id: `c${offset}`,
    input: `c${offset}`,
    cause: null,
    outputs: null,
    settled,
  },
});
const output = (topic: string, offset: number, input: string, count = 1, reader = 'core'): MirroredRecord => ({
  ...{
    topic,
    partition: 0,
    offset,
    id: `${topic}-${offset}`,
    input: null,
    cause: input.split('/')[0] ?? null,
    settled: false,
  },
  outputs: { name: `${reader}/${input}`, count },
});
const starts = (
  records: readonly MirroredRecord[],
  kind: 'processor' | 'worker' = 'processor',
  committed: number | null = null,
) => {
  const begins = [{ topic: 'commands', partition: 0, offset: 0 }];
  const readers = [{ name: 'core', kind, topics: ['commands'] }];
  const [start] = readerStarts(readers, closedPrefix(records), begins, () => committed);
  return { ...start, again: start?.again.map(({ id }) => id), open: start?.open.map(({ id }) => id) };
};

describe('a topology', () => {
  test('begins behind the last command whose outputs are kept', () => {
    const records = [command(0), command(3), command(4), output('events', 0, 'c0'), output('events', 1, 'c3')];
    expect(starts(records)).toMatchObject({ offset: 4, again: [] });
  });

  test('runs a command again whose outputs were torn', () => {
    const records = [command(0), command(1), output('events', 0, 'c0'), output('events', 1, 'c1', 2)];
    expect(starts(records)).toMatchObject({ offset: 1, again: [] });
  });

  test('runs one command again, and not those behind it whose outputs are kept', () => {
    const records = [command(0), command(1), output('decisions', 0, 'c0', 2), output('events', 0, 'c1')];
    expect(starts(records)).toMatchObject({ offset: 2, again: ['c0'] });
  });

  test('begins at the end when everything is handled', () => {
    expect(starts([command(0), command(5), output('events', 0, 'c0'), output('events', 1, 'c5')]).offset).toBe(6);
  });

  test('takes commands without outputs as handled when the source passed them long ago', () => {
    const records = [command(0, true), command(1, true), command(2, true), output('events', 0, 'c2')];
    expect(starts(records, 'processor', 2).again).toEqual([]);
    expect(starts(records, 'processor', 1).again).toEqual(['c1']);
    expect(starts(records, 'processor', null).again).toEqual(['c0', 'c1']);
  });

  test('does not take the word of the source for a command of the last moments', () => {
    expect(starts([command(0), command(1), output('events', 0, 'c1')], 'processor', 2).again).toEqual(['c0']);
  });

  test('counts its own outputs alone', () => {
    expect(starts([command(0), output('audit', 0, 'c0', 1, 'audit')]).offset).toBe(0);
  });
});

test('a partition without records in the checked part is read from where that begins', () => {
  const begins = [{ topic: 'commands', partition: 3, offset: 17 }];
  const readers = [{ name: 'core', kind: 'processor', topics: ['commands'] }] as const;
  expect(readerStarts(readers, closedPrefix([]), begins, () => null)).toMatchObject([{ partition: 3, offset: 17 }]);
});

test('an original counts as handled when the outputs of its second run are kept', () => {
  expect(starts([command(0), command(1), output('events', 0, 'c0/member'), output('events', 1, 'c1')]).again).toEqual(
    [],
  );
});

describe('a worker', () => {
  test('begins at its lowest unfinished work, and leaves out what is finished behind it', () => {
    const records = [command(0), command(1), command(2), output('results', 0, 'c0'), output('results', 1, 'c2')];
    expect(starts(records, 'worker')).toMatchObject({ offset: 1, open: ['c1'], again: [] });
  });

  test('begins at the end when all work is finished', () => {
    expect(starts([command(0), output('results', 0, 'c0')], 'worker')).toMatchObject({ offset: 1, open: [] });
  });
});
