import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { gather } from '../../infra/kit/gather.ts';
import { verified } from '../../infra/kit/verified.ts';
import { filePieceRows } from '../../projections/files/queries.ts';
import { type ContentRef, pieceIdOf } from '../../schemas/contexts/files.ts';
import { PAYLOAD_MEDIA_TYPE } from '../../schemas/contexts/jobs/payload.ts';
import { Problem } from './problems/problem.ts';
import type { GatewayServices } from './services.ts';

/** Longest wait for a piece that the read model does not have yet, in ms. */
const PIECE_MS_MAX = 5_000;
const POLL_MS = 100;

type ContentServices = Pick<GatewayServices, 'readModel'>;

async function pieceOf({ readModel }: ContentServices, tenantId: string, digest: string, n: number): Promise<Buffer> {
  for (const stop = performance.now() + PIECE_MS_MAX; ; ) {
    const row = await readModel.row(tenantId, filePieceRows, pieceIdOf(digest, n));
    if (row !== undefined) return Buffer.from(row.bytes ?? '', 'base64');
    if (performance.now() > stop) throw new Problem('READ_MODEL_BEHIND', `Piece ${n} of the content is not there yet`);
    await pause(POLL_MS);
  }
}

/**
 * Resolves with a content of a tenant when its first piece is there. The stream breaks off before its last piece when it is not
 * that of its digest. Both reject with Problem READ_MODEL_BEHIND for a piece that does not come within 5 s.
 */
export async function contentOf(
  services: ContentServices,
  tenantId: string,
  { digest, pieces }: ContentRef,
): Promise<AsyncIterable<Buffer>> {
  const first = pieces === 0 ? null : await pieceOf(services, tenantId, digest, 0);
  async function* all() {
    if (first !== null) yield first;
    for (let n = 1; n < pieces; n += 1) yield await pieceOf(services, tenantId, digest, n);
  }
  return verified(all(), digest);
}

/** Sends a content of a tenant. Rejects with Problem READ_MODEL_BEHIND when its first piece does not come within 5 s. */
export async function sendContent(
  reply: FastifyReply,
  services: ContentServices,
  tenantId: string,
  content: ContentRef,
): Promise<FastifyReply> {
  const bytes = await contentOf(services, tenantId, content);
  reply.type(PAYLOAD_MEDIA_TYPE).header('content-length', content.bytes).header('cache-control', 'private, no-store');
  return reply.send(Readable.from(bytes, { objectMode: false }));
}

/** Resolves with the name of a content once the log has all of it. */
export async function keptContent(
  { filePieces }: Pick<GatewayServices, 'filePieces'>,
  tenantId: string,
  bytes: Buffer,
): Promise<ContentRef> {
  const digest = hash('sha256', bytes, 'hex');
  async function* content() {
    yield bytes;
  }
  return { digest, bytes: bytes.length, pieces: await filePieces.append(tenantId, digest, content()) };
}

/** Resolves with a content that is text. Rejects as the stream does. */
export async function contentTextOf(services: ContentServices, tenantId: string, content: ContentRef): Promise<string> {
  return Buffer.concat(await gather(await contentOf(services, tenantId, content))).toString();
}
