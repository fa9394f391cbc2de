import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '../../infra/kit/errors.ts';
import { topics } from '../../schemas/topics.ts';
import type { App } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { originOf, requireOwnOrigin } from '../shared/origin.ts';
import type { Route } from '../shared/route/route.ts';
import type { GatewayServices } from '../shared/services.ts';
import { traceparentOf } from '../shared/trace.ts';
import type { McpAsked, McpServices } from './asked.ts';
import { mcpErrors } from './error-format.ts';
import { clientDocument, MCP_PATH, metadataChallenge, protectedResource } from './resource.ts';
import { serverFor } from './server.ts';

type Needs = McpServices & Pick<GatewayServices, 'identityProvider'>;

/** Streams of `subscriptions/listen` that a process holds open. Nothing is sent on them: lists are read again. */
const SUBSCRIPTIONS_MAX = 100;

/** Returns a request of Fastify as the handler of the protocol takes it. Its credentials stay here. */
function webRequest(request: FastifyRequest, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (name === 'authorization' || name === 'cookie' || name === 'content-length') continue;
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  return new Request(`http://khipu${MCP_PATH}`, { method: request.method, headers, signal });
}

async function answer(
  handler: McpHttpHandler,
  { config }: Pick<Needs, 'config'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const caller = callerOf(request);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const key = request.headers['idempotency-key'];
  const asked: McpAsked = {
    ...{ caller, traceparent: traceparentOf(request.raw), origin: originOf(request, config.http) },
    idempotencyKey: typeof key === 'string' ? key : undefined,
  };
  // The token of the caller goes no further than its authentication.
  const authInfo = { token: '', clientId: caller.principal, scopes: [], extra: { asked } };
  const { status, headers, body } = await handler.fetch(webRequest(request, gone.signal), {
    authInfo,
    parsedBody: request.body,
  });
  reply.code(status).headers(Object.fromEntries(headers));
  return reply.send(body === null ? null : Readable.fromWeb(body as WebStream));
}

function register(app: App, services: Needs): void {
  const { logger, config } = services;
  const handler = createMcpHandler(
    ({ era, authInfo }) => serverFor(services, authInfo?.extra?.['asked'] as McpAsked, era),
    {
      maxSubscriptions: SUBSCRIPTIONS_MAX,
      onerror: (error) => logger.debug({ detail: messageOf(error) }, 'a message over MCP was not served'),
    },
  );
  app.addHook('preClose', () => handler.close());
  app.route({
    method: 'POST',
    url: MCP_PATH,
    config: {
      ...{
        auth: 'any',
        produces: '*/*',
        problemFormat: mcpErrors,
        appends: ['CallTool', 'StartJob', 'CancelJob', 'StartAgentRun', 'CancelAgentRun'],
      },
      isMcpResource: true,
    },
    // Its document is the protocol: OpenAPI does not describe JSON-RPC.
    schema: { hide: true } as object,
    onRequest: (request, _reply, done) => {
      requireOwnOrigin(request, config.http);
      done();
    },
    onSend: (request, reply, payload, done) => {
      const more = reply.statusCode === 401 ? metadataChallenge(request, services) : null;
      if (more !== null)
        reply.header('www-authenticate', `${reply.getHeader('www-authenticate') ?? 'Bearer'}, ${more}`);
      done(null, payload);
    },
    handler: (request, reply) => answer(handler, services, request, reply),
  });
}

/** Route `POST /mcp`: the Model Context Protocol over streamable HTTP, without sessions. */
const endpoint: Route<Needs> = {
  outcomes: [
    ...([
      'ToolCallCompleted',
      'ToolCallRefused',
      'ToolCallWaiting',
      'JobAccepted',
      'JobRefused',
      'JobCancelled',
    ] as const),
    ...(['AgentRunStarted', 'AgentRunRefused', 'AgentRunCancelled'] as const),
  ],
  follows: [topics.jobsEvents],
  register,
};

/** Routes of the Model Context Protocol: tools, jobs and capsules for its clients, each a governed command. */
export const mcpRoutes: readonly Route[] = [endpoint, protectedResource, clientDocument];
