import { z } from 'zod';
import { revokeTokens } from '../../schemas/generated/records.ts';
import { mayRevoke, REVOCATION_SCOPE } from '../../schemas/revocation.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { outcomeOf } from '../shared/log/caused-by.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { Problem, refusalProblem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';

/** This gateway reads the event twice: to answer, and to refuse tokens. */
const TAKE_EFFECT_MS = 1_000;

const revokeBody = z
  .strictObject({
    scope: z
      .string()
      .regex(REVOCATION_SCOPE, 'Expected tenant, or session: or principal: and an id')
      .meta({
        description:
          "`tenant`, `session:<id>` or `principal:<id>`, such as `principal:api_key:demo`: of one's own tenant",
        examples: ['tenant'],
      }),
    reason: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'Why, in one sentence for a person', examples: ['A laptop was lost'] }),
  })
  .meta({ id: 'RevokeTokens', examples: [{ scope: 'tenant', reason: 'A laptop was lost' }] });

const revokedBody = z
  .object({
    scope: z.string(),
    issued_until: z.string().meta({ description: 'Tokens that were issued later count; RFC 3339' }),
    revoked_by: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'TokensRevoked' });

const pendingBody = z.object({ scope: z.string(), status: z.literal('pending') }).meta({ id: 'RevocationPending' });

/** `POST /v1/revocations`: takes session tokens back, at every gateway. */
export function revocationRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/revocations',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'revokeTokens',
      summary: 'Take back the tokens of a session, of a key, or of the tenant',
      description:
        'Takes `access:revoke`. Tokens that were issued until now are refused at every gateway within moments, and their streams end; later ones count. 202 when there is no outcome in time. Repeating it is harmless.',
      tags: ['operations'],
      security: security.api_key,
      body: revokeBody,
      response: {
        200: revokedBody,
        202: pendingBody,
        ...problemResponses(
          ...bodyProblems,
          ...credentialProblems,
          'CREDENTIAL_NOT_ALLOWED',
          'CAPABILITY_MISSING',
          'LOG_OVERLOADED',
        ),
      },
    },
    handler: async (request, reply) => {
      const { tenantId, principal, capabilities } = callerOf(request);
      const { scope, reason } = request.body;
      if (!mayRevoke(capabilities)) throw new Problem('CAPABILITY_MISSING', 'Revoking tokens takes access:revoke');
      const event = await outcomeOf(services, revokeTokens({ scope, principal, capabilities, reason }), request);
      if (event?.type === 'RevocationRefused') throw refusalProblem(event.data.code, event.data.detail, { scope });
      const told = event?.type === 'TokensRevoked' ? event.data : null;
      if (told === null || !(await services.revocations.holds(tenantId, scope, told.issuedUntil, TAKE_EFFECT_MS)))
        return reply.code(202).send({ scope, status: 'pending' as const });
      return reply.send({
        scope,
        issued_until: new Date(told.issuedUntil).toISOString(),
        revoked_by: told.revokedBy,
        reason: told.reason,
      });
    },
  });
}
