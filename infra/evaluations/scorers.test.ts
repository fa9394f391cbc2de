import { describe, expect, it } from 'vitest';
import { hashingEmbedder } from '../../schemas/contexts/memory/vectors.ts';
import { schemaProblemsOf } from '../tools/manifest/schema-problems.ts';
import { type GoldenCase, goldenDocument, scorer } from './golden-set.ts';
import { type Answered, lastNumber, passes, scoreOf, verdictOf } from './scorers.ts';

const parts = { problemsOf: schemaProblemsOf(), embedder: hashingEmbedder, judged: null };
const answer = (text: string, over: Partial<Answered> = {}): Answered => ({
  ...{ text, code: null, tools: [], tokens: 20, cost: 0.5, latencyMs: 120, model: 'm' },
  ...over,
});
const score = (of: object, expected: GoldenCase['expect'], given: Answered, judged: boolean | null = null) =>
  scoreOf(scorer.parse(of), { expect: expected }, given, { ...parts, judged });

describe('a scorer', () => {
  it.each<[object, GoldenCase['expect'], string, number | null]>([
    [{ kind: 'exact' }, { text: 'Nine' }, ' Nine\n', 1],
    [{ kind: 'exact' }, { text: 'Nine' }, 'nine', 0],
    [{ kind: 'exact', ignore_case: true }, { text: 'Nine' }, 'nine', 1],
    [{ kind: 'exact' }, {}, 'nine', null],
    [{ kind: 'regex' }, { pattern: 'from \\d{1,2} to \\d{1,2}' }, 'Open FROM 9 to 17.', 1],
    [{ kind: 'regex' }, { pattern: 'from \\d{1,2}' }, 'never', 0],
    [{ kind: 'json_schema' }, { schema: { type: 'object', required: ['a'] } }, '{"a":1}', 1],
    [{ kind: 'json_schema' }, { schema: { type: 'object', required: ['a'] } }, '{"b":1}', 0],
    [{ kind: 'json_schema' }, { schema: { type: 'object' } }, 'no JSON', 0],
    [{ kind: 'numeric', tolerance: 0.5 }, { number: 1_234 }, 'It costs 1,234.4 in all', 1],
    [{ kind: 'numeric', tolerance: 0.01, relative: true }, { number: 200 }, 'about 203', 0],
    [{ kind: 'numeric', tolerance: 0.02, relative: true }, { number: 200 }, 'about 203', 1],
    [{ kind: 'numeric' }, { number: 2 }, 'none', 0],
    [{ kind: 'cost' }, {}, 'x', 0.5],
    [{ kind: 'latency' }, {}, 'x', 120],
  ])('%j with %j says of %j: %j', (of, expected, text, value) => {
    expect(score(of, expected, answer(text))).toBe(value);
  });

  it('by cosine is 1 for the same text, and less for another', () => {
    const same = score({ kind: 'cosine' }, { text: 'the office opens at nine' }, answer('the office opens at nine'));
    const near = score({ kind: 'cosine' }, { text: 'the office opens at nine' }, answer('the office opens at ten'));
    const far = score({ kind: 'cosine' }, { text: 'the office opens at nine' }, answer('llamas eat grass'));
    expect(same).toBeCloseTo(1, 6);
    expect(near).toBeGreaterThan(far as number);
  });

  it('fails a failure, has no amount of it, and knows a refusal', () => {
    const failed = answer('', { code: 'SLM_UNAVAILABLE' });
    expect(score({ kind: 'exact' }, { text: 'a' }, failed)).toBe(0);
    expect(score({ kind: 'cosine' }, { text: 'a' }, failed)).toBe(0);
    expect(score({ kind: 'cost' }, {}, failed)).toBeNull();
    expect(score({ kind: 'verdict' }, { verdict: 'deny' }, failed)).toBe(0);
    expect(score({ kind: 'verdict' }, { verdict: 'deny' }, answer('', { code: 'OUTPUT_REFUSED' }))).toBe(1);
    expect(score({ kind: 'verdict' }, { code: 'KILL_SWITCH' }, answer('', { code: 'POLICY_DENIED' }))).toBe(0);
    expect([verdictOf(null), verdictOf('POLICY_DENIED'), verdictOf('SLM_FAILED')]).toEqual(['allow', 'deny', null]);
  });

  it('passes a case in most of its repeats; half is not most', () => {
    const exact = scorer.parse({ kind: 'exact' });
    expect([passes(exact, [1, 1, 0]), passes(exact, [1, 0]), passes(exact, [null])]).toEqual([true, false, null]);
    expect(passes(scorer.parse({ kind: 'cosine', least: 0.5 }), [0.6, 0.7, 0.1])).toBe(true);
    expect(passes(scorer.parse({ kind: 'cost' }), [1])).toBeNull();
  });
});

it('the last number of a text is read with its thousands, its fraction and its exponent', () => {
  expect(['1,234.5 and 7', '-3', '2e3', 'none', '1.2.3'].map(lastNumber)).toEqual([7, -3, 2_000, null, null]);
});

describe('a document', () => {
  const document = { persona: 'guide', scorers: [{ kind: 'exact' }], cases: [{ case_id: 'a', prompt: 'p' }] };
  const isValid = (over: object) => goldenDocument.safeParse({ ...document, ...over }).success;

  it('has each case and each scorer once, patterns in linear time, and nothing that is not known', () => {
    expect(isValid({})).toBe(true);
    expect(isValid({ cases: [...document.cases, ...document.cases] })).toBe(false);
    expect(isValid({ scorers: [{ kind: 'exact' }, { kind: 'exact' }] })).toBe(false);
    expect(isValid({ scorers: [{ kind: 'exact' }, { kind: 'exact', name: 'again', ignore_case: true }] })).toBe(true);
    expect(isValid({ cases: [{ case_id: 'a', prompt: 'p', expect: { pattern: '(a' } }] })).toBe(false);
    expect(isValid({ unknown: 1 })).toBe(false);
  });
});
