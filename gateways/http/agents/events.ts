import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { topics } from '../../../schemas/topics.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { GapReader } from '../../shared/stream/gap-reader.ts';
import { openStream, writeStream } from '../../shared/stream/stream.ts';
import { StreamEnds } from '../../shared/stream/stream-end.ts';
import { SubjectStream } from '../../shared/stream/subject-stream.ts';
import { liveEventOf } from '../../shared/subject-events.ts';
import { runOrUnknown } from './find.ts';
import { agentRunFields } from './schemas.ts';
import { AgentRunView } from './stream.ts';

const eventsExample = [
  'retry: 1000',
  '',
  'id: 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c05',
  'event: agent.call_ended',
  'data: {"event_id":"…","at":"2026-01-01T00:00:00.000Z","run_id":"…","step":1,"call_id":"…","outcome":"succeeded","result":"{"celsius":14}"}',
  '',
].join('\n');

const lastEventId = z.uuid().optional();

type StreamServices = Pick<
  GatewayServices,
  'agentRuns' | 'log' | 'decoder' | 'readModel' | 'metrics' | 'credentialStatus' | 'streamLimits'
>;

function register(app: App, services: StreamServices): void {
  const { agentRuns, log, decoder, readModel, metrics, credentialStatus, streamLimits } = services;
  const gapReader = new GapReader<StoredEvent>(log, decoder, {
    topic: topics.agentsEvents.name,
    itemOf: liveEventOf(topics.agentsEvents.name),
    orderOf: ({ offset }) => offset,
  });
  const ends = new StreamEnds(credentialStatus);
  app.addHook('preClose', async () => ends.close());

  app.route({
    method: 'GET',
    url: '/v1/agents/runs/:run_id/events',
    exposeHeadRoute: false,
    config: {
      ...{ auth: 'any', produces: 'text/event-stream' },
      problems: ['RESOURCE_UNKNOWN', 'STREAMS_EXHAUSTED', 'READ_MODEL_UNAVAILABLE', 'SHUTTING_DOWN'],
    },
    schema: {
      operationId: 'streamAgentRun',
      summary: 'Stream the events of a run',
      description:
        'Server-Sent Events, one per event of the run, such as `agent.step_completed`, `agent.call_ended` and `agent.run_completed`. ' +
        'The `id` of an event is its id in the log. `Last-Event-ID` resumes the stream after that event without a gap or a repeat, at any gateway. ' +
        'The stream ends when the run has. ' +
        '204 when a resumed stream has no more events.',
      tags: ['agents'],
      params: z.object(agentRunFields),
      querystring: z.strictObject({
        last_event_id: lastEventId.meta({ description: 'As `Last-Event-ID`, which counts when both are sent' }),
      }),
      headers: z.looseObject({
        'last-event-id': lastEventId.meta({ description: '`id` of the last event that the client has' }),
      }),
      response: {
        200: {
          description: 'A stream of events',
          content: { 'text/event-stream': { schema: z.string().meta({ examples: [eventsExample] }) } },
        },
        204: z.undefined().describe('The run has ended and the client has all of its events'),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      const runId = request.params.run_id;
      const { row, end } = await runOrUnknown(services, tenantId, runId);
      const release = streamLimits.enter(tenantId);
      const signal = ends.of(reply.raw, caller, release);
      const view = new AgentRunView({ isOver: end !== null || (row?.ended_at ?? null) !== null });
      const source = new SubjectStream(
        { subjects: agentRuns, readModel, gapReader },
        {
          ...{ tenantId, subjectId: runId, signal, onLast: (event) => view.note(event) },
          lastEventId: request.headers['last-event-id'] ?? request.query.last_event_id ?? null,
        },
      );
      const giveUp = (): void => {
        source.close();
        release();
      };
      const stream = await openStream(source, view).catch((error: unknown) => {
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

/** Route `GET /v1/agents/runs/{run_id}/events`. */
export const streamAgentRun: Route<StreamServices> = { outcomes: [], follows: [topics.agentsEvents], register };
