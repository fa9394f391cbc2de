import { describe, expect, it } from 'vitest';
import { foldTable, key, last, max } from './kernel.ts';
import { getRow, listRows, type RunSql, readsOf } from './rows.ts';
import { CursorError } from './sql.ts';

const notes = foldTable('notes', {
  ...{ tenant_id: key('text'), note_id: key('text'), text: last('text') },
  ...{ size: last('bigint'), price: last('numeric'), at: max('timestamptz') },
});
const reads = readsOf(notes, 'at');
const rowAt = (n: number) => ({ tenant_id: 'demo', note_id: `n${n}`, at: `2026-01-0${n}T00:00:00.000Z` });

/** Answers with the rows; keeps the statements. */
function recorded(rows: readonly object[]) {
  const asked: (readonly [text: string, values: readonly unknown[]])[] = [];
  const run: RunSql = async (text, values) => {
    asked.push([text.replace(/\s+/g, ' '), values]);
    return rows;
  };
  return { run, asked };
}

describe('reads of a table', () => {
  it('ask for one row of the tenant, with numbers and times as text or JSON has them', async () => {
    const { run, asked } = recorded([rowAt(1)]);
    expect(await getRow(run, reads, 'demo', 'n1')).toEqual(rowAt(1));
    const [[text = '', values] = []] = asked;
    expect(values).toEqual(['demo', 'n1']);
    expect(text).toContain('"size"::float8 AS "size", "price"::text AS "price", to_char("at" AT TIME ZONE');
    expect(text).toMatch(/FROM khipu\."notes" WHERE tenant_id = \$1 AND "at" IS NOT NULL AND "note_id" = \$2$/);
    expect(await getRow(recorded([]).run, reads, 'demo', 'n2')).toBeUndefined();
  });

  it('go on after the last row of a page', async () => {
    const first = await listRows(recorded([rowAt(3), rowAt(2)]).run, reads, 'demo', { limit: 1, cursor: null });
    expect(first.items).toEqual([rowAt(3)]);
    const { run, asked } = recorded([rowAt(2)]);
    const second = await listRows(run, reads, 'demo', { limit: 1, cursor: first.nextCursor });
    expect(second).toEqual({ items: [rowAt(2)], nextCursor: null });
    expect(asked[0]?.[1]).toEqual(['demo', new Date('2026-01-03'), 'n3', 2]);
    await expect(listRows(run, reads, 'demo', { limit: 1, cursor: 'none' })).rejects.toThrow(CursorError);
  });

  it('are refused for a table with another key, or without a time to sort by', () => {
    const daily = foldTable('daily', {
      tenant_id: key('text'),
      day: key('date'),
      model: key('text'),
      at: max('timestamptz'),
    });
    expect(() => readsOf(daily, 'at')).toThrow('daily must have the key tenant_id and one column more');
    expect(() => readsOf(notes, 'text')).toThrow('notes.text must be timestamptz');
  });
});
