import { z } from 'zod';
import { topics } from '../../../schemas/topics.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { type SubjectStreamServices, subjectStreams } from '../../shared/stream/serve-subject.ts';
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

type StreamServices = SubjectStreamServices & Pick<GatewayServices, 'agentRuns'>;

function register(app: App, services: StreamServices): void {
  const serve = subjectStreams(app, services, services.agentRuns);
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
      const subjectId = request.params.run_id;
      const { row, end } = await runOrUnknown(services, callerOf(request).tenantId, subjectId);
      const view = new AgentRunView({ isOver: end !== null || (row?.ended_at ?? null) !== null });
      const last = request.headers['last-event-id'] ?? request.query.last_event_id ?? null;
      return serve(request, reply, { subjectId, lastEventId: last, view });
    },
  });
}

/** Route `GET /v1/agents/runs/{run_id}/events`. */
export const streamAgentRun: Route<StreamServices> = { outcomes: [], follows: [topics.agentsEvents], register };
