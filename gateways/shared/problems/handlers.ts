import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { securityHeaders } from '../security-headers.ts';
import type { ProblemCode } from './catalogue.ts';
import { problemOf } from './from-error.ts';
import { Problem, problemBody } from './problem.ts';

/** `/v1/sessions/:session_id` as a pattern of whole paths. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);

/**
 * Someone tried what they may not: a line each, with who and from where, beside the count. The rate limit bounds them, for
 * what it refuses itself is only counted.
 */
const LOGGED: ReadonlySet<ProblemCode> = new Set([
  'TOKEN_INVALID',
  'TOKEN_REVOKED',
  'CREDENTIAL_NOT_ALLOWED',
  'CAPABILITY_MISSING',
]);

function counted(
  metrics: GatewayMetrics,
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  metrics.problems.inc({ code: problem.code });
  if (LOGGED.has(problem.code)) {
    const { method, ip, caller, routeOptions } = request;
    const who = { tenantId: caller?.tenantId ?? null, principal: caller?.principal ?? null, ip };
    request.log.warn({ code: problem.code, method, route: routeOptions.url ?? null, ...who }, 'access refused');
  }
  return sendProblem(request, reply, problem);
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .send(problemBody(problem, request));
}

/**
 * Fastify's `frameworkErrors`: a path that the router cannot read (`%zz`, an id of a thousand characters) passes no hook of
 * ours, so that the headers of every answer are set here.
 */
export const answerUnroutable =
  (metrics: GatewayMetrics) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    void counted(metrics, request, reply.headers({ ...securityHeaders, 'x-request-id': request.id }), problemOf(error));
  };

/** Errors, unknown routes and wrong methods are answered as problem+json. Call before any route is added. */
export function answerProblems(app: App, metrics: GatewayMetrics): void {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', (route) => {
    routes.push({ pattern: patternOf(route.url), methods: [route.method].flat() });
  });

  app.setErrorHandler((error: Error, request, reply) => {
    const problem = problemOf(error);
    if (problem.code === 'UNEXPECTED') request.log.error({ err: error }, 'request failed');
    return counted(metrics, request, reply, problem);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods));
    const allow = [...allowed].sort().join(', ');
    const problem =
      allowed.size === 0
        ? new Problem('ROUTE_UNKNOWN', `No route is called ${path}`)
        : new Problem('METHOD_NOT_ALLOWED', `${path} takes ${allow}`, { headers: { allow } });
    return counted(metrics, request, reply, problem);
  });
}
