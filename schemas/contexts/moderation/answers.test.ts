import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModerationRule } from '../constitution/document.ts';
import { classifiedRules, partEnd, partVerdict } from './answers.ts';

const rule = (id: string, severity: ModerationRule['severity'], score_min?: number): ModerationRule => ({
  ...{ id, category: id, code: `MODERATION_${id}`, severity, applies_to: ['output'] },
  ...(score_min !== undefined && { score_min }),
});
const rules = [rule('violence', 'forbid', 0.8), rule('insult', 'redact'), rule('sarcasm', 'caution', 0.2)];
const scores = (of: Readonly<Record<string, number>>) =>
  Object.entries(of).map(([category, score]) => ({ category, score }));

describe('a part of an answer', () => {
  it.each([
    [{ violence: 0.8, insult: 0.9, sarcasm: 0.9 }, 'block', ['forbid', 'redact', 'caution']],
    [{ violence: 0.79, insult: 0.5 }, 'redact', ['redact']],
    [{ sarcasm: 0.2 }, 'show', ['caution']],
    [{ other: 1 }, 'show', []],
  ])('with the scores %o is decided by its rules: %s', (of, action, outcomes) => {
    const verdict = partVerdict(rules, scores(of));
    expect([verdict.action, verdict.findings.map(({ outcome }) => outcome)]).toEqual([action, outcomes]);
    expect(partVerdict(rules, scores(of))).toEqual(verdict);
  });

  it('is of the rules with a category that apply to outputs', () => {
    const other = { ...rule('a', 'forbid'), applies_to: ['input'] as const };
    const pattern: ModerationRule = { id: 'p', pattern: 'x', code: 'P', severity: 'forbid', applies_to: ['output'] };
    expect(classifiedRules({ moderation: [...rules, other, pattern] })).toEqual(rules);
  });

  it('ends behind a sentence or a line, and at the latest after 1,000 characters', () => {
    const sentence = `${'knots '.repeat(40)}end. `;
    expect(partEnd(`${sentence}more`)).toBe(sentence.length);
    expect(partEnd('Short. And short.\n')).toBeNull();
    expect(partEnd('x'.repeat(1_000))).toBeNull();
    expect(partEnd('x'.repeat(1_001))).toBe(1_000);
    expect(partEnd('knot '.repeat(300))).toBe(1_000);
    expect(partEnd(`x${'𝄞'.repeat(600)}`)).toBe(999);
  });

  it('loses and repeats nothing, for any text that comes in any pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '. ', '\n', '𝄞'), maxLength: 600 })),
        (pieces) => {
          let [pending, all] = ['', ''];
          for (const piece of pieces) {
            pending += piece;
            for (let end = partEnd(pending); end !== null; end = partEnd(pending)) {
              expect(end > 0 && end <= 1_000).toBe(true);
              all += pending.slice(0, end);
              pending = pending.slice(end);
            }
          }
          expect(all + pending).toBe(pieces.join(''));
        },
      ),
    );
  });
});
