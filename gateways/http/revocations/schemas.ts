import { z } from 'zod';
import { REVOCATION_SCOPE } from '../../../schemas/contexts/revocations.ts';

/** Body of a revocation. */
export const revokeBody = z
  .strictObject({
    scope: z
      .string()
      .regex(REVOCATION_SCOPE, 'Expected tenant, or session: or principal: and an id')
      .meta({
        description:
          "`tenant`, `session:<id>` or `principal:<id>`, such as `principal:api_key:demo`, in the caller's own tenant",
        examples: ['tenant'],
      }),
    reason: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'Reason, in one sentence for people', examples: ['A laptop was lost'] }),
  })
  .meta({ id: 'RevokeTokens', examples: [{ scope: 'tenant', reason: 'A laptop was lost' }] });

/** Schema of a revocation. */
export const revokedBody = z
  .object({
    scope: z.string().meta({ description: 'Revoked scope' }),
    issued_until: z.string().meta({ description: 'Tokens issued up to this time are revoked, RFC 3339' }),
    revoked_by: z.string().meta({ description: 'Principal that revoked the tokens' }),
    reason: z.string().meta({ description: 'Reason of the revocation' }),
  })
  .meta({ id: 'TokensRevoked' });
