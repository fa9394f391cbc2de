import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partitionId } from '../kafka/partition-id.ts';
import { closedPrefix, type MirroredRecord } from './closure.ts';
import { cutsOf, type History, histories, mirrorOf } from './testing.ts';

const record = (topic: string, offset: number, more: Partial<MirroredRecord> = {}): MirroredRecord => ({
  ...{
    topic,
    partition: 0,
    offset,
    id: `${topic}-${offset}`,
    input: `${topic}-${offset}`,
    cause: null,
    outputs: null,
    settled: false,
  },
  ...more,
});
const outputs = (input: string, count: number) => ({ cause: input, outputs: { name: `core/${input}`, count } });
const namesOf = (records: readonly MirroredRecord[]): readonly (string | null)[] => records.map(({ id }) => id);

describe('the closed prefix', () => {
  test('keeps a mirror that is whole', () => {
    const records = [record('commands', 0), record('events', 0, outputs('commands-0', 2))];
    const whole = [...records, record('work', 0, outputs('commands-0', 2))];
    expect(closedPrefix(whole)).toEqual({ ends: new Map(), kept: whole, dropped: [] });
  });

  test('drops an effect whose cause did not arrive, and what lies behind it', () => {
    const { ends, dropped } = closedPrefix([record('events', 0, { cause: 'commands-7' }), record('events', 1)]);
    expect(ends).toEqual(new Map([['events/0', 0]]));
    expect(dropped.map(({ id, reason }) => [id, reason])).toEqual([
      ['events-0', 'cause-missing'],
      ['events-1', 'behind'],
    ]);
  });

  test('drops a decision whose effect did not arrive, and keeps its command', () => {
    const torn = [record('commands', 0), record('decisions', 0, outputs('commands-0', 2))];
    const { kept, dropped } = closedPrefix(torn);
    expect(namesOf(kept)).toEqual(['commands-0']);
    expect(dropped[0]?.reason).toBe('outputs-missing');
  });

  test('drops what was caused by a dropped record, in any partition', () => {
    const { kept } = closedPrefix([
      record('commands', 0),
      record('work', 0, outputs('commands-0', 2)),
      record('results', 0, { cause: 'work-0' }),
      record('results', 1),
    ]);
    expect(namesOf(kept)).toEqual(['commands-0']);
  });

  test('keeps effects of causes that lie before the given records', () => {
    const records = [record('results', 4, { cause: 'old' })];
    expect(closedPrefix(records, (id) => id === 'old').dropped).toEqual([]);
  });

  test('does not begin at a settled record, whose siblings may have expired', () => {
    const old = record('decisions', 0, { ...outputs('commands-0', 2), settled: true });
    expect(closedPrefix([old]).dropped).toEqual([]);
  });

  test('keeps an effect while one of two records with the id of its cause is kept', () => {
    const twice = [
      record('commands', 0, { id: 'c' }),
      record('copies', 0, { cause: 'missing' }),
      record('copies', 1, { id: 'c' }),
      record('events', 0, { cause: 'c' }),
    ];
    expect(namesOf(closedPrefix(twice).kept)).toEqual(['c', 'events-0']);
  });
});

const keptOf = ({ records }: History, cuts: ReadonlyMap<string, number>): readonly MirroredRecord[] =>
  closedPrefix(mirrorOf(records, cuts)).kept;

describe('over random histories and cuts', () => {
  test('no effect is kept without its cause, and no part of the outputs of one input', () => {
    fc.assert(
      fc.property(histories.chain(cutsOf), ([history, cuts]) => {
        const kept = keptOf(history, cuts);
        const ids = new Set(namesOf(kept));
        for (const { cause } of kept) expect(cause === null || ids.has(cause)).toBe(true);
        const whole = Map.groupBy(history.records, ({ outputs: of }) => of?.name);
        for (const [name, members] of Map.groupBy(kept, ({ outputs: of }) => of?.name))
          if (name !== undefined) expect(members).toHaveLength(whole.get(name)?.length ?? -1);
      }),
      { numRuns: 300 },
    );
  });

  test('what is kept is a prefix of each partition', () => {
    fc.assert(
      fc.property(histories.chain(cutsOf), ([history, cuts]) => {
        const mirror = Map.groupBy(mirrorOf(history.records, cuts), partitionId);
        for (const [name, kept] of Map.groupBy(keptOf(history, cuts), partitionId))
          expect(kept).toEqual(mirror.get(name)?.slice(0, kept.length));
      }),
      { numRuns: 300 },
    );
  });

  test('no closed prefix keeps more: every one is a part of it', () => {
    fc.assert(
      fc.property(histories.chain(cutsOf), fc.infiniteStream(fc.nat(100)), ([history, cuts], shares) => {
        const mirror = mirrorOf(history.records, cuts);
        const kept = new Set(keptOf(history, cuts));
        const partitions = Map.groupBy(mirror, partitionId);
        // Any smaller prefix, closed by dropping one record after the other, as slowly as the definition says it.
        let prefix = [...partitions.values()].flatMap((all) =>
          all.slice(0, Math.ceil((all.length * (shares.next().value ?? 0)) / 100)),
        );
        for (let before = -1; before !== prefix.length; ) {
          before = prefix.length;
          prefix = withoutFirstTear(prefix);
        }
        for (const each of prefix) expect(kept.has(each)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('a whole mirror loses nothing', () => {
    fc.assert(
      fc.property(histories, ({ records }) => {
        expect(closedPrefix(records).dropped).toEqual([]);
      }),
    );
  });
});

/** Drops the first record that breaks the definition, with those behind it; the same prefix when none does. */
function withoutFirstTear(prefix: readonly MirroredRecord[]): MirroredRecord[] {
  const ids = new Set(namesOf(prefix));
  const counts = new Map<string, number>();
  for (const { outputs: of } of prefix) if (of !== null) counts.set(of.name, (counts.get(of.name) ?? 0) + 1);
  const torn = prefix.find(
    ({ cause, outputs: of }) =>
      (cause !== null && !ids.has(cause)) || (of !== null && (counts.get(of.name) ?? 0) < of.count),
  );
  if (torn === undefined) return [...prefix];
  return prefix.filter((each) => partitionId(each) !== partitionId(torn) || each.offset < torn.offset);
}
