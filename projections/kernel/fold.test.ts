import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendTable, first, foldTable, key, last, max, min, type Row, sum } from '../kernel.ts';
import { foldRows } from './fold.ts';

const table = foldTable('t', {
  tenant_id: key('text'),
  id: key('text'),
  a: first('text'),
  b: last('text'),
  n: sum('integer'),
  money: sum('numeric'),
  high: max('bigint'),
  low: min('timestamptz'),
});

const value = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const rows = fc.array(
  fc.record(
    {
      tenant_id: fc.constantFrom('x', 'y'),
      id: fc.constantFrom('1', '2', '3'),
      a: value(fc.string()),
      b: value(fc.string()),
      n: value(fc.integer({ min: 0, max: 99 })),
      money: value(fc.constantFrom('0.1', '0.000000001', '12')),
      high: value(fc.integer({ min: 0 })),
      low: value(fc.constantFrom('2026-01-01T00:00:00.000Z', '2025-01-01T00:00:00.000Z')),
    },
    { requiredKeys: ['tenant_id', 'id'] },
  ),
);

/** Normalises rows for comparison: absent equals null, and a sum of one value is not yet padded to nine digits. */
const plain = (list: readonly Row[]) =>
  list.map((row) => ({
    ...Object.fromEntries(Object.keys(table.columns).map((name) => [name, row[name] ?? null])),
    money: row['money'] === null || row['money'] === undefined ? null : Number(row['money']).toFixed(9),
  }));

describe('foldRows', () => {
  it('gives the same result whether rows are folded at once or batch by batch', () => {
    fc.assert(
      fc.property(rows, rows, (former, latter) => {
        const atOnce = foldRows(table, [...former, ...latter]);
        const inTwo = foldRows(table, [...foldRows(table, former), ...foldRows(table, latter)]);
        expect(plain(inTwo)).toEqual(plain(atOnce));
      }),
    );
  });

  it('orders rows by key, one row per key', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const ids = foldRows(table, list).map((row) => `${row['tenant_id']}\u001f${row['id']}`);
        expect(ids).toEqual([...new Set(ids)].sort());
      }),
    );
  });

  it('keeps the first row of each key of an append table, in order of arrival', () => {
    const log = appendTable('l', { tenant_id: key('text'), id: key('text'), v: first('text') });
    const kept = foldRows(log, [
      { tenant_id: 'x', id: '2', v: 'a' },
      { tenant_id: 'x', id: '1', v: 'b' },
      { tenant_id: 'x', id: '2', v: 'c' },
    ]);
    expect(kept.map(({ v }) => v)).toEqual(['a', 'b']);
  });
});
