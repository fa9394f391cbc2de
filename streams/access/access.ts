import { revocationRefused, tokensRevoked } from '../../schemas/generated/records.ts';
import { mayRevoke, REVOCATION_SCOPE } from '../../schemas/revocation.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';

/** The gateway has looked at scope and capability already; a command that came another way is looked at here. */
function decide(
  { data: { scope, principal, capabilities, reason } }: RecordOf<'RevokeTokens'>,
  meta: Pick<Meta, 'timeMs'>,
): RecordOf<'TokensRevoked' | 'RevocationRefused'> {
  const refused = (code: string, detail: string) => revocationRefused({ scope, principal, code, detail });
  if (!REVOCATION_SCOPE.test(scope))
    return refused('REVOCATION_SCOPE_INVALID', `${scope} is nothing that has session tokens.`);
  if (!mayRevoke(capabilities)) return refused('CAPABILITY_MISSING', 'Revoking tokens takes access:revoke.');
  return tokensRevoked({ scope, issuedUntil: meta.timeMs, revokedBy: principal, reason });
}

/** Takes session tokens back. Stateless: the latest revocation of a scope counts. */
export const access: Processor = processor({
  name: 'access',
  inputs: [topics.accessCommands],
  outputs: [topics.accessEvents],
  key: (_, meta) => meta.key,
  decide: (_, command, meta) => [decide(command, meta)],
});
