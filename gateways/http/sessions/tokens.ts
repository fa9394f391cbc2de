import { requireGranted } from '../../shared/auth/require-granted.ts';
import { declare } from '../../shared/route/declare.ts';
import { sessionFields } from '../../shared/schemas.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { ownSession } from '../../shared/session-access.ts';
import { narrowTokenBody, tokenBody } from './schemas.ts';

const { endpoint } = declare<Pick<GatewayServices, 'tokens'>>();

/** Route that mints a token with fewer capabilities, or a shorter life, than the token of the request. */
export const narrowTokenRoute = endpoint({
  operationId: 'narrowToken',
  tag: 'sessions',
  summary: 'Create a narrower token of the session',
  description:
    'Requires the token of the session. The new token can only have capabilities that this token covers, and expires no later. It can be narrowed again, but not widened. The policy decides on a turn with the capabilities of the token that submitted it.',
  method: 'POST',
  url: '/v1/sessions/:session_id/tokens',
  auth: 'session',
  params: sessionFields,
  body: narrowTokenBody,
  status: 201,
  response: tokenBody,
  problems: ['CAPABILITY_MISSING', 'SESSION_UNKNOWN'],
  answer: async ({ caller, params, body, services }) => {
    const own = ownSession(caller, params.session_id);
    const capabilities = [...new Set(body.capabilities)];
    requireGranted(own.capabilities, body.capabilities, 'The token');
    const { ttl_seconds: ttlS } = body;
    const notAfterMs = Math.min(own.expiresAtMs, ttlS === undefined ? Infinity : Date.now() + ttlS * 1_000);
    const { token, expiresAt } = await services.tokens.mint(
      { ...own, capabilities },
      { notAfterMs, parent: own.tokenId },
    );
    return { token, token_type: 'Bearer' as const, expires_at: expiresAt, capabilities };
  },
});
