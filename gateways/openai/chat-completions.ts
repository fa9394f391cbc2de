import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { policyRefusals } from '../../schemas/contexts/policy/refusals.ts';
import { topicOf } from '../../schemas/topics.ts';
import type { App } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { digestOf, identityOf } from '../shared/idempotency.ts';
import { problemOf } from '../shared/problems/from-error.ts';
import type { Route } from '../shared/route/route.ts';
import { StreamEnds } from '../shared/stream/stream-end.ts';
import { traceparentOf } from '../shared/trace.ts';
import { modelOf } from './asked-model.ts';
import { type ChatBody, chatBody, chatCompletion } from './chat-schemas.ts';
import { type ChatServices, ChatTurns, type StartedTurn } from './chat-turns.ts';
import { chunkFrames, dataFrame, finishReasonOf, usageOf } from './chunks.ts';
import type { CompletionPart } from './completion.ts';
import { errorOf, openAiErrors } from './error-format.ts';
import { callBody } from './tools.ts';
import { turnRecords } from './turn-watch.ts';

/** Schema of an event of a stream, as a reader of server-sent events sees it. */
const chunkEvent = z.looseObject({ data: z.string() }).meta({
  description: 'A chunk as JSON; the last event is `[DONE]`',
  examples: [
    {
      data: '{"id":"chatcmpl-…","object":"chat.completion.chunk","created":1767225600,"model":"smollm2-135m-instruct","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}',
    },
  ],
});

/** Route `POST /v1/chat/completions`: a completion is the turn of a session of its own. */
export const chatCompletions: Route<ChatServices> = {
  outcomes: ['SessionStarted', 'SessionRefused'],
  follows: turnRecords.map((record) => topicOf(record)),
  register: chatRoute,
};

function chatRoute(app: App, services: ChatServices): void {
  const turns = new ChatTurns(services);
  const ends = new StreamEnds(services.credentialStatus);
  app.addHook('preClose', async () => ends.close());

  app.route({
    method: 'POST',
    url: '/v1/chat/completions',
    config: {
      ...{
        auth: 'api_key',
        produces: ['application/json', 'text/event-stream'],
        appends: ['StartSession', 'CancelTurn'],
        problemFormat: openAiErrors,
      },
      problems: [...policyRefusals, 'STREAMS_EXHAUSTED', 'SHUTTING_DOWN', ...modelProblems],
    },
    schema: {
      operationId: 'createChatCompletion',
      tags: ['openai'],
      summary: 'Answer a chat, whole or as a stream',
      description:
        'A session of one turn under a policy decision: `id` names the session, and its events are in the audit. The answer is cancelled when the client disconnects, and metered up to there. Tools of the request are offered to the model: the answer may ask for calls, which the client makes; their names, descriptions and schemas, and the results, are read by policy and count to the limits and the price like the messages. A parameter that is not listed is refused with 400.',
      body: chatBody,
      response: {
        200: {
          description: 'The completion; with `"stream": true` its chunks',
          content: {
            'application/json': { schema: chatCompletion },
            'text/event-stream': { schema: chunkEvent },
          },
        },
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const model = modelOf(services.models, request.body.model);
      const release = services.streamLimits.enter(caller.tenantId);
      const signal = ends.of(reply.raw, caller, release);
      // The OpenAI API knows no repeated requests: each one is a session of its own.
      const operation = { operationId: 'createChatCompletion', tenantId: caller.tenantId, params: {} };
      const identity = identityOf(caller, operation, undefined);
      const turn = await turns.start(
        {
          ...{ body: request.body, caller, identity, model },
          ...{ requestDigest: digestOf(request.body), traceparent: traceparentOf(request.raw) },
        },
        signal,
      );
      try {
        return await (request.body.stream === true ? streamed : whole)(turn, request, reply, services);
      } finally {
        turn.close();
      }
    },
  });
}

const modelProblems = [
  'FORMAT_UNSUPPORTED',
  'TOOLS_UNSUPPORTED',
  'SLM_FAILED',
  'SLM_UNAVAILABLE',
  'SLM_TIMEOUT',
  'CONSTITUTION_UNVERIFIED',
] as const;

/** Answers with the whole completion. */
async function whole(turn: StartedTurn, _request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { finishReason, text, toolCalls, tokensConsumed, refusal } = await turn.whole();
  const asked = toolCalls.length === 0 ? {} : { tool_calls: toolCalls.map(callBody) };
  return reply.send({
    ...{ id: turn.head.id, object: 'chat.completion', created: turn.head.created, model: turn.head.model },
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && toolCalls.length > 0 ? null : text,
          refusal,
          ...asked,
        },
        logprobs: null,
        finish_reason: finishReasonOf(finishReason),
      },
    ],
    usage: usageOf(tokensConsumed),
  });
}

/**
 * Answers with chunks. The response begins with the first text, so that an earlier failure has a status; a later one is
 * an error in the stream, and the stream then ends without `[DONE]`.
 */
async function streamed(
  turn: StartedTurn,
  request: FastifyRequest,
  reply: FastifyReply,
  { metrics }: Pick<ChatServices, 'metrics'>,
): Promise<FastifyReply> {
  const { stream_options: options } = request.body as ChatBody;
  const frames = chunkFrames(turn.head, options?.include_usage === true);
  const parts = turn.parts();
  const first = await parts.next();
  reply
    .header('cache-control', 'no-store, no-transform')
    .header('x-accel-buffering', 'no')
    .type('text/event-stream; charset=utf-8')
    .hijack();
  const response = reply.raw;
  // A write after the client has left fails; the turn is cancelled by its signal.
  response.on('error', () => undefined);
  metrics.streamsOpen.inc();
  try {
    response.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
    response.write(frames.first());
    for (let next: IteratorResult<CompletionPart> = first; next.done !== true; next = await parts.next()) {
      const part = next.value;
      response.write(
        part.kind === 'text'
          ? frames.text(part.text)
          : frames.calls(part.data.toolCalls) + frames.end(part.data.finishReason, part.data.tokensConsumed),
      );
    }
    response.end();
  } catch (error) {
    if (response.destroyed) return reply;
    request.log.warn({ err: error }, 'a streamed completion failed');
    response.end(dataFrame(errorOf(problemOf(error as Error), request.id)));
  } finally {
    metrics.streamsOpen.dec();
  }
  return reply;
}
