import { z } from 'zod';
import { toolCallRows } from '../../../projections/tools/queries.ts';
import { namedIn, PAYLOAD_MEDIA_TYPE } from '../../../schemas/contexts/jobs/payload.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { sendContent } from '../../shared/contents.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../../shared/position.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { callOrUnknown } from './find.ts';
import { toolCallFields } from './schemas.ts';

type OutputServices = Pick<GatewayServices, 'readModel'>;

function register(app: App, services: OutputServices): void {
  const { readModel } = services;
  app.route({
    method: 'GET',
    url: '/v1/tool-calls/:call_id/output',
    config: {
      auth: 'any',
      problems: ['RESOURCE_UNKNOWN', 'READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'],
    },
    schema: {
      operationId: 'getToolCallOutput',
      tags: ['tools'],
      summary: 'Get the whole output of a call',
      description:
        'The JSON that the tool answered, also above 64 KB, where the call has `output_content` and the beginning of it. Calls of others require `tool:read`. The answer breaks off when it is not that of its digest.',
      params: z.object(toolCallFields),
      querystring: z.strictObject(positionQuery),
      headers: positionHeaders,
      response: {
        200: { description: 'The JSON', content: { [PAYLOAD_MEDIA_TYPE]: { schema: z.unknown() } } },
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { call_id: callId } = request.params;
      await awaitPosition(request, readModel, ['tools']);
      const row = callOrUnknown(caller, callId, await readModel.row(caller.tenantId, toolCallRows, callId));
      const { output = null } = (row.result ?? {}) as { readonly output?: string | null };
      if (output === null) throw new Problem('RESOURCE_UNKNOWN', `The call ${callId} has no output`);
      const content = namedIn(output);
      if (content !== null) return sendContent(reply, services, caller.tenantId, content);
      return reply.type(PAYLOAD_MEDIA_TYPE).header('cache-control', 'private, no-store').send(Buffer.from(output));
    },
  });
}

/** Route `GET /v1/tool-calls/{call_id}/output`. */
export const getToolCallOutput: Route<OutputServices> = { outcomes: [], follows: [], register };
