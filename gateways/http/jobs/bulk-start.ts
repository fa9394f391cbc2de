import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { JOB_BULK_BYTES_MAX } from '../../../schemas/contexts/jobs.ts';
import { startJob } from '../../../schemas/generated/records.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import {
  applyPreference,
  boundedMany,
  lazily,
  manyAnswerHeaders,
  manyHeaders,
  manyRequest,
} from '../../shared/command/many.ts';
import { placeOfCommand } from '../../shared/command/place.ts';
import { isNdjson, NDJSON, type NdjsonForm, namingLines } from '../../shared/problems/ndjson-body.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { jobsStartedBody, ndjsonBody, ndjsonQuery, startJobsBody } from './bulk-schemas.ts';
import { askedBy, boundedTime } from './commands.ts';
import { inputsOf, payloadIn, typeOf } from './input.ts';

const OPERATION = 'startJobs';

type Services = Pick<GatewayServices, 'sender' | 'tables' | 'partitions' | 'filePieces'>;

/** The NDJSON form of the body: an item a line, and the other fields in the query. */
const ndjson: NdjsonForm = {
  schema: ndjsonBody,
  bodyOf: ({ labels, ...query }, items) => ({
    ...{ ...query, items },
    ...(labels !== undefined && { labels: String(labels).split(',') }),
  }),
};

function register(app: App, services: Services): void {
  const { sender, tables, partitions } = services;
  app.route({
    method: 'POST',
    url: '/v1/jobs/start/bulk',
    bodyLimit: JOB_BULK_BYTES_MAX,
    onRequest: boundedMany(),
    errorHandler: (error, request) => {
      throw namingLines(error, request);
    },
    config: {
      auth: 'any',
      appends: ['StartJob'],
      problems: ['CAPABILITY_MISSING', 'JOB_INPUT_INVALID', 'JOB_TYPE_UNKNOWN', 'LOG_UNAVAILABLE'],
      answerHeaders: manyAnswerHeaders,
      ndjson,
    },
    schema: {
      operationId: OPERATION,
      tags: ['jobs'],
      summary: 'Start many jobs of one type',
      description:
        'Requires `jobs:start:<type>`, and for an input above 64 KB also `files:create`. All items are checked first; then all starts are in the log, and each is decided on its own, by policy and by the budgets. `GET /v1/jobs?tag=batch:<batch_id>` lists the jobs. A repeat with the same `Idempotency-Key` starts no job twice, and completes a request that the log has in part. As `application/x-ndjson`, the body has an item a line, and the other fields are in the query; errors name the line.',
      querystring: z.strictObject(ndjsonQuery),
      body: startJobsBody,
      headers: manyHeaders,
      response: { 202: jobsStartedBody },
    },
    handler: async (request, reply) => {
      requireQueryOfNdjson(request);
      const caller = callerOf(request);
      const { tenantId } = caller;
      const { type, items, lane, labels } = request.body;
      const { identity, ...given } = manyRequest(request, caller, OPERATION);
      const batchId = identity.subjectId;
      const jobIds = items.map((_, nth) => identity.partId(`job/${nth}`));
      await sender.sendAll({
        ...{ tenantId, identity, ...given, count: items.length, outcomes: ['JobAccepted', 'JobRefused'] },
        make: async () => {
          const texts = inputsOf(typeOf(tables, type), items);
          const times = items.map(({ run_at }, nth) => boundedTime(run_at, `items/${nth}/run_at`));
          const inputs: string[] = [];
          for (const text of texts) inputs.push(await payloadIn({ tenantId, caller, services }, text));
          return lazily(items, ({ tags, concurrency_key: concurrencyKey = null }, nth) => {
            const command = startJob({
              ...{ ...askedBy(caller, labels), jobId: jobIds[nth] ?? '', type, lane, concurrencyKey },
              ...{ input: inputs[nth] ?? '', tags: [...tags, tagOf(batchId)], runAt: times[nth] ?? null },
              ...{ deadline: null, retry: null },
            });
            return { command, place: placeOfCommand(command, caller, tenantId, partitions) };
          });
        },
      });
      applyPreference(request, reply);
      return reply
        .code(202)
        .header('location', `/v1/jobs?tag=${encodeURIComponent(tagOf(batchId))}`)
        .send({
          ...{ accepted: items.length, batch_id: batchId, job_ids: jobIds, status: 'pending' },
          ...{ command_id: identity.commandId, idempotency_key: identity.idempotencyKey },
        });
    },
  });
}

/** Throws Problem REQUEST_INVALID for a field in the query of a JSON body, which has it itself. */
function requireQueryOfNdjson(request: FastifyRequest): void {
  const names = isNdjson(request) ? [] : Object.keys(request.query as object);
  const detail = `Expected in the body: only ${NDJSON} has it in the query`;
  const errors = names.map((name) => ({ in: 'query' as const, pointer: `#/${name}`, detail }));
  if (errors.length > 0) throw new Problem('REQUEST_INVALID', detail, { errors });
}

const tagOf = (batchId: string): string => `batch:${batchId}`;

/** Route `POST /v1/jobs/start/bulk`. */
export const startJobsRoute: Route<Services> = {
  outcomes: ['JobAccepted', 'JobRefused'],
  follows: [],
  register,
};
