import { encodePositionToken } from '../../infra/projections/position-token.ts';
import { passingRefusals } from '../../schemas/refusal.ts';
import { SESSION_MS_MAX } from '../../schemas/session.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { identityOf } from '../shared/idempotency.ts';
import { POSITION_HEADER } from '../shared/position.ts';
import { preferenceOf, waitMsOf } from '../shared/prefer.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { Problem, refusalProblem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import { traceparentOf } from '../shared/trace.ts';
import { pendingBody, sessionStartedBody, startSessionBody } from './schemas.ts';
import { SessionStarts } from './session-start.ts';
import { turnUrl, writeHeaders } from './write-headers.ts';

/** `POST /v1/sessions/start`. */
export function startRoute(app: App, services: GatewayServices): void {
  const starts = new SessionStarts(services);
  // Otherwise `start` would be read as the id of a session.
  app.get('/v1/sessions/start', { config: { auth: 'none' }, schema: { hide: true } as object }, () => {
    throw new Problem('METHOD_NOT_ALLOWED', '/v1/sessions/start takes POST', { headers: { allow: 'POST' } });
  });
  app.route({
    method: 'POST',
    url: '/v1/sessions/start',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'startSession',
      summary: 'Start a session, with a first turn if there is a prompt',
      description:
        'Appends one command and answers with what the log says: 201 with the session and its token, 403 when the policy denies it, 202 when there is no outcome in time or `Prefer: respond-async` was sent.',
      tags: ['sessions'],
      security: security.api_key,
      headers: writeHeaders,
      body: startSessionBody,
      response: {
        201: sessionStartedBody,
        202: pendingBody,
        ...problemResponses(
          ...bodyProblems,
          ...credentialProblems,
          'CREDENTIAL_NOT_ALLOWED',
          'CAPABILITY_MISSING',
          'POLICY_DENIED',
          'IDEMPOTENCY_KEY_REUSED',
          'SESSION_EXPIRED',
          ...passingRefusals,
          'LOG_OVERLOADED',
        ),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      if (caller.kind === 'session') throw new Problem('CREDENTIAL_NOT_ALLOWED', 'This takes an API key');
      const identity = identityOf(caller, 'sessions/start', request.headers['idempotency-key']);
      const sessionId = identity.subjectId;
      const turnId = request.body.prompt === undefined ? null : identity.partId('turn');
      const preference = preferenceOf(request.headers.prefer);
      const result = await starts.start({
        caller,
        identity,
        body: request.body,
        traceparent: traceparentOf(request.raw),
        waitMs: waitMsOf(preference, services.config.outcomeWaitMs),
      });
      reply.header('location', `/v1/sessions/${sessionId}`);
      if (preference.respondAsync) reply.header('preference-applied', 'respond-async');
      if (result === null)
        return reply.code(202).send({
          session_id: sessionId,
          ...(turnId === null ? {} : { turn_id: turnId }),
          status: 'pending',
          idempotency_key: identity.idempotencyKey,
        });
      const { decision } = result;
      if (result.outcome === 'refused')
        throw refusalProblem(result.code, result.detail, { decision, session_id: sessionId });
      const { principal, persona, model, capabilities, startedAtMs, place } = result;
      const { tenantId } = caller;
      const notAfterMs = startedAtMs + SESSION_MS_MAX;
      if (Date.now() >= notAfterMs)
        throw new Problem('SESSION_EXPIRED', 'A session takes commands for a day; start another', {
          extensions: { session_id: sessionId },
        });
      const { token, expiresAt } = await services.tokens.mint(
        { sessionId, tenantId, principal, capabilities, persona, model },
        { notAfterMs },
      );
      if (place !== null) reply.header(POSITION_HEADER, encodePositionToken(place));
      return reply.code(201).send({
        session_id: sessionId,
        ...(turnId === null ? {} : { turn_id: turnId }),
        token,
        token_type: 'Bearer',
        expires_at: expiresAt,
        capabilities: [...capabilities],
        turn_url: turnUrl(sessionId, turnId),
        decision,
      });
    },
  });
}
