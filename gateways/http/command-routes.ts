import { z } from 'zod';
import { submitTurn } from '../../schemas/generated/records.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { digestOf, idempotencyKeySchema, identityOf } from '../shared/idempotency.ts';
import { POSITION_HEADER } from '../shared/position.ts';
import { preferenceOf, waitMsOf } from '../shared/prefer.ts';
import { problemResponses } from '../shared/problems/openapi.ts';
import { Problem, refusalProblem } from '../shared/problems/problem.ts';
import { sessionParams } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import { sessionUnknown } from '../shared/session-access.ts';
import { traceparentOf } from '../shared/trace.ts';
import { pendingBody, sessionStartedBody, startSessionBody, submitTurnBody, turnAcceptedBody } from './schemas.ts';
import { SessionStarts } from './session-start.ts';

const writeHeaders = z.looseObject({
  'idempotency-key': idempotencyKeySchema,
  prefer: z
    .string()
    .max(200)
    .optional()
    .meta({ description: '`respond-async` answers at once, `wait=<seconds>` bounds the wait (RFC 7240)' }),
});

export const turnUrl = (sessionId: string, turnId: string | null): string =>
  `/v1/turn/${sessionId}${turnId === null ? '' : `?turn_id=${turnId}`}`;

/** `POST /v1/sessions/start` and `POST /v1/sessions/{session_id}/turns`. */
export function commandRoutes(app: App, services: GatewayServices): void {
  startRoute(app, services);
  turnRoute(app, services);
}

function startRoute(app: App, services: GatewayServices): void {
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
          'REQUEST_MALFORMED',
          'REQUEST_INVALID',
          'UNAUTHENTICATED',
          'TOKEN_INVALID',
          'TOKEN_EXPIRED',
          'CREDENTIAL_NOT_ALLOWED',
          'CAPABILITY_MISSING',
          'POLICY_DENIED',
          'BODY_TOO_LARGE',
          'MEDIA_TYPE_UNSUPPORTED',
          'IDEMPOTENCY_KEY_REUSED',
          'AUTH_BUSY',
          'LOG_UNAVAILABLE',
          'LOG_OVERLOADED',
        ),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      if (caller.kind !== 'api_key') throw new Problem('CREDENTIAL_NOT_ALLOWED', 'This takes an API key');
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
      const { principal, persona, model, capabilities, place } = result;
      const { tenantId } = caller;
      const { token, expiresAt } = await services.tokens.mint({
        sessionId,
        tenantId,
        principal,
        capabilities,
        persona,
        model,
      });
      if (place !== null) reply.header(POSITION_HEADER, services.readModel.tokenOf(place));
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

function turnRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/sessions/:session_id/turns',
    config: { auth: 'session' },
    schema: {
      operationId: 'submitTurn',
      summary: 'Ask for one more turn in a session',
      description:
        "With the session's token. 202 when the log has the command; the stream at `turn_url` tells what becomes of it.",
      tags: ['sessions'],
      security: security.session,
      headers: writeHeaders,
      params: sessionParams,
      body: submitTurnBody,
      response: {
        202: turnAcceptedBody,
        ...problemResponses(
          'REQUEST_MALFORMED',
          'REQUEST_INVALID',
          'UNAUTHENTICATED',
          'TOKEN_INVALID',
          'TOKEN_EXPIRED',
          'CREDENTIAL_NOT_ALLOWED',
          'SESSION_UNKNOWN',
          'BODY_TOO_LARGE',
          'MEDIA_TYPE_UNSUPPORTED',
          'LOG_UNAVAILABLE',
          'LOG_OVERLOADED',
        ),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const sessionId = request.params.session_id;
      if (caller.kind !== 'session' || caller.sessionId !== sessionId) throw sessionUnknown(sessionId);
      const identity = identityOf(
        caller,
        `turns/${sessionId}/${digestOf(request.body)}`,
        request.headers['idempotency-key'],
      );
      const turnId = identity.subjectId;
      await services.commands.append(
        submitTurn({
          sessionId,
          turnId,
          principal: caller.principal,
          capabilities: caller.capabilities,
          model: caller.model,
          persona: caller.persona,
          prompt: request.body.prompt,
          maxTokens: request.body.max_tokens ?? null,
        }),
        { id: identity.commandId, tenantId: caller.tenantId, traceparent: traceparentOf(request.raw) },
      );
      const url = turnUrl(sessionId, turnId);
      return reply.code(202).header('location', url).send({ session_id: sessionId, turn_id: turnId, turn_url: url });
    },
  });
}
