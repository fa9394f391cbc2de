import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from './differences.ts';

const document = {
  version: '1.0.0',
  threshold: 0.5,
  policies: [
    { id: 'allow-all', text: 'permit(principal, action, resource);' },
    { id: 'no-night', text: 'forbid(principal, action, resource);' },
  ],
  personas: ['guide', 'teacher'],
  limits: { prompt_chars_max: 100 },
};

describe('the differences of two documents', () => {
  it('are none between equal ones, and between the same named items in another order', () => {
    expect(differences(document, structuredClone(document))).toEqual([]);
    expect(differences(document, { ...document, policies: document.policies.toReversed() })).toEqual([]);
  });

  it('name what was added, removed and replaced, each with its value', () => {
    const [first] = document.policies;
    const after = {
      ...document,
      threshold: 0.7,
      policies: [first, { id: 'a/b', text: 'x' }],
      personas: ['guide'],
      limits: { prompt_chars_max: 200 },
    };
    expect(differences(document, after)).toEqual([
      { op: 'replace', path: '/limits/prompt_chars_max', before: 100, after: 200 },
      { op: 'remove', path: '/personas/1', before: 'teacher', after: null },
      { op: 'add', path: '/policies/a~1b', before: null, after: { id: 'a/b', text: 'x' } },
      { op: 'remove', path: '/policies/no-night', before: document.policies[1], after: null },
      { op: 'replace', path: '/threshold', before: 0.5, after: 0.7 },
    ]);
  });

  it('are none exactly when the documents are equal, for JSON without named items', () => {
    const key = fc.stringMatching(/^[a-h]{1,3}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(fc.string(), fc.array(fc.integer()), fc.boolean())), (value) => {
        expect(differences(value, structuredClone(value))).toEqual([]);
        expect(differences(value, { ...value, zz: 1 })).toMatchObject([{ op: 'add', path: '/zz', after: 1 }]);
      }),
    );
  });
});
