import { z } from 'zod';
import { revokedUntil } from '../../../schemas/contexts/revocations.ts';
import { revokeTokens } from '../../../schemas/generated/records.ts';
import { auditOfCommand, TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { refusal } from '../../shared/command/outcome.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { revokeBody, revokedBody } from './schemas.ts';

const { command } = declare<Pick<GatewayServices, 'tables'>>();

const revokeTokensRoute = command({
  operationId: 'revokeTokens',
  tag: 'operations',
  summary: 'Revoke the tokens of a session, of a principal, or of the tenant',
  description:
    'Every gateway refuses tokens that were issued until now within moments, and ends their streams. Tokens issued later are valid.',
  method: 'POST',
  url: '/v1/revocations',
  takes: 'revocations:create',
  body: revokeBody,
  appends: ['RevokeTokens'],
  command: ({ body, caller: { principal, capabilities } }) => revokeTokens({ ...body, principal, capabilities }),
  location: auditOfCommand,
  pending: {
    id: 'RevocationPending',
    shape: { scope: z.string().meta({ description: 'Scope of the revocation' }) },
    of: ({ body: { scope } }) => ({ scope }),
  },
  outcomes: {
    RevocationRefused: refusal([], ({ scope }) => ({ scope })),
    TokensRevoked: {
      status: 200,
      schema: revokedBody,
      inEffect: ({ scope, issuedUntil }, { services: { tables }, tenantId }) =>
        tables.revocations.holds((known) => revokedUntil(known, tenantId, scope) >= issuedUntil, TAKE_EFFECT_MS),
      answer: ({ scope, issuedUntil, revokedBy, reason }) => ({
        scope,
        issued_until: new Date(issuedUntil).toISOString(),
        revoked_by: revokedBy,
        reason,
      }),
    },
  },
});

/** Routes of revocations. */
export const revocationsRoutes = [revokeTokensRoute];
