import { describe, expect, it } from 'vitest';
import { overBudget, sizesOf } from './size-budget.ts';

/** Text that does not compress: every character differs from what a repeat would give. */
const noise = (length: number): string =>
  Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * index * 31 + index * 17) % 89))).join('');

describe('the size of the console', () => {
  it('counts gzipped bytes, the largest file first', () => {
    const sizes = sizesOf([
      { name: 'small.css', content: 'a{}' },
      { name: 'large.js', content: noise(4_000) },
    ]);
    expect(sizes.map(({ name }) => name)).toEqual(['large.js', 'small.css']);
    expect(sizes[0]?.bytes).toBeLessThan(4_000);
  });

  it('fits at its limit, and fails one byte above it', () => {
    const sizes = [
      { name: 'a.js', bytes: 100 },
      { name: 'b.css', bytes: 50 },
    ];
    expect(overBudget(sizes, 150)).toBeNull();
    expect(overBudget(sizes, 149)).toMatch(/150 gzipped bytes, 1 more than allowed.*a\.js 100, b\.css 50/);
  });
});
