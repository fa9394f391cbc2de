import { describe, expect, it } from 'vitest';
import type { CedarPolicy, VerifiedConstitution } from '../../../schemas/contexts/constitution/document.ts';
import { defaultConstitution } from '../constitution/default.ts';
import { signConstitution } from '../constitution/signing.ts';
import { newSigner, trusting } from '../constitution/testing.ts';
import { createCedarEngine } from './engine.ts';
import { PARSED_SETS_MAX, parsedSet } from './policies.ts';
import { ruleRequest } from './testing.ts';

const alice = newSigner('alice');
const engine = createCedarEngine({ trusted: trusting(alice), ownConditions: true });
const signed = signConstitution(defaultConstitution, alice);

const request = ruleRequest();
let digests = 0;
const withPolicies = (...policies: readonly CedarPolicy[]): VerifiedConstitution => {
  digests += 1;
  return {
    status: 'verified',
    version: 'x',
    digest: `test-${digests}`,
    document: { ...defaultConstitution, policies },
  };
};
const permit = { id: 'permit', text: 'permit (principal, action, resource);' };

describe('verification', () => {
  it('accepts a document signed by a trusted key', () => {
    expect(engine.verify(signed)).toMatchObject({ status: 'verified', version: '1.3.0', digest: signed.digest });
  });

  it.each([
    ['a digest that is not the document’s', { ...signed, digest: 'x' }, 'CONSTITUTION_DIGEST_MISMATCH'],
    ['another version than the document’s', { ...signed, version: '2.0.0' }, 'CONSTITUTION_VERSION_MISMATCH'],
    ['an envelope that is none', { ...signed, envelope: '{}' }, 'ENVELOPE_INVALID'],
    ['another signer', signConstitution(defaultConstitution, newSigner('alice')), 'SIGNATURE_INVALID'],
  ])('refuses %s', (_, published, code) => {
    expect(engine.verify(published)).toMatchObject({ status: 'unverified', code });
  });

  it('may require several signatures', () => {
    const strict = createCedarEngine({ trusted: trusting(alice), signaturesRequired: 2, ownConditions: true });
    expect(strict.verify(signed)).toMatchObject({ status: 'unverified', code: 'SIGNATURE_INVALID' });
  });
});

describe('rules', () => {
  it('permit, and name the permitting rules, sorted', () => {
    const all = withPolicies(...['c', 'a', 'd', 'b'].map((id) => ({ ...permit, id })));
    for (let n = 0; n < 50; n += 1)
      expect(engine.rule(all, request)).toEqual({ outcome: 'permit', clauses: ['a', 'b', 'c', 'd'] });
  });

  it('forbid over a permit', () => {
    const forbid = {
      id: 'no-guides',
      text: 'forbid (principal, action, resource) when { context.persona == "guide" };',
    };
    expect(engine.rule(withPolicies(permit, forbid), request)).toEqual({ outcome: 'forbid', clauses: ['no-guides'] });
  });

  it('deny when none permits', () => {
    const other = { id: 'other', text: 'permit (principal, action == Action::"EmbedText", resource);' };
    expect(engine.rule(withPolicies(other), request)).toEqual({ outcome: 'no-permit', clauses: [] });
  });

  it('deny when one fails, even beside a permit: a forbid that fails must not permit', () => {
    const fails = { id: 'fails', text: 'forbid (principal, action, resource) when { context.nothing == 1 };' };
    expect(engine.rule(withPolicies(permit, fails), request)).toEqual({ outcome: 'error', clauses: ['fails'] });
  });

  it('deny when Cedar cannot read the request', () => {
    const broken = { ...request, context: { ...request.context, prompt_chars: 0.5 } };
    expect(engine.rule(withPolicies(permit), broken)).toEqual({ outcome: 'error', clauses: [] });
  });

  it.each([
    ['tenant', 'permit (principal in Tenant::"demo", action, resource);'],
    ['principal', 'permit (principal == Principal::"key-1", action, resource);'],
    ['model', 'permit (principal, action, resource == Model::"default");'],
    ['findings', 'permit (principal, action, resource) unless { context.moderation.contains("X") };'],
  ])('see the %s', (_, text) => {
    expect(engine.rule(withPolicies({ id: 'p', text }), request).outcome).toBe('permit');
  });

  it('deny text that UTF-8 cannot encode', () => {
    const half = { ...request, context: { ...request.context, persona: '\ud800' } };
    expect(engine.rule(withPolicies(permit), half)).toEqual({ outcome: 'error', clauses: [] });
  });

  it('accept names that are not well-formed text', () => {
    const odd = { ...request, principal: '\ud800"); permit', tenant: '\udfff', model: '"' };
    expect(engine.rule(withPolicies(permit), odd).outcome).toBe('permit');
  });
});

describe('parsed rule sets', () => {
  it('are cached for the most recently used constitutions, and parsed again for the others', () => {
    const when = 'permit (principal, action, resource) when { context.prompt_chars + 1 > 1 };';
    const sets = Array.from({ length: PARSED_SETS_MAX + 3 }, (_, n) => withPolicies({ id: `only-${n}`, text: when }));
    for (const round of [1, 2])
      for (const [n, set] of sets.entries())
        expect(engine.rule(set, request), `round ${round}`).toEqual({ outcome: 'permit', clauses: [`only-${n}`] });
    expect(new Set(sets.map(({ digest, document }) => parsedSet(digest, document.policies))).size).toBe(
      PARSED_SETS_MAX,
    );
  });

  it('are not replaced by one that does not parse', () => {
    const good = withPolicies(permit);
    expect(engine.rule(good, request).outcome).toBe('permit');
    expect(() => parsedSet('broken', [{ id: 'x', text: 'permit (' }])).toThrow();
    expect(engine.rule(good, request)).toEqual({ outcome: 'permit', clauses: ['permit'] });
  });
});
