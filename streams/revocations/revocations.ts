import { mayRevoke, REVOCATION_SCOPE } from '../../schemas/contexts/revocations.ts';
import { revocationRefused, tokensRevoked } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';

/**
 * Revokes the tokens of a scope. The gateway has checked scope and capability already; a command that arrived another
 * way is checked here.
 */
function decide(
  { data: { scope, principal, capabilities, reason } }: RecordOf<'RevokeTokens'>,
  meta: Pick<Meta, 'timeMs'>,
): RecordOf<'TokensRevoked' | 'RevocationRefused'> {
  const refused = (code: string, detail: string) => revocationRefused({ scope, principal, code, detail });
  if (!REVOCATION_SCOPE.test(scope))
    return refused('REVOCATION_SCOPE_INVALID', `${scope} is not a scope with session tokens.`);
  if (!mayRevoke(capabilities)) return refused('CAPABILITY_MISSING', 'Revoking tokens requires revocations:create.');
  return tokensRevoked({ scope, issuedUntil: meta.timeMs, revokedBy: principal, reason });
}

/** Revokes session tokens. Stateless: the latest revocation of a scope counts. */
export const revocations: Processor = processor({
  name: 'revocations',
  inputs: [topics.revocationsCommands],
  outputs: [topics.revocationsEvents],
  key: (_, meta) => meta.key,
  decide: (_, command, meta) => [decide(command, meta)],
});
