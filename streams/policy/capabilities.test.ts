import { describe, expect, it } from 'vitest';
import { covers } from '../../schemas/capabilities.ts';
import { fitOf } from './capabilities.ts';

describe('a capability', () => {
  it.each([
    ['slm:invoke:small', 'slm:invoke:small'],
    ['slm:invoke:*', 'slm:invoke:small'],
    ['slm:invoke:*', 'slm:invoke:llama-3:8b'],
    ['slm:*', 'slm:invoke:small'],
    ['*', 'slm:invoke:small'],
  ])('%s covers %s', (granted, needed) => {
    expect(covers(granted, needed)).toBe(true);
  });

  it.each([
    ['slm:invoke:small', 'slm:invoke:smaller'],
    ['slm:invoke:small', 'slm:invoke:*'],
    ['slm:invoke:*', 'slm:invoke'],
    ['slm:invoke:*', 'slm:invoke:'],
    ['slm:invoke:*', 'slm:embed:small'],
    ['slm:inv*', 'slm:invoke:small'],
    ['slm:*:small', 'slm:invoke:small'],
    ['', 'slm:invoke:small'],
    ['*', ''],
  ])('%s does not cover %s', (granted, needed) => {
    expect(covers(granted, needed)).toBe(false);
  });

  it('fits exactly, by a wildcard, or not', () => {
    expect(fitOf(['slm:*', 'slm:invoke:a'], 'slm:invoke:a')).toBe('exact');
    expect(fitOf(['slm:*'], 'slm:invoke:a')).toBe('wildcard');
    expect(fitOf([], 'slm:invoke:a')).toBe('missing');
  });
});
