import { z } from 'zod';
import { codeOf } from '../../../infra/kit/errors.ts';
import { type JobRow, statusOf } from '../../../projections/jobs/queries/rows.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import {
  BATCH_CANCEL,
  BATCH_CANCEL_VERSION,
  BATCH_CANCELLED,
  BATCH_TAG,
  BATCH_WINDOW_MS,
  INFERENCE_BATCH,
} from '../../../schemas/contexts/jobs/batch.ts';
import { CONTROL_JOBS } from '../../../schemas/contexts/jobs.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { cancelJob, type RecordName, type RecordOf, signalJob, startJob } from '../../../schemas/generated/records.ts';
import { askedBy } from '../../http/jobs/commands.ts';
import { inputOf, typeOf } from '../../http/jobs/input.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { placeOfCommand } from '../../shared/command/place.ts';
import { digestOf, identityOf } from '../../shared/idempotency.ts';
import type { KnownOutcome } from '../../shared/log/outcomes.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { traceparentOf } from '../../shared/trace.ts';
import { openAiErrors } from '../error-format.ts';
import { fileOrNotFound } from '../files/find.ts';
import { shown } from '../shown.ts';
import { batchBody, batchFields, batchOf, createBatchBody } from './body.ts';
import { batchOrUnknown } from './find.ts';

type BatchServices = Pick<GatewayServices, 'sender' | 'partitions' | 'config' | 'readModel' | 'jobs' | 'tables'>;

/** Throws the Problem of a refusal, and of no outcome in time. */
function requireDone(outcome: KnownOutcome | null, jobId: string): void {
  if (outcome === null) throw new Problem('LOG_UNAVAILABLE', 'The batch did not answer in time; list the batches');
  const { record } = outcome;
  if (record.type === 'JobRefused') throw commandProblem(record.data, { job_id: jobId });
}

/**
 * Resolves with the input of the job. Rejects with Problem FILE_NOT_FOUND, and REQUEST_INVALID for a file that is not for
 * batches.
 */
async function inputFor(
  services: BatchServices,
  tenantId: string,
  { input_file_id: fileId, endpoint, metadata }: z.output<typeof createBatchBody>,
): Promise<object> {
  const { purpose, digest, bytes, pieces, lines } = await fileOrNotFound(services, tenantId, fileId);
  if (purpose !== 'batch') {
    const detail = `Expected a file of the purpose batch; ${fileId} is for ${purpose}`;
    throw new Problem('REQUEST_INVALID', detail, { errors: [{ in: 'body', pointer: '#/input_file_id', detail }] });
  }
  const file = { file_id: fileId, digest, bytes, pieces, lines };
  return { batch: { file, endpoint, metadata: metadata ?? {} } };
}

const starting = ['JobAccepted', 'JobRefused'] as const satisfies readonly RecordName[];

function registerCreate(app: App, services: BatchServices): void {
  const { sender, partitions, config, tables } = services;
  app.route({
    method: 'POST',
    url: '/v1/batches',
    config: {
      ...{ auth: 'api_key', appends: ['StartJob'], problemFormat: openAiErrors },
      problems: [
        ...(['FILE_NOT_FOUND', 'JOB_INPUT_INVALID', 'JOB_INPUT_TOO_LARGE', 'JOB_TYPE_UNKNOWN'] as const),
        ...policyRefusals,
        ...(['LOG_UNAVAILABLE', 'READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND', 'RESOURCE_UNKNOWN'] as const),
      ],
    },
    schema: {
      operationId: 'createBatch',
      tags: ['openai'],
      summary: 'Answer the requests of a file',
      description: `Requires \`jobs:start:${INFERENCE_BATCH}\`, and what each request takes. A batch is a job of that type: each request is decided, metered and audited on its own, and asked once, also when the worker crashes. A line that is no request, is denied or fails is a line of the error file.`,
      body: createBatchBody,
      response: { 200: batchBody },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      const input = await inputFor(services, tenantId, request.body);
      const identity = identityOf(caller, { operationId: 'createBatch', tenantId, params: {} }, undefined);
      const jobId = identity.subjectId;
      const { outcome } = await sender.send({
        ...{ tenantId, identity, outcomes: starting, subject: jobId, requestDigest: digestOf(request.body) },
        traceparent: traceparentOf(request.raw),
        make: () =>
          startJob({
            ...{ ...askedBy(caller), jobId, type: INFERENCE_BATCH, lane: 'batch', concurrencyKey: null },
            ...{ input: inputOf(typeOf(tables, INFERENCE_BATCH), input), tags: [BATCH_TAG], retry: null },
            ...{ runAt: null, deadline: Date.now() + BATCH_WINDOW_MS },
          }),
        place: (command) => placeOfCommand(command, caller, tenantId, partitions),
        waitMs: config.outcomeWaitMs,
      });
      requireDone(outcome, jobId);
      const { job, asked } = await batchOrUnknown(services, tenantId, jobId);
      return reply.send(batchOf(job, asked));
    },
  });
}

/** Route `POST /v1/batches`. */
export const createBatch: Route<BatchServices> = { outcomes: starting, follows: [], register: registerCreate };

const cancelling = ['JobCancelled', 'JobSignalled', 'JobRefused'] as const satisfies readonly RecordName[];

/** Statuses of jobs that have begun and whose handler runs, or will when a wait or a line has ended: it takes the signal. */
const RUNNING: readonly string[] = ['running', 'waiting', 'queued'];

/** Returns true for a batch that has begun and whose handler ends it: the parts that run are answered. */
const endsItself = (job: JobRow): boolean =>
  RUNNING.includes(statusOf(job)) && job.started_at !== null && (job.version ?? 0) >= BATCH_CANCEL_VERSION;

interface Cancelling {
  readonly caller: Caller;
  readonly job: JobRow;
  readonly traceparent: string;
}

/** Sends a command that cancels a batch. Resolves with its outcome. */
async function cancelBy(
  services: BatchServices,
  { caller, job, traceparent }: Cancelling,
  operationId: string,
  make: () => RecordOf<'CancelJob' | 'SignalJob'>,
): Promise<KnownOutcome | null> {
  const { tenantId } = caller;
  const params = { batch_id: job.job_id };
  const { outcome } = await services.sender.send({
    ...{ tenantId, outcomes: cancelling, subject: job.job_id, requestDigest: digestOf(params), traceparent, make },
    identity: identityOf(caller, { operationId, tenantId, params }, undefined),
    place: (command) => job.place ?? placeOfCommand(command, caller, tenantId, services.partitions),
    waitMs: services.config.outcomeWaitMs,
  });
  return outcome;
}

/**
 * Cancels a batch: by the signal that its handler takes, or at once when it has not begun, is held, or policy does not allow the
 * signal now. Resolves with the outcome.
 */
async function cancelled(services: BatchServices, asked: Cancelling): Promise<KnownOutcome | null> {
  const { caller, job } = asked;
  const jobId = job.job_id;
  if (endsItself(job)) {
    const signal = () => signalJob({ ...askedBy(caller), jobId, name: BATCH_CANCEL, payload: 'null' });
    const outcome = await cancelBy(services, asked, 'signalBatch', signal).catch((error: unknown) => {
      // This gateway knows the switch already: the signal is not in the log.
      if (codeOf(error) === 'KILL_SWITCH') return 'stopped' as const;
      throw error;
    });
    const isDenied =
      outcome === 'stopped' ||
      (outcome?.record.type === 'JobRefused' && outcome.record.data.decision?.outcome === 'deny');
    if (!isDenied) return outcome;
  }
  const reason = 'The batch was cancelled';
  return cancelBy(services, asked, 'cancelBatch', () => cancelJob({ jobId, principal: caller.principal, reason }));
}

function registerCancel(app: App, services: BatchServices): void {
  const { readModel } = services;
  app.route({
    method: 'POST',
    url: '/v1/batches/:batch_id/cancel',
    config: {
      ...{ auth: 'api_key', appends: ['CancelJob', 'SignalJob'], problemFormat: openAiErrors },
      problems: [
        ...(['CAPABILITY_MISSING', 'RESOURCE_UNKNOWN', 'JOB_ENDED', 'LOG_UNAVAILABLE'] as const),
        ...(['READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'] as const),
      ],
    },
    schema: {
      operationId: 'cancelBatch',
      tags: ['openai'],
      summary: 'Cancel a batch',
      description: `Requires \`${CONTROL_JOBS}\`. The batch is \`cancelling\` until the parts that run, of 50 requests each, have ended. Then it is \`cancelled\`: the output file has the answers, and the error file has the requests that were not asked with the code \`${BATCH_CANCELLED}\`. A batch that has not begun, or is held, is cancelled at once. It is possible while a kill switch stops new work: the batch ends at once then, without files.`,
      params: z.object(batchFields),
      response: { 200: batchBody },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      requireCapability(anyCovers(caller.capabilities, CONTROL_JOBS), CONTROL_JOBS);
      const { batch_id: jobId } = request.params;
      const before = await batchOrUnknown(services, tenantId, jobId);
      const known = batchOf(before.job, before.asked);
      if (known.status === 'cancelling') return reply.send(known);
      const traceparent = traceparentOf(request.raw);
      const outcome = await cancelled(services, { caller, job: before.job, traceparent });
      requireDone(outcome, jobId);
      await shown(readModel, 'jobs', outcome);
      const batch = await batchOrUnknown(services, tenantId, jobId);
      return reply.send(batchOf(batch.job, batch.asked));
    },
  });
}

/** Route `POST /v1/batches/{batch_id}/cancel`. */
export const cancelBatch: Route<BatchServices> = { outcomes: cancelling, follows: [], register: registerCancel };
