import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { topics } from '../../schemas/topics.ts';
import type { App } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import type { Route } from '../shared/route/route.ts';
import { sessionFields } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import { openStream, writeStream } from '../shared/stream/stream.ts';
import { StreamEnds } from '../shared/stream/stream-end.ts';
import { traceparentOf } from '../shared/trace.ts';
import { Conversation } from './conversation.ts';
import { ConversationHub } from './hub.ts';
import { LogGapReader } from './log-gap-reader.ts';
import { StreamCut } from './stream-cut.ts';
import { positionOf, RESUME_ID } from './stream-position.ts';
import { writeTenantStream } from './tenant-stream.ts';

const eventsExample = [
  'retry: 1000',
  '',
  'id: 3-3.0.0',
  'event: turn.started',
  'data: {"event_id":"…","session_id":"…","turn_id":"…","sequence":3,"at":"2026-01-01T00:00:00.000Z","prompt":"What is a khipu?","model":null}',
  '',
  'id: 3-3.1.7',
  'event: turn.delta',
  'data: {"event_id":"…","session_id":"…","turn_id":"…","at":"2026-01-01T00:00:01.000Z","attempt":1,"start":0,"text":"A khipu"}',
  '',
].join('\n');

const resumeId = z.string().regex(RESUME_ID, 'Expected the id of an event of this stream').optional();

/**
 * Offsets of deltas that a gateway reads again when it starts, per partition, so that it has the text of the turns that
 * run. A delta takes two, with the marker of its transaction: about 200 seconds of answers at ten deltas a second.
 */
const DELTAS_REWIND = 4_000;

type TurnServices = Pick<
  GatewayServices,
  'tail' | 'log' | 'decoder' | 'readModel' | 'access' | 'metrics' | 'credentialStatus' | 'streamLimits'
>;

/** Headers that keep caches and proxies from holding a stream back. */
const streamHeaders = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' };

/**
 * Routes `GET /v1/turn/{session_id}`, the conversation of a session as Server-Sent Events, and `GET /v1/turns`, those of a
 * tenant. They share one reading of the conversations.
 */
const streams: Route<TurnServices> = {
  outcomes: [],
  // Conversations, their text, and the sessions that began while this gateway listens.
  follows: [topics.conversationEvents, { ...topics.conversationDeltas, rewind: DELTAS_REWIND }, topics.sessionsEvents],
  register(app, services) {
    const hub = new ConversationHub(services.tail);
    const ends = new StreamEnds(services.credentialStatus);
    app.addHook('preClose', async () => ends.close());
    streamTurn(app, services, hub, ends);
    streamTurns(app, services, hub, ends);
  },
};

/** The routes of the turns gateway. */
export const turnsRoutes: readonly Route<TurnServices>[] = [streams];

function streamTurn(app: App, services: TurnServices, hub: ConversationHub, ends: StreamEnds): void {
  const { log, decoder, readModel, access, metrics, streamLimits } = services;
  const gapReader = new LogGapReader(log, decoder);

  app.route({
    method: 'GET',
    url: '/v1/turn/:session_id',
    exposeHeadRoute: false,
    config: {
      ...{ auth: 'any', tickets: true, produces: 'text/event-stream' },
      problems: ['SESSION_UNKNOWN', 'STREAMS_EXHAUSTED', 'READ_MODEL_UNAVAILABLE', 'SHUTTING_DOWN'],
    },
    schema: {
      operationId: 'streamTurn',
      summary: 'Stream the turns of a session',
      description:
        'Server-Sent Events: `turn.queued`, `turn.started`, `turn.delta`, then `turn.completed`, `turn.failed` or `turn.refused`. ' +
        'The `id` of an event is the position behind it. `Last-Event-ID` resumes the stream after that event without a gap or a repeat, at any gateway. ' +
        'With `turn_id` the stream ends with that turn; without it, when no turn is open; with `follow=true` it stays open. ' +
        '204 when a resumed stream has no more events.',
      tags: ['turns'],
      params: z.object(sessionFields),
      querystring: z.strictObject({
        turn_id: z.uuid().optional().meta({ description: 'Show only this turn' }),
        last_event_id: resumeId.meta({ description: 'As `Last-Event-ID`, which counts when both are sent' }),
        ticket: z.string().optional().meta({ description: 'Ticket of this session, instead of `Authorization`' }),
        follow: z.stringbool().default(false).meta({ description: 'Keep the stream open after its turns have ended' }),
      }),
      headers: z.looseObject({
        'last-event-id': resumeId.meta({ description: '`id` of the last event that the client has' }),
      }),
      response: {
        200: {
          description: 'A stream of events',
          content: { 'text/event-stream': { schema: z.string().meta({ examples: [eventsExample] }) } },
        },
        204: z.undefined().describe('The turn has ended and the client has all of its events'),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const sessionId = request.params.session_id;
      await access.check(caller, sessionId);
      const release = streamLimits.enter(caller.tenantId);
      const signal = ends.of(reply.raw, caller, release);
      const cut = new StreamCut({
        turnId: request.query.turn_id ?? null,
        follow: request.query.follow,
        request: traceparentOf(request.raw),
        has: positionOf(request.headers['last-event-id'] ?? request.query.last_event_id ?? '0'),
      });
      const conversation = new Conversation(
        { hub, readModel, gapReader },
        {
          tenantId: caller.tenantId,
          sessionId,
          after: cut.readAfter,
          fresh: access.beganHere(sessionId),
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
      reply.headers(streamHeaders).type('text/event-stream').hijack();
      void writeStream(stream, reply.raw, reply.getHeaders() as OutgoingHttpHeaders, metrics);
    },
  });
}

function streamTurns(app: App, { metrics, streamLimits }: TurnServices, hub: ConversationHub, ends: StreamEnds): void {
  app.route({
    method: 'GET',
    url: '/v1/turns',
    exposeHeadRoute: false,
    config: { auth: 'api_key', produces: 'text/event-stream', problems: ['STREAMS_EXHAUSTED', 'SHUTTING_DOWN'] },
    schema: {
      operationId: 'streamTurns',
      summary: 'Stream the turns of all sessions of the tenant',
      description:
        'Server-Sent Events, as of `GET /v1/turn/{session_id}`, of every session, from now on. For a live view: the events have no `id`, and a stream that was cut begins with what happens then. ' +
        'The stream of a session has the events before.',
      tags: ['turns'],
      querystring: z.strictObject({
        seconds: z.coerce
          .number()
          .int()
          .min(1)
          .max(3_600)
          .optional()
          .meta({ description: 'End the stream after this time; it stays open without it', examples: [5] }),
      }),
      response: {
        200: {
          description: 'A stream of events',
          content: {
            'text/event-stream': {
              schema: z.string().meta({ examples: [eventsExample.replaceAll(/^id: .*\n/gm, '')] }),
            },
          },
        },
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      const release = streamLimits.enter(tenantId);
      const feed = hub.openTenant(tenantId);
      const { seconds } = request.query;
      const over =
        seconds === undefined ? undefined : setTimeout(() => hub.closeTenant(tenantId, feed), seconds * 1_000);
      const close = (): void => {
        clearTimeout(over);
        hub.closeTenant(tenantId, feed);
      };
      const signal = ends.of(reply.raw, caller, release);
      if (signal.aborted) close();
      else signal.addEventListener('abort', close, { once: true });
      reply.headers(streamHeaders).type('text/event-stream').hijack();
      void writeTenantStream(feed, reply.raw, reply.getHeaders() as OutgoingHttpHeaders, metrics);
    },
  });
}
