import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultModeration } from './default-moderation.ts';
import { patternProblem } from './safe-pattern.ts';

describe('a pattern of a constitution', () => {
  it.each([
    'pipe bombs?',
    '\\b(?:make|build)\\b[^.!?]{0,24}\\bbombs?\\b',
    '[A-Za-z0-9+/=]{64}',
    '(?:a|(?:b|c)?)d',
    'c\\+\\+ \\(old\\)',
    '^ñ.\\d{2,4}$',
    '[\\w\\-]{1,8}@',
  ])('may be %s', (pattern) => {
    expect(patternProblem(pattern)).toBeNull();
  });

  it.each([
    // Exponential or polynomial time in a backtracking engine.
    '(a+)+$',
    '(?:a|a)*b',
    'a*a*a*b',
    '.*x',
    'a{2,}',
    '(?:ab){2,9}',
    '(?:a?){9}',
    'a{1,65}',
    'a{9,2}',
    'a??',
    'a{1,2}?',
    'a{2}{3}',
    '(?:ab)??c',
    // Not needed, and hard to judge.
    '(captured)',
    '(?=ahead)a',
    '(?<!behind)a',
    '(?<name>a)',
    '\\1a',
    '\\p{L}',
    '\\u0041',
    // Syntax errors.
    '(?:a',
    'a)',
    '[a',
    'a{',
    '\\',
    '?',
    // Matches everywhere.
    'a?',
    'x|',
    '\\b|$',
  ])('may not be %s', (pattern) => {
    expect(patternProblem(pattern)).not.toBeNull();
  });

  it('may not branch into too many paths', () => {
    expect(patternProblem('a{0,63}b{0,63}d')).toBeNull();
    expect(patternProblem('a{0,63}b{0,63}c?d')).toContain('8192 paths');
    expect(patternProblem('(?:a|b|c)'.repeat(700))).toContain('paths');
  });

  it('is judged without an exception for any text, and compiles when it is allowed', () => {
    const pieces = fc.constantFrom(
      'a',
      'b?',
      '[xy]',
      '{1,3}',
      '(?:',
      ')',
      '|',
      '*',
      '+',
      '\\b',
      '\\d',
      '^',
      '.',
      '[',
      ']',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
        (pattern) => {
          if (patternProblem(pattern) === null) expect(() => new RegExp(pattern, 'iu')).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('takes time linear in the text, even on adversarial text', () => {
    const expressions = defaultModeration.flatMap(({ pattern = '' }) =>
      pattern === '' ? [] : [new RegExp(pattern, 'iu')],
    );
    const timeOf = (text: string): number => {
      const start = performance.now();
      for (const expression of expressions) expression.test(text);
      return performance.now() - start;
    };
    for (const word of ['make ', 'dump all ', 'how to ', 'ignore all of the previous ']) {
      timeOf(word.repeat(1_000));
      // 64,000 characters: a pattern of quadratic time would take seconds.
      expect(timeOf(word.repeat(64_000 / word.length))).toBeLessThan(500);
    }
  });
});
