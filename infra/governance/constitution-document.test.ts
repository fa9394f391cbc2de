import { describe, expect, it } from 'vitest';
import { parseConstitution } from './constitution-document.ts';
import { defaultConstitution } from './default-constitution.ts';
import { GovernanceError } from './errors.ts';

const valid = (changes: object = {}): unknown => ({ ...structuredClone(defaultConstitution), ...changes });
const [feature, ...otherFeatures] = defaultConstitution.features;
const [rule] = defaultConstitution.moderation;

describe('a constitution document', () => {
  it('is taken as it is when it is valid', () => {
    expect(parseConstitution(valid())).toEqual(defaultConstitution);
  });

  it.each([
    ['weights that do not sum to 1', { features: [{ ...feature, weight: 0.36 }, ...otherFeatures] }, 'sum to 1'],
    ['a feature weighed twice', { features: [feature, feature] }, 'weighed twice'],
    ['a feature that no evaluator knows', { features: [{ name: 'luck', weight: 1 }] }, 'features[0].name'],
    ['a careless pattern', { moderation: [{ ...rule, pattern: '(a+)+$' }] }, 'pattern not allowed'],
    ['two rules of one id', { moderation: [rule, rule] }, 'two moderation rules'],
    ['an unknown field', { mercy: true }, 'mercy'],
    ['a threshold out of range', { threshold: 1.1 }, 'threshold'],
    ['no tests', { tests: [] }, 'tests'],
    ['tests that are all allowed', { tests: defaultConstitution.tests.slice(0, 3) }, 'one that is denied'],
    ['a version that is no id', { version: '1 0' }, 'version'],
    ['Cedar that does not parse', { policies: [{ id: 'x', text: 'permit (principal' }] }, 'parse'],
    [
      'a rule over what requests do not have',
      { policies: [{ id: 'x', text: 'permit (principal, action, resource) when { context.mood == "good" };' }] },
      'policy x',
    ],
    [
      'a rule over an action that is none',
      { policies: [{ id: 'x', text: 'permit (principal, action == Action::"Fly", resource);' }] },
      'policy x',
    ],
  ])('is refused for %s', (_, changes, message) => {
    expect(() => parseConstitution(valid(changes))).toThrow(GovernanceError);
    expect(() => parseConstitution(valid(changes))).toThrow(message);
  });

  it.each([null, undefined, 'text', [], {}])('is refused when it is %j', (value) => {
    expect(() => parseConstitution(value)).toThrow(expect.objectContaining({ code: 'CONSTITUTION_INVALID' }));
  });
});
