import { submitTurn } from '../../schemas/generated/records.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { credentialOf } from '../shared/auth/caller.ts';
import { digestOf, identityOf } from '../shared/idempotency.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { sessionParams } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import { ownSession } from '../shared/session-access.ts';
import { traceparentOf } from '../shared/trace.ts';
import { submitTurnBody, turnAcceptedBody } from './schemas.ts';
import { turnUrl, writeHeaders } from './write-headers.ts';

/** `POST /v1/sessions/{session_id}/turns`. */
export function submitRoute(app: App, services: GatewayServices): void {
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
          ...bodyProblems,
          ...credentialProblems,
          'CREDENTIAL_NOT_ALLOWED',
          'SESSION_UNKNOWN',
          'KILL_SWITCH',
          'LOG_OVERLOADED',
        ),
      },
    },
    handler: async (request, reply) => {
      const sessionId = request.params.session_id;
      const caller = ownSession(callerOf(request), sessionId);
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
          credential: credentialOf(caller),
          labels: request.body.labels ?? [],
        }),
        { id: identity.commandId, tenantId: caller.tenantId, traceparent: traceparentOf(request.raw) },
      );
      const url = turnUrl(sessionId, turnId);
      return reply.code(202).header('location', url).send({ session_id: sessionId, turn_id: turnId, turn_url: url });
    },
  });
}
