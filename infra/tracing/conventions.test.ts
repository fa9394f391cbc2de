import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attributes } from './conventions.ts';

it('every attribute has a row in the reference, and every row an attribute', () => {
  const page = readFileSync(new URL('../../docs/reference/traces.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split('## Attributes');
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.toSorted()).toEqual(Object.values(attributes).toSorted());
});
