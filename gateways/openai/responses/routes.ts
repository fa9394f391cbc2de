import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { topicOf, topics } from '../../../schemas/topics.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { digestOf, identityOf } from '../../shared/idempotency.ts';
import { modelFailure } from '../../shared/problems/model-failure.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { Route } from '../../shared/route/route.ts';
import { StreamEnds } from '../../shared/stream/stream-end.ts';
import { traceparentOf } from '../../shared/trace.ts';
import { deltaText } from '../../turns/answer-text.ts';
import { LiveTexts } from '../../turns/live-texts.ts';
import { modelOf } from '../asked-model.ts';
import { requireChange } from '../change-session.ts';
import { openAiErrors } from '../error-format.ts';
import { turnRecords } from '../turn-watch.ts';
import { type CreateResponseBody, createResponseBody, responseBody, responseIdSchema } from './body.ts';
import type { AskedResponse } from './command.ts';
import { conversationItems, conversationOrNotFound, itemsBefore, responseOrNotFound } from './context.ts';
import { type InputItem, storedItems } from './items.ts';
import { responseEvent, writeEvents } from './stream.ts';
import { type ResponseServices, ResponseTurns, type RunningResponse } from './turns.ts';
import { bodyOf, type ResponseEnd, uuidOf, viewOfRow } from './view.ts';

/** Offsets of deltas that a gateway reads again when it starts: see the turns gateway. */
const DELTAS_REWIND = 4_000;

const modelProblems = [
  'FORMAT_UNSUPPORTED',
  'TOOLS_UNSUPPORTED',
  'SLM_FAILED',
  'SLM_UNAVAILABLE',
  'SLM_TIMEOUT',
  'CONSTITUTION_UNVERIFIED',
] as const;
const read = ['READ_MODEL_UNAVAILABLE'] as const;
export const responseFields = { response_id: responseIdSchema.meta({ description: 'Id of a response' }) };

const streamable = (description: string) => ({
  description,
  content: {
    'application/json': { schema: responseBody },
    'text/event-stream': { schema: responseEvent },
  },
});

/** Routes `POST /v1/responses`, `GET /v1/responses/{response_id}` and `POST …/cancel`: a response is a turn of a session. */
export const responseRoutes: Route<ResponseServices> = {
  outcomes: ['SessionStarted', 'SessionRefused', 'TurnQueued', 'TurnRefused'],
  follows: [
    ...turnRecords.map((record) => topicOf(record)).filter(({ name }) => name !== topics.conversationDeltas.name),
    { ...topics.conversationDeltas, rewind: DELTAS_REWIND },
  ],
  register(app, services) {
    const texts = new LiveTexts();
    services.tail.listen(({ record, meta }) => {
      if (record.type === 'TurnDelta') texts.add(deltaText({ data: record.data, meta }));
      else if (record.type === 'TurnCompleted' || record.type === 'TurnFailed')
        texts.end(record.data.sessionId, record.data.sequence);
    });
    const turns = new ResponseTurns(services, texts);
    const ends = new StreamEnds(services.credentialStatus);
    app.addHook('preClose', async () => ends.close());
    createRoute(app, services, turns, ends);
    getRoute(app, services, turns, ends);
    cancelRoute(app, services, turns);
  },
};

/** Resolves with a request and what it continues. */
async function askedOf(
  request: FastifyRequest,
  body: CreateResponseBody,
  caller: Caller,
  services: ResponseServices,
): Promise<AskedResponse> {
  const { tenantId } = caller;
  const model = modelOf(services.models, body.model);
  const identity = identityOf(caller, { operationId: 'createResponse', tenantId, params: {} }, undefined);
  const input: readonly InputItem[] =
    typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input;
  const items = storedItems(input, (at) => identity.partId(`item-${at}`));
  const previousTurnId = body.previous_response_id ? uuidOf(body.previous_response_id) : null;
  const named = typeof body.conversation === 'object' ? body.conversation?.id : body.conversation;
  const conversation = named ? await conversationOrNotFound(services, tenantId, uuidOf(named)) : null;
  const before =
    conversation !== null
      ? await conversationItems(services, tenantId, conversation.session_id)
      : previousTurnId === null
        ? []
        : await itemsBefore(services, tenantId, previousTurnId);
  return {
    ...{ body, caller, identity, model, items, before, previousTurnId, conversation },
    ...{ requestDigest: digestOf(body), traceparent: traceparentOf(request.raw) },
  };
}

/** Resolves with the end of a response. Rejects with the Problem of a failure. */
async function wholeOf(running: RunningResponse): Promise<ResponseEnd> {
  for await (const part of running.parts()) {
    if (typeof part === 'string') continue;
    if (part.kind === 'failed') throw modelFailure(part.code, part.detail);
    return part;
  }
  throw new Problem('SLM_TIMEOUT', 'The answer was not complete in time');
}

function createRoute(app: App, services: ResponseServices, turns: ResponseTurns, ends: StreamEnds): void {
  app.route({
    method: 'POST',
    url: '/v1/responses',
    config: {
      ...{ auth: 'api_key', produces: ['application/json', 'text/event-stream'], problemFormat: openAiErrors },
      appends: ['StartSession', 'SubmitTurn', 'CancelTurn'],
      problems: [
        ...[...policyRefusals, ...modelProblems, ...read],
        ...([
          'STREAMS_EXHAUSTED',
          'SHUTTING_DOWN',
          'RESPONSE_NOT_FOUND',
          'CONVERSATION_NOT_FOUND',
          'TURN_RUNNING',
        ] as const),
      ],
    },
    schema: {
      operationId: 'createResponse',
      tags: ['openai'],
      summary: 'Answer an input, whole, as a stream, or in the background',
      description:
        'A governed turn: decided by policy, held against budgets, metered, and in the audit. `previous_response_id` continues a response in a session of its own; with `conversation` it is the next turn of that session, one at a time. It is cancelled when its client disconnects, unless it runs in the background. A parameter that is not listed is refused with 400.',
      body: createResponseBody,
      response: { 200: streamable('The response; with `"stream": true` its events') },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { body } = request;
      const asked = await askedOf(request, body, caller, services);
      const release = services.streamLimits.enter(caller.tenantId);
      const signal = ends.of(reply.raw, caller, release);
      const running = await turns.start(asked, signal);
      const { view } = running;
      const shownEnd = () => turns.shownEnd(caller.tenantId, view.turnId);
      try {
        if (body.stream === true) {
          const options = { after: -1, metrics: services.metrics, shownEnd };
          return await writeEvents(running, request, reply, options);
        }
        if (view.background) return await reply.send(bodyOf(view));
        const end = await wholeOf(running);
        if (view.stored) await shownEnd();
        return await reply.send(bodyOf({ ...view, end, completedAt: Math.floor(Date.now() / 1_000) }));
      } finally {
        running.close();
      }
    },
  });
}

function getRoute(app: App, services: ResponseServices, turns: ResponseTurns, ends: StreamEnds): void {
  app.route({
    method: 'GET',
    url: '/v1/responses/:response_id',
    exposeHeadRoute: false,
    config: {
      ...{ auth: 'api_key', produces: ['application/json', 'text/event-stream'], problemFormat: openAiErrors },
      problems: ['RESPONSE_NOT_FOUND', 'STREAMS_EXHAUSTED', 'SHUTTING_DOWN', ...read],
    },
    schema: {
      operationId: 'getResponse',
      tags: ['openai'],
      summary: 'Get a response, or the rest of its stream',
      description:
        'With `stream=true` its events; `starting_after` is the `sequence_number` of the last event that the client has. Numbers derive from places in the log: any gateway continues any stream, also of a response that has ended, for as long as the response is kept.',
      params: z.object(responseFields),
      querystring: z.strictObject({
        stream: z.stringbool().default(false).meta({ description: 'True for Server-Sent Events' }),
        starting_after: z.coerce
          .number()
          .int()
          .min(0)
          .optional()
          .meta({ description: 'Only events after this number' }),
        include: z.unknown().optional().meta({ description: 'Taken, and without effect' }),
        include_obfuscation: z.literal('false').optional(),
      }),
      response: { 200: streamable('The response; with `stream=true` its events') },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      const view = viewOfRow(await responseOrNotFound(services, tenantId, uuidOf(request.params.response_id)));
      const { stream, starting_after: after = -1 } = request.query;
      if (!stream) return reply.send(bodyOf(view));
      const signal = ends.of(reply.raw, caller, services.streamLimits.enter(tenantId));
      const running = turns.follow(tenantId, view, signal);
      const shownEnd = () => turns.shownEnd(tenantId, view.turnId);
      try {
        return await writeEvents(running, request, reply, { after, metrics: services.metrics, shownEnd });
      } finally {
        running.close();
      }
    },
  });
}

async function cancelled(
  request: FastifyRequest,
  reply: FastifyReply,
  turnId: string,
  { services, turns }: { readonly services: ResponseServices; readonly turns: ResponseTurns },
) {
  requireChange(request);
  const caller = callerOf(request);
  const row = await responseOrNotFound(services, caller.tenantId, turnId);
  const view = viewOfRow(row);
  if (!view.background)
    throw new Problem('RESPONSE_NOT_IN_BACKGROUND', 'Only a response that runs in the background can be cancelled');
  if (view.end === null) {
    await turns.cancel(caller, view, row.place, 'CLIENT_CANCELLED', traceparentOf(request.raw));
    const end = await turns.shownEnd(caller.tenantId, turnId);
    return reply.send(bodyOf({ ...view, end, completedAt: Math.floor(Date.now() / 1_000) }));
  }
  return reply.send(bodyOf(view));
}

function cancelRoute(app: App, services: ResponseServices, turns: ResponseTurns): void {
  app.route({
    method: 'POST',
    url: '/v1/responses/:response_id/cancel',
    config: {
      ...{ auth: 'api_key', problemFormat: openAiErrors, appends: ['CancelTurn'] },
      problems: ['CAPABILITY_MISSING', 'RESPONSE_NOT_FOUND', 'RESPONSE_NOT_IN_BACKGROUND', 'LOG_UNAVAILABLE', ...read],
    },
    schema: {
      operationId: 'cancelResponse',
      tags: ['openai'],
      summary: 'Cancel a response that runs in the background',
      description: 'Requires `sessions:change`. A response that has ended stays as it is. What it has used is metered.',
      params: z.object(responseFields),
      response: { 200: responseBody },
    },
    handler: (request, reply) => cancelled(request, reply, uuidOf(request.params.response_id), { services, turns }),
  });
}
