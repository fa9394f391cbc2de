import { z } from 'zod';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { DELETE_FILES } from '../../../schemas/contexts/files.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { deleteFile, type RecordName } from '../../../schemas/generated/records.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { askerOf } from '../../shared/auth/caller.ts';
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
import { fileFields } from './body.ts';
import { fileOrNotFound } from './find.ts';

const OPERATION = 'deleteFile';

const deletedBody = z
  .object({
    id: z.string().meta({ examples: ['4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01'] }),
    object: z.literal('file'),
    deleted: z.literal(true),
  })
  .meta({ id: 'FileDeleted' });

const outcomes = ['FileDeleted', 'FileRefused'] as const satisfies readonly RecordName[];

/** Throws the Problem of a refusal, and of no outcome in time. */
function requireDeleted(outcome: KnownOutcome | null): void {
  switch (outcome?.record.type) {
    case 'FileDeleted':
      return;
    case 'FileRefused':
      throw policyProblem(outcome.record.data);
    default:
      throw new Problem('LOG_UNAVAILABLE', 'The file was not deleted in time; it may still be');
  }
}

type DeleteServices = Pick<GatewayServices, 'sender' | 'partitions' | 'config' | 'readModel'>;

function register(app: App, services: DeleteServices): void {
  const { sender, partitions, config, readModel } = services;
  app.route({
    method: 'DELETE',
    url: '/v1/files/:file_id',
    config: {
      ...{ auth: 'api_key', appends: ['DeleteFile'], problemFormat: openAiErrors },
      problems: [
        ...(['CAPABILITY_MISSING', 'FILE_NOT_FOUND', 'LOG_UNAVAILABLE', 'READ_MODEL_UNAVAILABLE'] as const),
        ...policyRefusals,
      ],
    },
    schema: {
      operationId: OPERATION,
      tags: ['openai'],
      summary: 'Delete a file',
      description: `Requires \`${DELETE_FILES}\`. The file cannot be read any more. The log keeps its pieces, as it keeps every record.`,
      params: z.object(fileFields),
      response: { 200: deletedBody },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      requireCapability(anyCovers(caller.capabilities, DELETE_FILES), DELETE_FILES);
      const { file_id: fileId } = request.params;
      const row = await fileOrNotFound(services, tenantId, fileId);
      const identity = identityOf(caller, { operationId: OPERATION, tenantId, params: request.params }, undefined);
      const { outcome } = await sender.send({
        ...{ tenantId, identity, outcomes, requestDigest: digestOf(request.params) },
        traceparent: traceparentOf(request.raw),
        make: () => deleteFile({ ...askerOf(caller), fileId, labels: [] }),
        place: (command) => row.place ?? placeOfCommand(command, caller, tenantId, partitions),
        waitMs: config.outcomeWaitMs,
      });
      requireDeleted(outcome);
      await shown(readModel, 'files', outcome);
      return reply.send({ id: fileId, object: 'file', deleted: true });
    },
  });
}

/** Route `DELETE /v1/files/{file_id}`. */
export const deleteFileRoute: Route<DeleteServices> = { outcomes, follows: [], register };
