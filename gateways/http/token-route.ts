import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { requireGranted } from '../shared/auth/require-granted.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { sessionParams } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import { ownSession } from '../shared/session-access.ts';
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
          ...bodyProblems,
          ...credentialProblems,
          'CREDENTIAL_NOT_ALLOWED',
          'CAPABILITY_MISSING',
          'SESSION_UNKNOWN',
        ),
      },
    },
    handler: async (request, reply) => {
      const caller = ownSession(callerOf(request), request.params.session_id);
      const capabilities = [...new Set(request.body.capabilities)];
      requireGranted(caller.capabilities, request.body.capabilities, 'The token');
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
