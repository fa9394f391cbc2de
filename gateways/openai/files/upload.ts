import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { CREATE_FILES, FILE_NAME_CHARS_MAX, piecesOf, uploadPurposes } from '../../../schemas/contexts/files.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { createFile, type RecordName } from '../../../schemas/generated/records.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { askerOf } from '../../shared/auth/caller.ts';
import { boundedMany } from '../../shared/command/many.ts';
import { placeOfCommand } from '../../shared/command/place.ts';
import { digestOf, identityOf } from '../../shared/idempotency.ts';
import type { KnownOutcome } from '../../shared/log/outcomes.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { policyProblem } from '../../shared/problems/shortfall.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { traceparentOf } from '../../shared/trace.ts';
import { openAiErrors } from '../error-format.ts';
import { shown } from '../shown.ts';
import { fileBody } from './body.ts';
import { Spooled } from './spooled.ts';

const OPERATION = 'createFile';
/** Uploads that this process receives at once: each takes as much of the disk as its file has. */
const UPLOADS_MAX = 16;

/** A file of an upload, as it was received. */
class ReceivedFile {
  readonly filename: string;
  readonly content: Spooled;
  constructor(filename: string, content: Spooled) {
    this.filename = filename;
    this.content = content;
  }
}

const uploadBody = z
  .strictObject({
    file: z
      .unknown()
      .refine((value) => value instanceof ReceivedFile, 'file is required, as a part with a file name')
      .meta({ type: 'string', format: 'binary', description: 'The content' }),
    purpose: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: `What it is for: ${uploadPurposes.join(' or ')}`, examples: [uploadPurposes[0]] }),
  })
  .meta({ id: 'FileUpload' });

const outcomes = ['FileCreated', 'FileRefused'] as const satisfies readonly RecordName[];

type UploadServices = Pick<GatewayServices, 'sender' | 'filePieces' | 'partitions' | 'config' | 'readModel'>;

/**
 * Receives the parts of an upload as the body of the request: fields as text, the file into a folder. Rejects with Problem
 * FILE_TOO_LARGE, MEDIA_TYPE_UNSUPPORTED, REQUEST_MALFORMED.
 */
async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  { folder, bytesMax }: { readonly folder: string; readonly bytesMax: number },
): Promise<object> {
  if (!request.isMultipart()) throw new Problem('MEDIA_TYPE_UNSUPPORTED', 'Send the file as multipart/form-data');
  const body: Record<string, unknown> = {};
  try {
    for await (const part of request.parts({ limits: { fileSize: bytesMax, files: 1, fields: 8, fieldSize: 1_024 } })) {
      if (part.type === 'field') body[part.fieldname] = part.value;
      else {
        const content = await Spooled.receive(part.file, folder);
        body[part.fieldname] = new ReceivedFile(part.filename, content);
        reply.raw.once('close', () => void content.close().catch(() => undefined));
        if (part.file.truncated) throw tooLarge(bytesMax);
      }
    }
  } catch (error) {
    const { code, name, message } = error as Error & { readonly code?: string };
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw tooLarge(bytesMax);
    // The parser of forms reports what it cannot read as plain errors; those of files and of the log have a code.
    if (code === undefined && name === 'Error')
      throw new Problem('REQUEST_MALFORMED', `The form cannot be read: ${message}`, { cause: error });
    throw error;
  }
  return body;
}

const tooLarge = (bytesMax: number): Problem =>
  new Problem('FILE_TOO_LARGE', `The file has more than ${bytesMax} bytes`);

/** Throws Problem FILE_PURPOSE_UNKNOWN, FILE_INVALID, REQUEST_INVALID. */
function check(purpose: string, { filename, content: { fault } }: ReceivedFile): void {
  if (!uploadPurposes.some((known) => known === purpose)) {
    const detail = `There is no purpose ${purpose}: the purposes are ${uploadPurposes.join(' and ')}`;
    throw new Problem('FILE_PURPOSE_UNKNOWN', detail, { errors: [{ in: 'body', pointer: '#/purpose', detail }] });
  }
  if (filename === '' || filename.length > FILE_NAME_CHARS_MAX) {
    const detail = `Expected a file name of at most ${FILE_NAME_CHARS_MAX} characters`;
    throw new Problem('REQUEST_INVALID', detail, { errors: [{ in: 'body', pointer: '#/file', detail }] });
  }
  if (purpose === 'batch' && fault !== null)
    throw new Problem('FILE_INVALID', `${fault.detail}: a file for a batch is NDJSON`, {
      extensions: { line: fault.line },
    });
}

/** Returns the file of an outcome. Throws the Problem of a refusal, and of no outcome in time. */
function createdOf(outcome: KnownOutcome | null) {
  switch (outcome?.record.type) {
    case 'FileCreated':
      return outcome.record.data;
    case 'FileRefused':
      throw policyProblem(outcome.record.data);
    default:
      throw new Problem('LOG_UNAVAILABLE', 'The file was not created in time; it may still be');
  }
}

function register(app: App, { sender, filePieces, partitions, config, readModel }: UploadServices): void {
  const folder = `${config.home}/uploads`;
  void app.register((plain, _options, done) => {
    void plain.register(multipart);
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    scope.route({
      method: 'POST',
      url: '/v1/files',
      onRequest: boundedMany(UPLOADS_MAX, 'uploads'),
      preValidation: async (request, reply) => {
        requireCapability(anyCovers(callerOf(request).capabilities, CREATE_FILES), CREATE_FILES);
        const body = await receive(request, reply, { folder, bytesMax: config.fileBytesMax });
        request.body = body as typeof request.body;
      },
      config: {
        ...{ auth: 'api_key', appends: ['CreateFile'], problemFormat: openAiErrors },
        problems: [
          ...(['CAPABILITY_MISSING', 'FILE_TOO_LARGE', 'FILE_INVALID', 'FILE_PURPOSE_UNKNOWN'] as const),
          ...policyRefusals,
          'LOG_UNAVAILABLE',
        ],
      },
      schema: {
        operationId: OPERATION,
        tags: ['openai'],
        summary: 'Upload a file',
        description: `Requires \`${CREATE_FILES}\`. The content goes to the log in pieces, and the file is created under a policy decision. A file for a batch is NDJSON: \`FILE_INVALID\` names the first line that is no JSON object. A file has at most ${config.fileBytesMax} bytes.`,
        consumes: ['multipart/form-data'],
        body: uploadBody,
        response: { 200: fileBody },
      },
      handler: async (request, reply) => {
        const caller = callerOf(request);
        const { tenantId } = caller;
        const { purpose, file } = request.body;
        check(purpose, file);
        const { filename, content } = file;
        const { digest, bytes, fault, lines } = content;
        await filePieces.append(tenantId, digest, content.read());
        const identity = identityOf(caller, { operationId: OPERATION, tenantId, params: {} }, undefined);
        const { outcome } = await sender.send({
          ...{ tenantId, identity, outcomes, requestDigest: digestOf({ purpose, filename, digest }) },
          traceparent: traceparentOf(request.raw),
          make: () =>
            createFile({
              ...{ ...askerOf(caller), fileId: identity.subjectId, labels: [], filename, purpose, bytes, digest },
              ...{ pieces: piecesOf(bytes), lines: fault === null ? lines : null },
            }),
          place: (command) => placeOfCommand(command, caller, tenantId, partitions),
          waitMs: config.outcomeWaitMs,
        });
        const { fileId: id } = createdOf(outcome);
        await shown(readModel, 'files', outcome);
        const created_at = Math.floor((outcome?.timeMs ?? 0) / 1_000);
        return reply.send({ id, object: 'file', bytes, created_at, filename, purpose, status: 'processed' });
      },
    });
    done();
  });
}

/** Route `POST /v1/files`. */
export const createFileRoute: Route<UploadServices> = { outcomes, follows: [], register };
