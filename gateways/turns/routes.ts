import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { sessionParams } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import { Conversation } from './conversation.ts';
import { StreamCut } from './frames.ts';
import { ConversationHub } from './hub.ts';
import { LogStretch } from './log-stretch.ts';
import { openStream, writeStream } from './stream.ts';
import { StreamEnds } from './stream-end.ts';
import { StreamLimits } from './stream-limits.ts';

/** Topics whose events this gateway listens to. */
export const turnsTopics = ['conversation.events', 'sessions.events'] as const;

const eventsExample = [
  'retry: 1000',
  '',
  'id: 2',
  'event: turn.started',
  'data: {"event_id":"…","session_id":"…","turn_id":"…","sequence":2,"at":"2026-01-01T00:00:00.000Z","prompt":"What is a khipu?","model":null}',
  '',
].join('\n');

/** `GET /v1/turn/{session_id}`: the conversation of a session as Server-Sent Events. */
export function turnsRoutes(app: App, services: GatewayServices): void {
  const { tail, log, decoder, readModel, access, outcomes, metrics, standing } = services;
  const hub = new ConversationHub(tail);
  const logStretch = new LogStretch(log, decoder);
  const limits = new StreamLimits();
  const ends = new StreamEnds(standing);
  app.addHook('preClose', async () => ends.close());

  app.route({
    method: 'GET',
    url: '/v1/turn/:session_id',
    exposeHeadRoute: false,
    config: { auth: 'any', produces: 'text/event-stream', streams: true },
    schema: {
      operationId: 'streamTurn',
      summary: 'The turns of a session as they happen',
      description:
        'Server-Sent Events `turn.queued`, `turn.started`, `turn.delta`, then `turn.completed`, `turn.failed` or `turn.refused`. ' +
        'The `id` of an event is its sequence in the session; `Last-Event-ID` resumes behind it with no gap and no repeat, at any gateway. ' +
        'With `turn_id` the stream ends with that turn; without, when no turn is open; with `follow=true` it stays. ' +
        '204 when a resumed stream has nothing more to say.',
      tags: ['turns'],
      security: security.any,
      params: sessionParams,
      querystring: z.object({ turn_id: z.uuid().optional(), follow: z.stringbool().default(false) }),
      headers: z.looseObject({
        'last-event-id': z
          .string()
          .regex(/^\d{1,9}$/, 'Expected the id of an event of this stream')
          .optional(),
      }),
      response: {
        200: {
          description: 'A stream of events',
          content: { 'text/event-stream': { schema: z.string().meta({ examples: [eventsExample] }) } },
        },
        204: z.undefined().describe('The turn has ended, and the reader has all of it'),
        ...problemResponses(
          ...credentialProblems,
          'REQUEST_INVALID',
          'SESSION_UNKNOWN',
          'STREAMS_EXHAUSTED',
          'READ_MODEL_UNAVAILABLE',
          'SHUTTING_DOWN',
        ),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const sessionId = request.params.session_id;
      await access.check(caller, sessionId);
      const release = limits.enter(caller.tenantId);
      const signal = ends.of(reply.raw, caller, release);
      const cut = new StreamCut({
        turnId: request.query.turn_id ?? null,
        follow: request.query.follow,
        lastEventId: Number(request.headers['last-event-id'] ?? 0),
      });
      const conversation = new Conversation(
        { hub, readModel, logStretch },
        {
          tenantId: caller.tenantId,
          sessionId,
          after: cut.readAfter,
          fresh: outcomes.recent(sessionId) !== undefined,
          signal,
        },
      );
      const giveUp = (): void => {
        conversation.close();
        release();
      };
      const stream = await openStream(conversation, cut).catch((error: unknown) => {
        giveUp();
        throw error;
      });
      if (stream === null) {
        giveUp();
        return reply.code(204).send();
      }
      reply
        .header('cache-control', 'no-store, no-transform')
        .header('x-accel-buffering', 'no')
        .type('text/event-stream')
        .hijack();
      void writeStream(stream, reply.raw, reply.getHeaders() as OutgoingHttpHeaders, metrics);
    },
  });
}
