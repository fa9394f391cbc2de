import type { Server } from 'node:https';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { HealthCheck } from '../infra/telemetry/admin-server.ts';
import { a2aRoutes } from './a2a/routes.ts';
import { consoleRoutes } from './console/routes.ts';
import { createServices, type GatewayParts } from './create-services.ts';
import { httpRoutes } from './http/all.ts';
import { mcpRoutes } from './mcp/routes.ts';
import { openAiRoutes } from './openai/routes.ts';
import type { App } from './shared/app-type.ts';
import { authenticate } from './shared/auth/authenticate.ts';
import { routedUrl } from './shared/auth/console-request.ts';
import { negotiate } from './shared/content-negotiation.ts';
import { allowOrigins } from './shared/cors.ts';
import { healthChecks, operationRoutes } from './shared/health-routes.ts';
import { measureRequests } from './shared/metrics.ts';
import { documentApi } from './shared/openapi.ts';
import { BODY_BYTES_MAX } from './shared/problems/from-error.ts';
import { answerProblems, answerUnroutable } from './shared/problems/handlers.ts';
import { parseJson } from './shared/problems/json-body.ts';
import { parseNdjson } from './shared/problems/ndjson-body.ts';
import { answerUnreadable } from './shared/problems/unreadable.ts';
import { requestValidator } from './shared/problems/validator.ts';
import { protect } from './shared/protect.ts';
import { requestLogger } from './shared/request-logger.ts';
import { traceRequests } from './shared/request-spans.ts';
import { documentRoutes } from './shared/route/documented.ts';
import type { Route } from './shared/route/route.ts';
import { securityHeaders } from './shared/security-headers.ts';
import { keepCertificate, serverOptions } from './shared/tls-server.ts';
import { requestIdOf } from './shared/trace.ts';
import { turnsRoutes } from './turns/routes.ts';

const gateways: Readonly<Record<'http' | 'turns' | 'openai' | 'mcp' | 'a2a' | 'console', readonly Route[]>> = {
  http: httpRoutes,
  turns: turnsRoutes,
  openai: openAiRoutes,
  mcp: mcpRoutes,
  a2a: a2aRoutes,
  console: consoleRoutes,
};

/** The name of a gateway. */
export type GatewayName = keyof typeof gateways;
/** Names of all gateways. */
export const gatewayNames = Object.keys(gateways) as GatewayName[];
/** Returns true for the name of a gateway. */
export const isGateway = (name: string): name is GatewayName => Object.hasOwn(gateways, name);

/** Returns the routes of the chosen gateways, each gateway once. */
export const routesOf = (names: readonly GatewayName[]): readonly Route[] =>
  [...new Set(names)].flatMap((name) => gateways[name]);

/** A composed gateway. */
export interface Gateway {
  readonly app: App;
  /** Health checks by name. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** Ends streams and requests, then closes the services that the gateway started. */
  close(): Promise<void>;
}

/** Maximum time to receive a whole request, so that a slow client does not keep its connection. Answers are not limited. */
const REQUEST_MS_MAX = 30_000;
/** Longest parameter of a path; each parameter's schema has a lower bound of its own. */
const PARAMETER_CHARS_MAX = 256;
/** Maximum time for requests in flight when the process stops: half of its ten seconds. */
const DRAIN_MS_MAX = 5_000;

/** Composes routes on one Fastify instance and starts the tail. Call `app.listen` or `app.inject` on the result. */
export async function createGateway(routes: readonly Route[], parts: GatewayParts): Promise<Gateway> {
  const services = await createServices(routes, parts);
  const verbose = parts.config.logLevel === 'debug' || parts.config.logLevel === 'trace';
  const { http: files } = parts.config.tls;
  const app: App = Fastify({
    // Fastify's types know an https server only as another type of app.
    ...(files !== null && { https: serverOptions(files) as unknown as null }),
    loggerInstance: parts.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: !verbose }),
    bodyLimit: BODY_BYTES_MAX,
    childLoggerFactory: requestLogger,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: answerUnroutable(services.metrics),
    requestTimeout: REQUEST_MS_MAX,
    routerOptions: { maxParamLength: PARAMETER_CHARS_MAX },
    genReqId: requestIdOf,
    requestIdHeader: false,
    rewriteUrl: routedUrl,
    // The turns gateway ends its streams itself; closing idle connections loses nothing.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(requestValidator);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  parseJson(app);
  parseNdjson(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id);
    done();
  });
  answerProblems(app, services.metrics);
  traceRequests(app);
  measureRequests(app, services.metrics);
  await allowOrigins(app, parts.config.http.corsOrigins);
  negotiate(app);
  authenticate(app, services);
  await protect(app, { redis: parts.redis, perMinute: parts.config.rateLimitPerMinute });
  documentRoutes(app);
  await documentApi(app, parts.config);
  for (const { register } of routes) register(app, services);
  const checks = healthChecks(services, parts.checks ?? {});
  operationRoutes(app, services, checks);
  const forget = files === null ? null : keepCertificate(app.server as Server, files, parts.logger);
  await app.ready();
  services.tail.start();
  return {
    app,
    checks,
    close: async () => {
      forget?.();
      await closeServer(app);
      await services.close();
    },
  };
}

/** Answers requests in flight; closes each connection when it becomes idle, and all connections after 5 s. */
async function closeServer(app: App): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), 50);
  const end = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS_MAX);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(end);
  }
}
