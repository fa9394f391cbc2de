import { A2A_PROTOCOL_VERSION, A2A_VERSION_HEADER, SendMessageRequest, SubscribeToTaskRequest } from '@a2a-js/sdk';
import {
  RequestMalformedError,
  toJsonRpcError,
  UnsupportedOperationError,
  VersionNotSupportedError,
} from '@a2a-js/sdk/errors';
import { JsonRpcTransportHandler, ServerCallContext } from '@a2a-js/sdk/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { topics } from '../../schemas/topics.ts';
import type { App } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import type { Route } from '../shared/route/route.ts';
import { subjectStreams } from '../shared/stream/serve-subject.ts';
import { StreamEnds } from '../shared/stream/stream-end.ts';
import { traceparentOf } from '../shared/trace.ts';
import { agentOf, messageIn, orA2aError } from './agent.ts';
import { agentCardRoute, agentFields } from './agent-card.ts';
import { type A2aAsked, type A2aServices, type AgentParams, runningCapsule } from './asked.ts';
import { a2aErrors } from './errors.ts';
import { knownRun, startRun } from './runs.ts';
import { TaskView } from './stream.ts';
import { isOver } from './tasks.ts';

const STREAMS: ReadonlySet<unknown> = new Set(['SendStreamingMessage', 'SubscribeToTask']);

/** A message of JSON-RPC as far as it is read here; the handler of the protocol checks the rest. */
const rpcBody = z.looseObject({ method: z.unknown(), id: z.unknown(), params: z.unknown() });
const rpcId = z.union([z.string(), z.int(), z.null()]).catch(null);
type Rpc = z.output<typeof rpcBody>;

/** Throws RequestMalformedError for parameters of a message that have another form than the protocol says. */
function messageParams(params: unknown): SendMessageRequest {
  try {
    return SendMessageRequest.fromJSON(params);
  } catch (cause) {
    throw new RequestMalformedError({ message: 'params: expected those of a message', cause });
  }
}

/** Throws VersionNotSupportedError for another version of the protocol; without the header, it is 0.3. */
function requireVersion(request: FastifyRequest): void {
  if (request.headers[A2A_VERSION_HEADER.toLowerCase()] !== A2A_PROTOCOL_VERSION)
    throw new VersionNotSupportedError(`${A2A_VERSION_HEADER}: this endpoint speaks ${A2A_PROTOCOL_VERSION}`);
}

/** Resolves with the run whose stream a request asks for: a new one of its message, or one that is there and has not ended. */
async function runToStream(services: A2aServices, asked: A2aAsked, { method, params }: Rpc): Promise<string> {
  if (method === 'SendStreamingMessage') return startRun(services, asked, messageIn(messageParams(params)));
  const run = await knownRun(services, asked, SubscribeToTaskRequest.fromJSON(params).id);
  if (isOver(run)) throw new UnsupportedOperationError('The task has ended: GetTask has its result');
  return run.runId;
}

function register(app: App, services: A2aServices): void {
  const serve = subjectStreams(app, services, services.agentRuns);
  const ends = new StreamEnds(services.credentialStatus);
  app.addHook('preClose', async () => ends.close());

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const caller = callerOf(request);
    const { tenant, install } = request.params as AgentParams;
    const asked: A2aAsked = { caller, install, traceparent: traceparentOf(request.raw) };
    const rpc = rpcBody.parse(request.body);
    const id = rpcId.parse(rpc.id);
    try {
      const runId = await orA2aError(services, async () => {
        requireVersion(request);
        runningCapsule(services.tables, caller, { tenant, install });
        if (rpc.method === 'SendMessage') messageParams(rpc.params);
        return STREAMS.has(rpc.method) ? runToStream(services, asked, rpc) : null;
      });
      if (runId !== null)
        return await serve(request, reply, {
          ...{ subjectId: runId, lastEventId: null },
          view: new TaskView(id, runId),
        });
    } catch (error) {
      return reply.send({ jsonrpc: '2.0', id, error: toJsonRpcError(error) });
    }
    const signal = ends.of(reply.raw, caller, () => undefined);
    const handler = new JsonRpcTransportHandler(agentOf(services, asked, signal));
    return reply.send(await handler.handle(rpc, new ServerCallContext({ requestedVersion: A2A_PROTOCOL_VERSION })));
  }

  app.route({
    method: 'POST',
    url: '/a2a/:tenant/:install',
    config: {
      ...{ auth: 'any', produces: '*/*', problemFormat: a2aErrors },
      appends: ['StartAgentRun', 'CancelAgentRun'],
    },
    // Its document is the card: OpenAPI does not describe JSON-RPC.
    schema: { hide: true, params: z.object(agentFields), body: rpcBody } as object,
    handler: answer,
  });
}

/** Route `POST /a2a/{tenant}/{install}`: the agent that an install is, over JSON-RPC. */
const agentRoute: Route<A2aServices> = {
  outcomes: ['AgentRunStarted', 'AgentRunRefused', 'AgentRunCancelled'],
  follows: [topics.agentsEvents],
  register,
};

/** Routes of the Agent2Agent protocol: each install of a capsule is an agent with a signed card. */
export const a2aRoutes: readonly Route[] = [agentCardRoute, agentRoute];
