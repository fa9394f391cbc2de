import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './answer.ts';

const read = (body: unknown) => readAnswer(JSON.stringify(body));

describe('a decision', () => {
  it.each([
    [{ result: true }, 'allow', []],
    [{ result: false }, 'deny', []],
    [{ result: { allow: true } }, 'allow', []],
    [{ result: { allow: true, reasons: ['but look'] } }, 'allow', ['but look']],
    [{ result: { allow: false, reasons: ['a', 'b'], obligations: [1] }, metrics: {} }, 'deny', ['a', 'b']],
  ])('%j is read', (body, outcome, reasons) => {
    expect(read(body)).toEqual({ outcome, reasons, engineDecisionId: null, detail: '' });
  });

  it('that is undefined denies, with a detail', () => {
    expect(read({})).toMatchObject({ outcome: 'deny', detail: 'no rule answers at this path' });
    expect(read({ decision_id: 'd' })).toMatchObject({ outcome: 'deny', engineDecisionId: 'd' });
  });

  it('has a bounded number of bounded reasons, all of them valid text', () => {
    const many = Array.from({ length: 20 }, () => '🪢'.repeat(150));
    const { reasons } = read({ result: { allow: false, reasons: ['a\0b\ud800', ...many] } });
    expect(reasons).toHaveLength(16);
    expect(reasons[0]).toBe('a b\ufffd');
    for (const reason of reasons) expect(reason.length <= 200 && reason.isWellFormed()).toBe(true);
  });

  it.each([
    'null',
    '[]',
    '1',
    '{"result":null}',
    '{"result":[true]}',
    '{"result":{}}',
    '{"decision_id":7,"result":true}',
  ])('is not %s', (body) => {
    expect(readAnswer(body)).toMatchObject({ outcome: 'invalid', detail: expect.stringContaining('neither') });
  });

  it('never allows by accident', () => {
    const says = (json: unknown) => json === true || (json as { allow?: unknown } | null)?.allow === true;
    fc.assert(
      fc.property(fc.jsonValue(), (result) => {
        if (read({ result }).outcome === 'allow') expect(says(result)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (body) => {
        expect(readAnswer(body).outcome).not.toBe('allow');
      }),
    );
  });
});
