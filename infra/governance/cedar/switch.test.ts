import { describe, expect, it, vi } from 'vitest';
import type { VerifiedConstitution } from '../../../schemas/contexts/constitution/document.ts';
import { defaultConstitution } from '../constitution/default.ts';
import { compileConditions } from './conditions.ts';
import { createCedarEngine } from './engine.ts';
import { ruleRequest } from './testing.ts';

const constitution: VerifiedConstitution = {
  status: 'verified',
  version: 'x',
  digest: 'switch',
  document: {
    ...defaultConstitution,
    policies: [
      { id: 'all', text: 'permit (principal, action, resource);' },
      { id: 'guides', text: 'forbid (principal, action, resource) when { context.persona == "guide" };' },
      { id: 'sums', text: 'forbid (principal, action, resource) when { context.prompt_chars + 1 > 100 };' },
      { id: 'fails', text: 'forbid (principal in Tenant::"x", action, resource) when { context.nothing == 1 };' },
    ],
  },
};
const engineWith = (ownConditions: boolean) => {
  const compile = vi.fn(compileConditions);
  return { compile, engine: createCedarEngine({ trusted: new Map(), ownConditions, compile }) };
};

describe('the switch of our own conditions', () => {
  it('does not change a verdict', () => {
    const [on, off] = [engineWith(true).engine, engineWith(false).engine];
    for (const [persona, verdict] of [
      ['guide', { outcome: 'forbid', clauses: ['guides'] }],
      ['teacher', { outcome: 'permit', clauses: ['all'] }],
    ] as const)
      for (const { rule } of [on, off, on]) expect(rule(constitution, ruleRequest({ persona }))).toEqual(verdict);
  });

  it('when on, compiles each policy once', () => {
    const { engine, compile } = engineWith(true);
    for (const persona of ['guide', 'teacher']) engine.rule(constitution, ruleRequest({ persona }));
    expect(compile).toHaveBeenCalledTimes(4);
  });

  it('when off, calls no evaluator but Cedar', () => {
    const { engine, compile } = engineWith(false);
    for (const persona of ['guide', 'teacher']) engine.rule(constitution, ruleRequest({ persona }));
    expect(compile).not.toHaveBeenCalled();
    const forbidding = createCedarEngine({ trusted: new Map(), ownConditions: false, compile: () => () => true });
    expect(forbidding.rule(constitution, ruleRequest({ persona: 'teacher' }))).toEqual({
      outcome: 'permit',
      clauses: ['all'],
    });
  });
});
