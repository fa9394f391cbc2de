import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { filePieceRows } from '../../../projections/files/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { pieceIdOf, READ_FILES } from '../../../schemas/contexts/files.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { openAiErrors } from '../error-format.ts';
import { fileFields } from './body.ts';
import { fileOrNotFound } from './find.ts';

/** Longest wait for a piece that the read model does not have yet, in ms. */
const PIECE_MS_MAX = 5_000;
const POLL_MS = 100;

type ContentServices = Pick<GatewayServices, 'readModel'>;

/** Resolves with a piece. Rejects with Problem READ_MODEL_BEHIND when the read model does not get it in time. */
async function pieceOf({ readModel }: ContentServices, tenantId: string, digest: string, n: number): Promise<Buffer> {
  for (const stop = performance.now() + PIECE_MS_MAX; ; ) {
    const row = await readModel.row(tenantId, filePieceRows, pieceIdOf(digest, n));
    if (row !== undefined) return Buffer.from(row.bytes ?? '', 'base64');
    if (performance.now() > stop) throw new Problem('READ_MODEL_BEHIND', `Piece ${n} of the file is not there yet`);
    await pause(POLL_MS);
  }
}

/** Yields the pieces of a content. Throws before the last one when they are not the content of the digest. */
async function* piecesFrom(first: Buffer, pieces: number, digest: string, next: (n: number) => Promise<Buffer>) {
  const hash = createHash('sha256');
  for (let n = 0; n < pieces; n += 1) {
    const piece = n === 0 ? first : await next(n);
    hash.update(piece);
    if (n === pieces - 1 && hash.digest('hex') !== digest) throw new Error(`the pieces are not those of ${digest}`);
    yield piece;
  }
}

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
      reply
        .type('application/octet-stream')
        .header('content-length', bytes ?? 0)
        .header('content-disposition', 'attachment')
        .header('cache-control', 'private, no-store');
      if (digest === null || (pieces ?? 0) === 0) return reply.send(Readable.from([]));
      const piece = (n: number) => pieceOf(services, tenantId, digest, n);
      const content = piecesFrom(await piece(0), pieces ?? 0, digest, piece);
      return reply.send(Readable.from(content, { objectMode: false }));
    },
  });
}

/** Route `GET /v1/files/{file_id}/content`. */
export const fileContent: Route<ContentServices> = { outcomes: [], follows: [], register };
