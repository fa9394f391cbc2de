import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluated, filled, uriOf } from './evaluate.ts';
import { Jq } from './jq.ts';

const jq = new Jq();
afterAll(() => jq.close());

describe('an expression', () => {
  it('has one value, with its variables, and may have a comment', () => {
    expect(jq.evaluate('.a + $n # sum', { a: 1 }, { n: 2 })).toBe(3);
    expect(() => jq.evaluate('.[]', [1, 2])).toThrow('2 values');
    expect(() => jq.evaluate('empty', null)).toThrow('0 values');
  });

  it.each([
    'now',
    'input',
    'env',
    '$ENV.PATH | tonumber',
    'debug',
    'halt',
    '"x" | halt_error',
    'input_filename',
    'localtime',
  ])('%s is not there: a run must find the same again', (text) => {
    expect(() => jq.evaluate(text, 1)).toThrow(expect.objectContaining({ code: 'EXPRESSION_FAILED' }));
  });

  it('is ended when it takes too long, and the next one is evaluated', () => {
    const short = new Jq({ timeoutMs: 1_500 });
    expect(() => short.evaluate('def f: f; f', null)).toThrow(expect.objectContaining({ code: 'EXPRESSION_TIMEOUT' }));
    short.close();
    expect(jq.evaluate('. + 1', 1)).toBe(2);
  });

  it('is ended when it takes too much memory, and the next one is evaluated', () => {
    const small = new Jq({ timeoutMs: 20_000, memoryBytesMax: 32 * 1024 * 1024 });
    const text = '[range(3000000)] | length';
    expect(() => small.evaluate(text, null)).toThrow(expect.objectContaining({ code: 'EXPRESSION_MEMORY' }));
    expect(small.evaluate('. + 1', 1)).toBe(2);
    small.close();
  });

  it('takes at most 128 KiB and gives at most 32 KiB', () => {
    const large = 'x'.repeat(128 * 1024);
    for (const [text, data] of [['.', large] as const, ['[range(14000)]', null] as const])
      expect(() => jq.evaluate(text, data)).toThrow(expect.objectContaining({ code: 'EXPRESSION_TOO_LARGE' }));
  });

  it('that does not compile is found without data', () => {
    expect(jq.problemOf('.a +', [])).toContain('syntax error');
    expect(jq.problemOf('$x', [])).toContain('$x is not defined');
    expect(jq.problemOf('$x.a | error', ['x'])).toBeNull();
  });
});

describe('a path', () => {
  it('has the value that jq gives it', () => {
    const name = fc.constantFrom('a', 'b');
    const path = fc
      .tuple(fc.constantFrom('.', '$v'), fc.array(name, { maxLength: 3 }))
      .map(([root, names]) => (root === '.' ? `.${names.join('.')}` : [root, ...names].join('.')));
    const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, 1, 'text', true),
        fc.dictionary(name, tie('value'), { maxKeys: 2 }),
        fc.array(tie('value'), { maxLength: 1 }),
      ),
    }));
    const resultOf = (get: () => unknown): unknown => {
      try {
        return { value: get() };
      } catch {
        return 'an error';
      }
    };
    fc.assert(
      fc.property(path, values, values, (text, data, v) => {
        const direct = resultOf(() => evaluated(jq, text, data, { v }));
        expect(direct).toEqual(resultOf(() => jq.evaluate(text, data, { v })));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a value of a document', () => {
  it('has its expressions evaluated, and its other texts as they are', () => {
    const value = { a: '${ .n }', b: ['text', '${ $v + 1 }'], c: 'n', d: null };
    expect(filled(jq, value, { n: 1 }, { v: 2 })).toEqual({ a: 1, b: ['text', 3], c: 'n', d: null });
  });

  it('has the members of a URI, escaped', () => {
    expect(uriOf(jq, 'https://a.test/{a}/{b.c}?x={none}', { a: 'x/y', b: { c: 2 } }, {})).toBe(
      'https://a.test/x%2Fy/2?x=',
    );
  });
});
