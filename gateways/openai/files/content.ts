import { Readable } from 'node:stream';
import { z } from 'zod';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { READ_FILES } from '../../../schemas/contexts/files.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { contentOf } from '../../shared/contents.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { openAiErrors } from '../error-format.ts';
import { fileFields } from './body.ts';
import { fileOrNotFound } from './find.ts';

type ContentServices = Pick<GatewayServices, 'readModel'>;

function register(app: App, services: ContentServices): void {
  app.route({
    method: 'GET',
    url: '/v1/files/:file_id/content',
    config: {
      ...{ auth: 'api_key', produces: '*/*', problemFormat: openAiErrors },
      problems: ['CAPABILITY_MISSING', 'FILE_NOT_FOUND', 'READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'],
    },
    schema: {
      operationId: 'getFileContent',
      tags: ['openai'],
      summary: 'Read the content of a file',
      description: `Requires \`${READ_FILES}\`. Streams the content, byte for byte; the answer breaks off when it is not that of its digest.`,
      params: z.object(fileFields),
      response: {
        200: {
          description: 'The content',
          content: {
            'application/octet-stream': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) },
          },
        },
      },
    },
    handler: async (request, reply) => {
      const { tenantId, capabilities } = callerOf(request);
      requireCapability(anyCovers(capabilities, READ_FILES), READ_FILES);
      const row = await fileOrNotFound(services, tenantId, request.params.file_id);
      const { digest, pieces, bytes } = row;
      const named = { digest: digest ?? '', bytes: bytes ?? 0, pieces: pieces ?? 0 };
      const content = await contentOf(services, tenantId, named);
      reply
        .type('application/octet-stream')
        .header('content-length', bytes ?? 0)
        .header('content-disposition', 'attachment')
        .header('cache-control', 'private, no-store');
      return reply.send(Readable.from(content, { objectMode: false }));
    },
  });
}

/** Route `GET /v1/files/{file_id}/content`. */
export const fileContent: Route<ContentServices> = { outcomes: [], follows: [], register };
