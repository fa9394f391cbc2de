import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecallFilter } from '../../schemas/contexts/memory/recall.ts';
import * as make from '../../schemas/generated/records.ts';
import { allowed } from '../../streams/testing.ts';
import { AT, AT_MS, rowsOf } from '../testing/apply.ts';
import { memoriesTable, memory, memoryLinksTable, supersessionsTable } from './projection.ts';
import { isRecallable, type MemoryRow, type SupersessionRow } from './queries.ts';

const kept = (memoryId: string, changes: Partial<make.MemoryRemembered> = {}): make.AnyRecord =>
  make.memoryRemembered({
    ...{ memoryId, tenantId: 'acme', principal: 'key-1', callId: null, space: 'shared', text: `text of ${memoryId}` },
    ...{ source: null, tags: [], metadata: {}, validFrom: null, validTo: null, supersedes: [], labels: [] },
    ...{ digest: 'd', decisionId: 'd', ...changes },
  });
const forgotten = (memoryId: string): make.AnyRecord =>
  make.memoryForgotten({ memoryId, principal: 'key-1', callId: null, reason: 'wrong', decisionId: 'd' });

const filter: RecallFilter = {
  ...{ space: 'shared', asOf: null, validAt: new Date(AT_MS), labels: [], withoutLabels: [], tags: [], metadata: {} },
};
const empty = Object.fromEntries(Object.keys(memoriesTable.columns).map((name) => [name, null]));

/** Returns the ids of the memories that a recall compares after these records. */
function recalled(records: readonly make.AnyRecord[], changes: Partial<RecallFilter> = {}): readonly string[] {
  const memories = rowsOf(memory, records).map((row) => ({ ...empty, ...row }) as unknown as MemoryRow);
  const supersessions = rowsOf(memory, records, supersessionsTable.name) as unknown as readonly SupersessionRow[];
  return memories
    .filter((row) => isRecallable(row, supersessions, { ...filter, ...changes }))
    .map((row) => row.memory_id);
}

describe('a memory', () => {
  it('has a row with its vector and the model that made it', () => {
    expect(rowsOf(memory, [kept('a', { tags: ['office'], validFrom: AT_MS })])).toMatchObject([
      {
        memory_id: 'a',
        space: 'shared',
        status: 'kept',
        model: 'feature-hashing-384',
        tags: ['office'],
        valid_from: AT,
      },
    ]);
    const [one] = rowsOf(memory, [kept('a')]);
    expect(String(one?.['vector'])).toMatch(/^\[(?:-?\d{1,3},){383}-?\d{1,3}\]$/);
  });

  it('keeps nothing of its content when it was forgotten', () => {
    const [row] = rowsOf(memory, [kept('a', { source: 'mail', metadata: { n: 'v' }, tags: ['t'] }), forgotten('a')]);
    expect(row).toMatchObject({ status: 'forgotten', text: '', source: '', tags: [], metadata: {}, vector: '' });
    expect(recalled([kept('a'), forgotten('a')])).toEqual([]);
  });

  it('has links, and changes no row when it was refused', () => {
    const link = make.memoryLinked({ memoryId: 'a', toId: 'b', relation: 'supports', principal: 'k', decisionId: 'd' });
    expect(rowsOf(memory, [link, link], memoryLinksTable.name)).toMatchObject([{ to_id: 'b', relation: 'supports' }]);
    const refusal = { memoryId: 'a', principal: 'k', code: 'C', detail: 'no', decision: allowed, shortfall: null };
    expect(rowsOf(memory, [make.memoryRefused(refusal)])).toEqual([]);
  });
});

describe('a recall', () => {
  it('compares what is true at a time, and what a later memory has not taken the place of', () => {
    const ended = kept('a', { validTo: AT_MS });
    expect(recalled([ended, kept('b', { validFrom: AT_MS + 1 })])).toEqual([]);
    expect(recalled([ended], { validAt: new Date(AT_MS - 1) })).toEqual(['a']);
    expect(recalled([kept('a'), kept('b', { supersedes: ['a'] })])).toEqual(['b']);
  });

  it('does not let a memory of another space take the place of one', () => {
    expect(recalled([kept('a'), kept('b', { supersedes: ['a'], space: 'other' })])).toEqual(['a']);
  });

  it('filters by space, labels, tags and metadata', () => {
    const one = kept('a', { labels: ['personal'], tags: ['x', 'y'], metadata: { city: 'Cusco' } });
    expect(recalled([one], { labels: ['personal'], tags: ['x'], metadata: { city: 'Cusco' } })).toEqual(['a']);
    for (const none of [{ space: 'other' }, { labels: ['secret'] }, { withoutLabels: ['personal'] }, { tags: ['z'] }])
      expect(recalled([one], none)).toEqual([]);
    expect(recalled([one], { metadata: { city: 'Lima' } })).toEqual([]);
  });

  it('as of a time equals the recall over the log up to that time, but for what was forgotten since', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const step = fc.record({
      id: fc.constantFrom(...ids),
      does: fc.constantFrom('keep', 'keep', 'forget'),
      supersedes: fc.subarray(ids, { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat(12), (steps, upTo) => {
        const begun = new Set<string>();
        const records = steps.flatMap(({ id, does, supersedes }) => {
          if (does === 'forget') return begun.has(id) ? [forgotten(id)] : [];
          if (begun.has(id)) return [];
          begun.add(id);
          return [kept(id, { supersedes: supersedes.filter((each) => each !== id) })];
        });
        const gone = new Set(records.flatMap(({ type, data }) => (type === 'MemoryForgotten' ? [data.memoryId] : [])));
        // Offsets and times rise by one a record.
        const asOf = new Date(AT_MS + upTo);
        const prefix = records.slice(0, upTo + 1);
        expect(recalled(records, { asOf })).toEqual(recalled(prefix).filter((id) => !gone.has(id)));
      }),
    );
  });
});
