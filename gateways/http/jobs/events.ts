import { z } from 'zod';
import { statusOf } from '../../../projections/jobs/queries/rows.ts';
import { topics } from '../../../schemas/topics.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { type SubjectStreamServices, subjectStreams } from '../../shared/stream/serve-subject.ts';
import { jobOrUnknown } from './find.ts';
import { jobFields } from './schemas.ts';
import { JobStreamView } from './stream.ts';
import { isOver } from './views.ts';

const eventsExample = [
  'retry: 1000',
  '',
  'id: 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c05',
  'event: job.step_completed',
  'data: {"event_id":"…","at":"2026-01-01T00:00:00.000Z","job_id":"…","generation":1,"path":"","name":"fetch","nth":1,"kind":"step","outcome":"completed","attempts":1,"output_bytes":120}',
  '',
].join('\n');

const lastEventId = z.uuid().optional();

type StreamServices = SubjectStreamServices & Pick<GatewayServices, 'jobs'>;

function register(app: App, services: StreamServices): void {
  const serve = subjectStreams(app, services, services.jobs);
  app.route({
    method: 'GET',
    url: '/v1/jobs/:job_id/events',
    exposeHeadRoute: false,
    config: {
      ...{ auth: 'any', produces: 'text/event-stream' },
      problems: [
        'RESOURCE_UNKNOWN',
        'STREAMS_EXHAUSTED',
        'READ_MODEL_UNAVAILABLE',
        'READ_MODEL_BEHIND',
        'SHUTTING_DOWN',
      ],
    },
    schema: {
      operationId: 'streamJob',
      summary: 'Stream the events of a job',
      description:
        'Server-Sent Events, one per event of the job, such as `job.run_started`, `job.step_completed` and `job.completed`. ' +
        'The `id` of an event is its id in the log. `Last-Event-ID` resumes the stream after that event without a gap or a repeat, at any gateway. ' +
        'The stream ends when the job has; with `follow=true` it stays open, and shows a retry of the job. ' +
        '204 when a resumed stream has no more events.',
      tags: ['jobs'],
      params: z.object(jobFields),
      querystring: z.strictObject({
        last_event_id: lastEventId.meta({ description: 'As `Last-Event-ID`, which counts when both are sent' }),
        follow: z.stringbool().default(false).meta({ description: 'Keep the stream open after the job has ended' }),
      }),
      headers: z.looseObject({
        'last-event-id': lastEventId.meta({ description: '`id` of the last event that the client has' }),
      }),
      response: {
        200: {
          description: 'A stream of events',
          content: { 'text/event-stream': { schema: z.string().meta({ examples: [eventsExample] }) } },
        },
        204: z.undefined().describe('The job has ended and the client has all of its events'),
      },
    },
    handler: async (request, reply) => {
      const subjectId = request.params.job_id;
      const job = await jobOrUnknown(services, callerOf(request).tenantId, subjectId);
      const view = new JobStreamView({ follow: request.query.follow, isOver: isOver(statusOf(job)) });
      const last = request.headers['last-event-id'] ?? request.query.last_event_id ?? null;
      return serve(request, reply, { subjectId, lastEventId: last, view });
    },
  });
}

/** Route `GET /v1/jobs/{job_id}/events`. */
export const streamJob: Route<StreamServices> = { outcomes: [], follows: [topics.jobsEvents], register };
