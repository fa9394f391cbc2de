import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { covers } from '../shared/auth/caller.ts';
import { problemResponses } from '../shared/problems/openapi.ts';
import { Problem } from '../shared/problems/problem.ts';
import { sessionParams } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import { sessionUnknown } from '../shared/session-access.ts';
import { narrowTokenBody, tokenBody } from './schemas.ts';

/** `POST /v1/sessions/{session_id}/tokens`: a token that may do less, for less long, than the one that asks for it. */
export function tokenRoute(app: App, { tokens }: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/sessions/:session_id/tokens',
    config: { auth: 'session' },
    schema: {
      operationId: 'narrowToken',
      summary: 'A narrower token of the session, to be given away',
      description:
        "With the session's token. Each capability must be covered by one of that token's, and it expires no later: a token can be narrowed, never widened, as often as wanted. The policy sees the capabilities of the token that a turn was asked with.",
      tags: ['sessions'],
      security: security.session,
      params: sessionParams,
      body: narrowTokenBody,
      response: {
        201: tokenBody,
        ...problemResponses(
          'REQUEST_MALFORMED',
          'REQUEST_INVALID',
          'UNAUTHENTICATED',
          'TOKEN_INVALID',
          'TOKEN_EXPIRED',
          'TOKEN_REVOKED',
          'CREDENTIAL_NOT_ALLOWED',
          'CAPABILITY_MISSING',
          'SESSION_UNKNOWN',
          'BODY_TOO_LARGE',
          'MEDIA_TYPE_UNSUPPORTED',
        ),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const sessionId = request.params.session_id;
      if (caller.kind !== 'session' || caller.sessionId !== sessionId) throw sessionUnknown(sessionId);
      const capabilities = [...new Set(request.body.capabilities)];
      const wider = capabilities.filter((capability) => !covers(caller.capabilities, capability));
      if (wider.length > 0)
        throw new Problem('CAPABILITY_MISSING', `The token does not have ${wider.join(', ')}`, {
          errors: wider.map((capability) => ({
            in: 'body',
            pointer: `#/capabilities/${request.body.capabilities.indexOf(capability)}`,
            detail: `The token does not have ${capability}`,
          })),
        });
      const { ttl_seconds: ttlS } = request.body;
      const { token, expiresAt } = await tokens.mint(
        { ...caller, capabilities },
        {
          notAfterMs: Math.min(caller.expiresAtMs, ttlS === undefined ? Infinity : Date.now() + ttlS * 1_000),
          parent: caller.tokenId,
        },
      );
      return reply.code(201).send({ token, token_type: 'Bearer' as const, expires_at: expiresAt, capabilities });
    },
  });
}
