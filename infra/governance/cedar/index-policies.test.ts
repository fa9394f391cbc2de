import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CedarPolicy, VerifiedConstitution } from '../../../schemas/contexts/constitution/document.ts';
import type { RuleRequest, RuleVerdict } from '../../../schemas/contexts/constitution/rules.ts';
import { governedActions } from '../../../schemas/governed.ts';
import { defaultConstitution } from '../constitution/default.ts';
import { createCedarEngine } from './engine.ts';
import { indexPolicies } from './index-policies.ts';

const { rule } = createCedarEngine({ trusted: new Map(), ownConditions: true });

const names = ['a', 'b', '', '"quoted"', 'ü'] as const;
const name = fc.constantFrom(...names);
const quoted = (id: string): string => JSON.stringify(id);
const principal = fc.oneof(
  fc.constantFrom('principal', 'principal is Principal', 'principal is Tenant'),
  name.chain((id) =>
    fc.constantFrom(
      ...[`principal == Principal::${quoted(id)}`, `principal in Tenant::${quoted(id)}`],
      ...[`principal in Principal::${quoted(id)}`, `principal is Principal in Tenant::${quoted(id)}`],
    ),
  ),
);
const actions = fc.subarray([...governedActions], { minLength: 1 });
const action = fc.oneof(
  fc.constant('action'),
  fc.constantFrom(...governedActions).map((each) => `action == Action::"${each}"`),
  actions.map((all) => `action in [${all.map((each) => `Action::"${each}"`).join(', ')}]`),
);
const resource = fc.oneof(
  fc.constantFrom('resource', 'resource is Model'),
  name.map((id) => `resource == Model::${quoted(id)}`),
  name.map((id) => `resource in Model::${quoted(id)}`),
);
const condition = fc.constantFrom(
  '',
  ' when { context.prompt_chars > 10 }',
  ' when { context.persona == "guide" }',
  ' when { context.persona != "guide" || !(context.prompt_chars <= 5) }',
  ' when { if context.max_tokens == 3 then context.persona == "guide" else principal == Principal::"a" }',
  ' when { context.capabilities.containsAll(["x", "y"]) || context.capabilities.containsAny(["y"]) }',
  ' unless { ["a", "b"].contains(context.tenant) && action == Action::"SubmitTurn" }',
  ' when { principal in [Tenant::"a", Tenant::"b"] }',
  ' when { resource in Model::"a" && principal in Principal::"b" }',
  ' when { context.labels.contains("personal_data") }',
  ' when { context.session_labels.containsAny(["personal_data", "secret"]) && context.labels.containsAll(["secret"]) }',
  ' when { context.session_labels == ["secret"] }',
  ' when { context.capabilities == ["x"] }',
  ' when { context.persona like "g*" }',
  ' when { context has persona && context.persona == "teacher" }',
  ' when { context.prompt_chars + 9223372036854775800 > 1 }',
  ' when { context.prompt_chars * 2 > context.max_tokens && "x" == context.persona || true }',
  ' when { context.prompt_chars < -1 || context.max_tokens >= 9007199254740993 }',
  ' unless { context.capabilities.contains("x") }',
  ' when { principal in Tenant::"a" }',
  ' when { resource == Model::"b" } unless { context.max_tokens < 5 }',
  // Fails when it is evaluated.
  ' when { context.nothing == 1 }',
);
const policies: fc.Arbitrary<readonly CedarPolicy[]> = fc
  .array(fc.tuple(fc.constantFrom('permit', 'forbid'), principal, action, resource, condition), { maxLength: 8 })
  .map((all) =>
    all.map(([effect, on, doing, to, when], n) => ({
      id: `p${n}`,
      text: `${effect} (${on}, ${doing}, ${to})${when};`,
    })),
  );
const request: fc.Arbitrary<RuleRequest> = fc
  .record({
    principal: name,
    tenant: name,
    action: fc.constantFrom(...governedActions),
    model: name,
    persona: fc.constantFrom('guide', 'teacher'),
    prompt_chars: fc.nat(20),
    max_tokens: fc.nat(10),
    calls: fc.nat(2),
    capabilities: fc.subarray(['x', 'y']),
    labels: fc.subarray(['personal_data', 'secret']),
    session_labels: fc.subarray(['personal_data', 'secret']),
    flow_labels: fc.subarray(['personal_data', 'secret']),
    integrity: fc.constantFrom('trusted', 'untrusted'),
    confidentiality: fc.constantFrom('public', 'secret'),
    effect: fc.constantFrom('', 'read', 'irreversible'),
  })
  .map(({ principal: who, tenant, action: what, model, ...context }) => ({
    ...{ principal: who, tenant, action: what, resource: { type: 'Model' as const, id: model } },
    context: { tenant, moderation: [], ...context },
  }));

/** Evaluates all policies at once, parsed for this request. */
function naive(
  all: readonly CedarPolicy[],
  { principal: id, tenant, action: what, resource: of, context }: RuleRequest,
): RuleVerdict {
  const who = { type: 'Principal', id };
  const answer = isAuthorized({
    principal: who,
    action: { type: 'Action', id: what },
    resource: of,
    context: {
      ...context,
      capabilities: [...context.capabilities],
      moderation: [],
      labels: [...context.labels],
      session_labels: [...context.session_labels],
      flow_labels: [...context.flow_labels],
    },
    policies: { staticPolicies: Object.fromEntries(all.map((policy) => [policy.id, policy.text])) },
    entities: [{ uid: who, attrs: {}, parents: [{ type: 'Tenant', id: tenant }] }],
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join());
  const { decision, diagnostics } = answer.response;
  const clauses = [...diagnostics.reason].sort();
  if (diagnostics.errors.length > 0)
    return { outcome: 'error', clauses: diagnostics.errors.map(({ policyId }) => policyId).sort() };
  if (decision === 'allow') return { outcome: 'permit', clauses };
  return { outcome: clauses.length > 0 ? 'forbid' : 'no-permit', clauses };
}

let digests = 0;
const holding = (all: readonly CedarPolicy[]): VerifiedConstitution => {
  digests += 1;
  return {
    status: 'verified',
    version: 'x',
    digest: `index-${digests}`,
    document: { ...defaultConstitution, policies: all },
  };
};

describe('policies by their scopes', () => {
  it('give the same verdict as all policies at once, errors included', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(policies, fc.array(request, { minLength: 1, maxLength: 4 }), (all, asked) => {
        const constitution = holding(all);
        for (const one of asked) {
          const verdict = rule(constitution, one);
          seen.add(verdict.outcome);
          expect(verdict).toEqual(naive(all, one));
        }
      }),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual(['error', 'forbid', 'no-permit', 'permit']);
  });

  it('are evaluated by Cedar only when their conditions could fail', () => {
    const { plain, general } = indexPolicies([
      {
        id: 'simple',
        text: 'forbid (principal, action, resource) when { context.prompt_chars > 1 && !(context.persona == "p") };',
      },
      { id: 'sum', text: 'forbid (principal, action, resource) when { context.prompt_chars + 1 > 1 };' },
    ]);
    expect(plain.map(({ id }) => id)).toEqual(['simple']);
    expect(general.EmbedText.map(({ id }) => id)).toEqual(['sum']);
  });

  it('skip those of other tenants, models and actions', () => {
    const when = 'when { context.prompt_chars + 1 > 1 }';
    const { plain, general, specific } = indexPolicies([
      { id: 'all', text: 'permit (principal, action, resource);' },
      { id: 'turns', text: `forbid (principal, action == Action::"SubmitTurn", resource) ${when};` },
      ...['a', 'b'].map((id) => ({
        id: `of-${id}`,
        text: `forbid (principal in Tenant::"${id}", action, resource) ${when};`,
      })),
    ]);
    expect(plain.map(({ id }) => id)).toEqual(['all']);
    expect(general.SubmitTurn.map(({ id }) => id)).toEqual(['turns']);
    expect(general.InferText).toEqual([]);
    expect(specific.map((bucket) => bucket.policies.map(({ id }) => id))).toEqual([['of-a'], ['of-b']]);
  });
});
