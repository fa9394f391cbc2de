import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { Route } from '../../shared/route/route.ts';
import { sessionFields } from '../../shared/schemas.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { sessionUnknown } from '../../shared/session-access.ts';
import { startSessionRoute, submitTurnRoute } from './commands.ts';
import { sessionBody, sessionPage } from './schemas.ts';
import { streamTicketRoute } from './stream-tickets.ts';
import { narrowTokenRoute } from './tokens.ts';
import { traceSessionRoute } from './trace-route.ts';
import { pendingSessionOf, sessionOf, sessionSummaryOf } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'access'>>();

const getSession = endpoint({
  operationId: 'getSession',
  tag: 'sessions',
  summary: 'Get a session with its turns, its decision and its usage',
  url: '/v1/sessions/:session_id',
  auth: 'any',
  params: sessionFields,
  views: ['sessions', 'turns', 'usage'],
  response: sessionBody,
  problems: ['SESSION_UNKNOWN'],
  check: async ({ caller, params, services }) => {
    if (caller.kind === 'session') await services.access.check(caller, params.session_id);
  },
  answer: async ({ caller, params: { session_id: sessionId }, services: { readModel, access } }) => {
    const detail = await readModel.sessionDetail(caller.tenantId, sessionId);
    if (detail !== undefined) return sessionOf(detail);
    if (access.isKnownHere(sessionId, caller.tenantId)) return pendingSessionOf(sessionId);
    throw sessionUnknown(sessionId);
  },
});

const listSessions = endpoint({
  operationId: 'listSessions',
  tag: 'sessions',
  summary: 'List the sessions of the tenant, newest first',
  url: '/v1/sessions',
  query: pageQuery,
  views: ['sessions'],
  response: sessionPage,
  answer: async ({ caller, query, services }) => {
    const found = await services.readModel.sessions(caller.tenantId, pageOf(query));
    return { items: found.items.map(sessionSummaryOf), next_cursor: found.nextCursor };
  },
});

/** Route that answers 405 for `GET /v1/sessions/start`; otherwise `start` would be parsed as the id of a session. */
const startTakesPost: Route<object> = {
  outcomes: [],
  follows: [],
  register(app) {
    app.get(
      '/v1/sessions/start',
      { config: { auth: 'none', refusesMethod: true }, schema: { hide: true } as object },
      () => {
        throw new Problem('METHOD_NOT_ALLOWED', '/v1/sessions/start allows POST', { headers: { allow: 'POST' } });
      },
    );
  },
};

/** Routes of sessions: start, turns, narrowed tokens, stream tickets and queries. */
export const sessionsRoutes = [
  startTakesPost,
  startSessionRoute,
  submitTurnRoute,
  narrowTokenRoute,
  streamTicketRoute,
  getSession,
  traceSessionRoute,
  listSessions,
];
