import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { HealthCheck } from '../infra/telemetry/admin-server.ts';
import { createServices, type GatewayParts } from './create-services.ts';
import { httpRoutes, httpTopics } from './http/routes.ts';
import { negotiate } from './shared/accept.ts';
import type { App } from './shared/app-type.ts';
import { authenticate } from './shared/auth/authenticate.ts';
import { documentApi } from './shared/document.ts';
import { measureRequests } from './shared/metrics.ts';
import { healthChecks, operationRoutes } from './shared/operations.ts';
import { answerProblems, answerUnroutable } from './shared/problems/handlers.ts';
import { answerUnreadable } from './shared/problems/unreadable.ts';
import { protect } from './shared/protect.ts';
import { requestLogger } from './shared/request-logger.ts';
import { requestIdOf } from './shared/trace.ts';
import { slmRoutes, slmTopics } from './slm/routes.ts';
import { turnsRoutes, turnsTopics } from './turns/routes.ts';

const gateways = {
  http: { routes: httpRoutes, topics: httpTopics },
  turns: { routes: turnsRoutes, topics: turnsTopics },
  slm: { routes: slmRoutes, topics: slmTopics },
} as const;

export type GatewayName = keyof typeof gateways;
export const gatewayNames = Object.keys(gateways) as GatewayName[];
export const isGateway = (name: string): name is GatewayName => Object.hasOwn(gateways, name);

export interface Gateway {
  readonly app: App;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** Ends streams and requests, then what the gateway itself has started. */
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 256 * 1024;
/** To send a request whole. Who sends a byte now and then holds a connection no longer than this; answers take their time. */
const REQUEST_MS_MAX = 30_000;
/** A process has ten seconds to stop; requests get half of them. */
const DRAIN_MS_MAX = 5_000;

/** Composes the chosen gateways on one Fastify instance. Call `app.listen` or `app.inject`. */
export async function createGateway(names: readonly GatewayName[], parts: GatewayParts): Promise<Gateway> {
  const topics = [...new Set(names.flatMap((name): readonly string[] => gateways[name].topics))];
  const services = await createServices(topics, parts);
  const verbose = parts.config.logLevel === 'debug' || parts.config.logLevel === 'trace';
  const app: App = Fastify({
    loggerInstance: parts.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: !verbose }),
    bodyLimit: BODY_BYTES_MAX,
    childLoggerFactory: requestLogger,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: answerUnroutable(services.metrics),
    requestTimeout: REQUEST_MS_MAX,
    genReqId: requestIdOf,
    requestIdHeader: false,
    // Streams are ended by the turns gateway itself; idle connections have nothing to lose.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  answerProblems(app, services.metrics);
  measureRequests(app, services.metrics);
  negotiate(app);
  authenticate(app, services);
  await protect(app, { redis: parts.redis, perMinute: parts.config.rateLimitPerMinute });
  await documentApi(app, parts.config);
  for (const name of new Set(names)) gateways[name].routes(app, services);
  const checks = healthChecks(services, parts.checks ?? {});
  operationRoutes(app, services, checks);
  await app.ready();
  services.tail.start();
  return {
    app,
    checks,
    close: async () => {
      await closeServer(app);
      services.availability.close();
      await services.switches.close();
      await services.revocations.close();
      await services.directory.close();
      await services.constitutions.close();
      await services.tail.close();
    },
  };
}

/** Answers what is in flight; connections are closed as they fall idle, and all of them in the end. */
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
