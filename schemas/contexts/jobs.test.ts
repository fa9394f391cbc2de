import { describe, expect, it } from 'vitest';
import { textIn } from './jobs.ts';

describe('the text of an input', () => {
  it.each([
    ['"gold"', 'gold'],
    ['{"a": ["x", {"b": "y"}], "n": 1, "none": null}', 'a\nx\nb\ny\nn\nnone'],
    ['"g\\u006fld\\nfor all"', 'gold\nfor all'],
    ['42', '42'],
    ['{}', '{}'],
    ['" "', '" "'],
    ['not JSON', 'not JSON'],
  ])('of %s is %j', (json, text) => {
    expect(textIn(json)).toBe(text);
  });

  it('is the same on any stack, however deep it nests', () => {
    const deep = `${'['.repeat(200_000)}"gold"${']'.repeat(200_000)}`;
    expect(textIn(deep)).toContain('gold');
    expect(textIn(deep)).toBe('gold');
  });
});
