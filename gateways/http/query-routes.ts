import { z } from 'zod';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../shared/position.ts';
import { credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { Problem } from '../shared/problems/problem.ts';
import { sessionParams } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import { sessionUnknown } from '../shared/session-access.ts';
import { auditPage, eventPage, pageQuery, sessionBody, sessionPage } from './schemas.ts';
import { auditOf, eventOf, pendingSession, sessionOf, sessionSummaryOf } from './views.ts';

const queryProblems = problemResponses(
  ...credentialProblems,
  'REQUEST_INVALID',
  'CREDENTIAL_NOT_ALLOWED',
  'READ_MODEL_UNAVAILABLE',
  'READ_MODEL_BEHIND',
);
const sessionProblems = { ...queryProblems, ...problemResponses('SESSION_UNKNOWN') };

const pageOf = ({ limit, cursor }: { limit: number; cursor?: string | undefined }) => ({
  limit,
  cursor: cursor ?? null,
});

/** Reads from the read models: sessions, what happened in them, and the audit trail. */
export function queryRoutes(app: App, services: GatewayServices): void {
  sessionRoutes(app, services);
  recordRoutes(app, services);
}

function sessionRoutes(app: App, { readModel, access, outcomes, pending }: GatewayServices): void {
  app.route({
    method: 'GET',
    url: '/v1/sessions/:session_id',
    config: { auth: 'any' },
    schema: {
      operationId: 'getSession',
      summary: 'A session with its turns, its decision and what it used',
      tags: ['sessions'],
      security: security.any,
      params: sessionParams,
      querystring: z.object(positionQuery),
      headers: positionHeaders,
      response: { 200: sessionBody, ...sessionProblems },
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const sessionId = request.params.session_id;
      if (caller.kind === 'session') await access.check(caller, sessionId);
      await awaitPosition(request, readModel, ['sessions', 'turns', 'usage']);
      const detail = await readModel.sessionDetail(caller.tenantId, sessionId);
      if (detail !== undefined) return sessionOf(detail);
      // Asked for here, or told by the log, before any read model has it.
      if (outcomes.recent(sessionId)?.meta.tenantId === caller.tenantId || pending.has(sessionId, caller.tenantId))
        return pendingSession(sessionId);
      throw sessionUnknown(sessionId);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/sessions',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'listSessions',
      summary: "The tenant's sessions, the newest first",
      tags: ['sessions'],
      security: security.api_key,
      querystring: z.object({ ...pageQuery, ...positionQuery }),
      headers: positionHeaders,
      response: { 200: sessionPage, ...queryProblems },
    },
    handler: async (request) => {
      await awaitPosition(request, readModel, ['sessions']);
      const page = await readModel.sessions(callerOf(request).tenantId, pageOf(request.query));
      return { items: page.items.map(sessionSummaryOf), next_cursor: page.nextCursor };
    },
  });
}

function recordRoutes(app: App, { readModel, access }: GatewayServices): void {
  app.route({
    method: 'GET',
    url: '/v1/sessions/:session_id/events',
    config: { auth: 'any' },
    schema: {
      operationId: 'listSessionEvents',
      summary: 'What happened in a session, in the order of the log',
      tags: ['audit'],
      security: security.any,
      params: sessionParams,
      querystring: z.object({ ...pageQuery, ...positionQuery }),
      headers: positionHeaders,
      response: { 200: eventPage, ...sessionProblems },
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const sessionId = request.params.session_id;
      if (caller.kind === 'session') await access.check(caller, sessionId);
      await awaitPosition(request, readModel, ['events']);
      const page = await readModel.events(caller.tenantId, sessionId, pageOf(request.query));
      // A session that was refused has events too, though it is none that could be used.
      if (page.items.length === 0 && (await readModel.session(caller.tenantId, sessionId)) === undefined)
        await access.check(caller, sessionId);
      return { items: page.items.map(eventOf), next_cursor: page.nextCursor };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/audit',
    config: { auth: 'any' },
    schema: {
      operationId: 'listAudit',
      summary: 'The audit trail of a session, or of the tenant',
      description: 'A session token sees its own session, and must name it.',
      tags: ['audit'],
      security: security.any,
      querystring: z.object({ session_id: z.uuid().optional(), ...pageQuery, ...positionQuery }),
      headers: positionHeaders,
      response: { 200: auditPage, ...sessionProblems },
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const sessionId = request.query.session_id ?? null;
      if (caller.kind === 'session') {
        if (sessionId === null)
          throw new Problem('REQUEST_INVALID', 'A session token sees one session: name it', {
            errors: [{ in: 'query', pointer: '#/session_id', detail: 'Expected the session of the token' }],
          });
        await access.check(caller, sessionId);
      }
      await awaitPosition(request, readModel, ['audit']);
      const page = await readModel.audit(caller.tenantId, sessionId, pageOf(request.query));
      return { items: page.items.map(auditOf), next_cursor: page.nextCursor };
    },
  });
}
