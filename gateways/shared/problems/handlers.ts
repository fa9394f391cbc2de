import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { securityHeaders } from '../security-headers.ts';
import type { ProblemCode } from './catalogue.ts';
import { problemJson } from './format.ts';
import { problemOf } from './from-error.ts';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route that only answers 405: its method is not allowed. */
    refusesMethod?: boolean;
  }
}

/** Returns a pattern of whole paths for a route such as `/v1/sessions/:session_id`. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);

/**
 * Refused access: logged with caller and address, and counted. The rate limit bounds these lines, because requests that it
 * refuses itself are only counted.
 */
const LOGGED: ReadonlySet<ProblemCode> = new Set([
  'TOKEN_INVALID',
  'TOKEN_REVOKED',
  'TICKET_INVALID',
  'API_KEY_CROSS_ORIGIN',
  'CONSOLE_SESSION_ENDED',
  'ORIGIN_NOT_ALLOWED',
  'CSRF_TOKEN_INVALID',
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
  // A request that the router could not parse has no route.
  const { mediaType, headers, body } = request.routeOptions?.config?.problemFormat ?? problemJson;
  return reply
    .code(problem.status)
    .headers({ ...problem.headers, ...headers?.(problem) })
    .type(mediaType)
    .send(body(problem, request));
}

/**
 * Returns Fastify's `frameworkErrors` handler. A path that the router cannot parse (`%zz`, an id of a thousand characters)
 * runs no hook, so this handler sets the headers of every answer itself.
 */
export const answerUnroutable =
  (metrics: GatewayMetrics) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    void counted(metrics, request, reply.headers({ ...securityHeaders, 'x-request-id': request.id }), problemOf(error));
  };

interface KnownRoute {
  readonly url: string;
  readonly pattern: RegExp;
  readonly methods: readonly string[];
}

/** Returns the routes of a path: those with exactly this path, or else those with parameters that fit it. */
function matching(routes: readonly KnownRoute[], path: string): readonly KnownRoute[] {
  const exact = routes.filter(({ url }) => url === path);
  return exact.length > 0 ? exact : routes.filter(({ pattern }) => pattern.test(path));
}

/** Answers errors, unknown routes and wrong methods as problem+json. Call it before any route is added. */
export function answerProblems(app: App, metrics: GatewayMetrics): void {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', (route) => {
    if (route.config?.refusesMethod === true) return;
    routes.push({ url: route.url, pattern: patternOf(route.url), methods: [route.method].flat() });
  });

  app.setErrorHandler((error: Error, request, reply) => {
    const problem = problemOf(error, request.routeOptions.bodyLimit);
    if (problem.code === 'UNEXPECTED') request.log.error({ err: error }, 'request failed');
    return counted(metrics, request, reply, problem);
  });

  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = new Set(matching(routes, path).flatMap(({ methods }) => methods));
    const allow = [...allowed].sort().join(', ');
    const problem =
      allowed.size === 0
        ? new Problem('ROUTE_UNKNOWN', `There is no route ${path}`)
        : new Problem('METHOD_NOT_ALLOWED', `${path} allows ${allow}`, { headers: { allow } });
    return counted(metrics, request, reply, problem);
  });
}
