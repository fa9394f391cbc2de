import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { defaultConstitution } from './default.ts';
import { parseConstitution } from './document.ts';
import { GovernanceError } from './errors.ts';

const valid = (changes: object = {}): unknown => ({ ...structuredClone(defaultConstitution), ...changes });
const [feature, ...otherFeatures] = defaultConstitution.features;
const [rule] = defaultConstitution.moderation;
const [label] = defaultConstitution.labels ?? [];
const scored = { id: 'scored', detector: 'prompt-injection', code: 'SCORED', severity: 'forbid' };
const asking = { id: 'asking', category: 'violence', code: 'ASKING', severity: 'forbid' };
const redacting = { ...asking, severity: 'redact', applies_to: ['output'] };
const step = { labels: ['personal_data'] };
const sequence = { id: 'leaves', code: 'PERSONAL_DATA_LEAVES', steps: [step, { models_except: ['default'] }] };

describe('a constitution document', () => {
  it('is returned unchanged when it is valid', () => {
    expect(parseConstitution(valid())).toEqual(defaultConstitution);
  });

  it.each([
    ['weights that do not sum to 1', { features: [{ ...feature, weight: 0.36 }, ...otherFeatures] }, 'sum to 1'],
    ['a feature weighed twice', { features: [feature, feature] }, 'weighed twice'],
    ['an unknown feature', { features: [{ name: 'luck', weight: 1 }] }, 'features[0].name'],
    ['a careless pattern', { moderation: [{ ...rule, pattern: '(a+)+$' }] }, 'pattern not allowed'],
    ['a score of a whole answer', { moderation: [{ ...scored, applies_to: ['output'] }] }, 'as they flow'],
    ['a category of tools', { moderation: [{ ...asking, applies_to: ['tool'] }] }, 'inputs and answers only'],
    ['a redaction of an input', { moderation: [{ ...asking, severity: 'redact' }] }, 'output alone'],
    ['a redaction of both', { moderation: [{ ...redacting, applies_to: ['input', 'output'] }] }, 'output alone'],
    [
      'a redaction of a pattern',
      { moderation: [{ ...rule, severity: 'redact', applies_to: ['output'] }] },
      'output alone',
    ],
    ['two rules with one id', { moderation: [rule, rule] }, 'two moderation rules'],
    ['a careless label', { labels: [{ ...label, pattern: '(a|a)*' }] }, 'pattern not allowed'],
    ['a label of another form', { labels: [{ ...label, label: 'Personal data' }] }, 'labels[0].label'],
    ['two labels with one id', { labels: [label, label] }, 'two label rules'],
    ['a sequence of one step', { sequences: [{ ...sequence, steps: [step] }] }, 'sequences[0].steps'],
    ['a sequence of nine steps', { sequences: [{ ...sequence, steps: Array(9).fill(step) }] }, 'sequences[0].steps'],
    ['a step without conditions', { sequences: [{ ...sequence, steps: [step, {}] }] }, 'a step without conditions'],
    ['a step for an unknown action', { sequences: [{ ...sequence, steps: [step, { actions: ['Fly'] }] }] }, 'actions'],
    ['two sequences with one id', { sequences: [sequence, sequence] }, 'two sequences'],
    ['an unknown field', { mercy: true }, 'mercy'],
    ['a threshold out of range', { threshold: 1.1 }, 'threshold'],
    ['no tests', { tests: [] }, 'tests'],
    ['tests that are all allowed', { tests: defaultConstitution.tests.slice(0, 3) }, 'one that is denied'],
    ['a version that is not an id', { version: '1 0' }, 'version'],
    ['Cedar that does not parse', { policies: [{ id: 'x', text: 'permit (principal' }] }, 'parse'],
    [
      'a rule over an unknown attribute',
      { policies: [{ id: 'x', text: 'permit (principal, action, resource) when { context.mood == "good" };' }] },
      'policy x',
    ],
    [
      'a rule over an unknown action',
      { policies: [{ id: 'x', text: 'permit (principal, action == Action::"Fly", resource);' }] },
      'policy x',
    ],
  ])('is rejected for %s', (_, changes, message) => {
    expect(() => parseConstitution(valid(changes))).toThrow(GovernanceError);
    expect(() => parseConstitution(valid(changes))).toThrow(message);
  });

  it('may have rules that ask the classifier about answers', () => {
    expect(() => parseConstitution(valid({ moderation: [redacting] }))).not.toThrow();
  });

  it('may have sequences, labels, and tests with earlier requests', () => {
    const test = {
      name: 'it leaves',
      before: [{ type: 'StartSession', labels: ['personal_data'] }],
      command: { type: 'InferText', model: 'large' },
      expect: { outcome: 'deny', reason: 'PERSONAL_DATA_LEAVES' },
    };
    const document = valid({ sequences: [sequence], tests: [...defaultConstitution.tests, test] });
    expect(parseConstitution(document)).toEqual(document);
  });

  it('without labels and sequences is parsed without these fields', () => {
    const { labels: _, ...older } = defaultConstitution;
    expect(canonicalJson(parseConstitution(older))).toEqual(canonicalJson(older));
  });

  it.each([null, undefined, 'text', [], {}])('is rejected when it is %j', (value) => {
    expect(() => parseConstitution(value)).toThrow(expect.objectContaining({ code: 'CONSTITUTION_INVALID' }));
  });
});
