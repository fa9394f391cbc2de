import { z } from 'zod';
import { namedIn, PAYLOAD_MEDIA_TYPE } from '../../../schemas/contexts/jobs/payload.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { sendContent } from '../../shared/contents.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../../shared/position.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { jobOrUnknown } from './find.ts';
import { contentFields } from './schemas.ts';

type ContentServices = Pick<GatewayServices, 'jobs' | 'readModel'>;

function register(app: App, services: ContentServices): void {
  const { readModel } = services;
  app.route({
    method: 'GET',
    url: '/v1/jobs/:job_id/contents/:content_digest',
    config: {
      auth: 'any',
      problems: ['RESOURCE_UNKNOWN', 'READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'],
    },
    schema: {
      operationId: 'getJobContent',
      tags: ['jobs'],
      summary: 'Get a large input or result of a job',
      description:
        'The JSON of the input, the result or the result of a step above 64 KB: `input_content`, `result_content` and `output_content` have its URL. The answer breaks off when it is not that of its digest.',
      params: z.object(contentFields),
      querystring: z.strictObject(positionQuery),
      headers: positionHeaders,
      response: {
        200: { description: 'The JSON', content: { [PAYLOAD_MEDIA_TYPE]: { schema: z.unknown() } } },
      },
    },
    handler: async (request, reply) => {
      const { tenantId } = callerOf(request);
      const { job_id: jobId, content_digest: digest } = request.params;
      await awaitPosition(request, readModel, ['jobs']);
      const { input, result } = await jobOrUnknown(services, tenantId, jobId);
      // A content is read through a job that names it: files have a capability of their own.
      const own = [input, result].map(namedIn).find((content) => content?.digest === digest);
      const content = own ?? namedIn(await readModel.jobOutput(tenantId, jobId, digest));
      if (content === null) throw new Problem('RESOURCE_UNKNOWN', `The job has no content ${digest}`);
      return sendContent(reply, services, tenantId, content);
    },
  });
}

/** Route `GET /v1/jobs/{job_id}/contents/{content_digest}`. */
export const getJobContent: Route<ContentServices> = { outcomes: [], follows: [], register };
