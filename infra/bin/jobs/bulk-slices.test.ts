import { expect, test } from 'vitest';
import { JOB_BULK_BYTES_MAX, JOB_BULK_MAX } from '../../../schemas/contexts/jobs.ts';
import { slicesOf } from './bulk-slices.ts';

const sizes = (ndjson: string) => [...slicesOf(ndjson)].map(({ length }) => length);

test('lines are items, and empty lines are none', () => {
  expect([...slicesOf('{"input": 1}\n\n  {"input": 2, "tags": ["a"]}\n')]).toEqual([
    [{ input: 1 }, { input: 2, tags: ['a'] }],
  ]);
  expect(sizes('')).toEqual([]);
});

test('a slice has at most 10,000 items and fits into one request', () => {
  expect(sizes('{}\n'.repeat(JOB_BULK_MAX + 1))).toEqual([JOB_BULK_MAX, 1]);
  const large = `${JSON.stringify({ input: 'x'.repeat(60_000) })}\n`;
  const slices = [...slicesOf(large.repeat(200))];
  expect(slices.length).toBe(2);
  for (const items of slices) expect(JSON.stringify({ items }).length).toBeLessThan(JOB_BULK_BYTES_MAX);
});

test.each(['{"input": 1}\nno JSON', '{}\n[]', '{}\nnull'])('a line that is no object is named: %j', (ndjson) => {
  expect(() => sizes(ndjson)).toThrow('line 2 is no JSON object');
});
