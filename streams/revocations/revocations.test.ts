import { describe, it } from 'vitest';
import { type RevokeTokens, revocationRefused, revokeTokens, tokensRevoked } from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { revocations } from './revocations.ts';

const NOW = Date.UTC(2026, 0, 1);
const { when } = scenarios(revocations, { startMs: NOW });
const revoke = (changes: Partial<RevokeTokens> = {}) =>
  revokeTokens({
    scope: 'tenant',
    principal: 'ana',
    capabilities: ['revocations:create'],
    reason: 'a laptop was lost',
    ...changes,
  });

describe('revocations', () => {
  it('revokes tokens issued until the time of the command', () =>
    when(revoke()).then(
      tokensRevoked({ scope: 'tenant', issuedUntil: NOW, revokedBy: 'ana', reason: 'a laptop was lost' }),
    ));

  it('revokes nothing without the capability', () =>
    when(revoke({ capabilities: ['slm:*', 'kill-switch:set:*'] })).then(
      revocationRefused({
        scope: 'tenant',
        principal: 'ana',
        code: 'CAPABILITY_MISSING',
        detail: 'Revoking tokens requires revocations:create.',
      }),
    ));

  it('revokes nothing for a scope that has no tokens', () =>
    when(revoke({ scope: 'global' })).then(
      revocationRefused({
        scope: 'global',
        principal: 'ana',
        code: 'REVOCATION_SCOPE_INVALID',
        detail: 'global is not a scope with session tokens.',
      }),
    ));
});
