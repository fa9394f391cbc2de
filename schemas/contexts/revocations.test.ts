import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isRevoked,
  mayRevoke,
  REMEMBERED_MS,
  REVOCATION_SCOPE,
  type Revocations,
  withRevocation,
} from './revocations.ts';

const none: Revocations = new Map();
const token = { tenantId: 'acme', sessionId: 's1', principal: 'api_key:k1', issuedAtMs: 5_000 };

describe('a revocation', () => {
  it.each([
    ['tenant', true],
    ['session:s1', true],
    ['principal:api_key:k1', true],
    ['session:s2', false],
    ['principal:api_key:k2', false],
    ['principal:s1', false],
  ])('of %s applies to the token: %s', (scope, means) => {
    expect(isRevoked(withRevocation(none, 'acme', { scope, issuedUntil: 5_000 }), token)).toBe(means);
    expect(isRevoked(withRevocation(none, 'globex', { scope, issuedUntil: 5_000 }), token)).toBe(false);
  });

  it('does not apply to tokens issued later', () => {
    const revoked = withRevocation(none, 'acme', { scope: 'tenant', issuedUntil: 4_999 });
    expect(isRevoked(revoked, token)).toBe(false);
    expect(isRevoked(revoked, { ...token, issuedAtMs: 4_000 })).toBe(true);
  });

  it('is never undone by another one of its scope, and is stored as long as a token may live', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(REMEMBERED_MS - 1), { minLength: 1, maxLength: 20 }), (times) => {
        const known = times.reduce(
          (all, issuedUntil) => withRevocation(all, 'acme', { scope: 'tenant', issuedUntil }),
          none,
        );
        expect(isRevoked(known, { ...token, issuedAtMs: Math.max(...times) })).toBe(true);
        expect(isRevoked(known, { ...token, issuedAtMs: Math.max(...times) + 1 })).toBe(false);
        expect(known.size).toBe(1);
      }),
    );
    const old = withRevocation(none, 'acme', { scope: 'session:s1', issuedUntil: 0 });
    expect(withRevocation(old, 'acme', { scope: 'tenant', issuedUntil: REMEMBERED_MS }).size).toBe(1);
  });
});

it('a scope is the tenant, a session or a principal', () => {
  for (const scope of ['tenant', 'session:1', 'principal:api_key:x']) expect(REVOCATION_SCOPE.test(scope)).toBe(true);
  for (const scope of ['', 'tenant:acme', 'session:', 'session:a b', 'global', 'key:x'])
    expect(REVOCATION_SCOPE.test(scope)).toBe(false);
});

it('it needs revocations:create', () => {
  for (const one of ['revocations:create', 'revocations:*', '*']) expect(mayRevoke([one])).toBe(true);
  expect(mayRevoke(['slm:*', 'revocations', 'kill-switch:set:*'])).toBe(false);
});
