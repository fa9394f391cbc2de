import { describe, expect, it } from 'vitest';
import { isCurrent, returnTo } from './urls.ts';

describe('the page after a sign-in', () => {
  it('is the one that was asked for', () => {
    expect(returnTo('/console/sessions/a')).toBe('/console/sessions/a');
  });

  it.each(['/console/sign-in', '/console/api/session', '//evil.example', '/docs', '/console', ''])(
    'is the first one instead of %j',
    (path) => {
      expect(returnTo(path)).toBe('/console/');
    },
  );
});

describe('the current page', () => {
  it('is the one of the path, or above it', () => {
    expect(isCurrent('/console/sessions/a', '/console/sessions')).toBe(true);
    expect(isCurrent('/console/sessions', '/console/sessions')).toBe(true);
    expect(isCurrent('/console/sessions-old', '/console/sessions')).toBe(false);
  });

  it('is the first one only at its own address', () => {
    expect([isCurrent('/console', '/console/'), isCurrent('/console/sessions', '/console/')]).toEqual([true, false]);
  });
});
