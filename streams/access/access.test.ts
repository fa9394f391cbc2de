import { describe, it } from 'vitest';
import { type RevokeTokens, revocationRefused, revokeTokens, tokensRevoked } from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { access } from './access.ts';

const NOW = Date.UTC(2026, 0, 1);
const { when } = scenarios(access, { startMs: NOW });
const revoke = (changes: Partial<RevokeTokens> = {}) =>
  revokeTokens({
    scope: 'tenant',
    principal: 'ana',
    capabilities: ['access:revoke'],
    reason: 'a laptop was lost',
    ...changes,
  });

describe('access', () => {
  it('revokes what was issued until the command was given', () =>
    when(revoke()).then(
      tokensRevoked({ scope: 'tenant', issuedUntil: NOW, revokedBy: 'ana', reason: 'a laptop was lost' }),
    ));

  it('revokes nothing for whoever may not', () =>
    when(revoke({ capabilities: ['slm:*', 'kill-switch:set:*'] })).then(
      revocationRefused({
        scope: 'tenant',
        principal: 'ana',
        code: 'CAPABILITY_MISSING',
        detail: 'Revoking tokens takes access:revoke.',
      }),
    ));

  it('revokes nothing of what has no tokens', () =>
    when(revoke({ scope: 'global' })).then(
      revocationRefused({
        scope: 'global',
        principal: 'ana',
        code: 'REVOCATION_SCOPE_INVALID',
        detail: 'global is nothing that has session tokens.',
      }),
    ));
});
