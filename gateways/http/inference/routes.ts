import { z } from 'zod';
import type { AnyRecord, RecordName } from '../../../schemas/generated/records.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { embed, inferSync, unanswered } from './commands.ts';
import { healthRoute } from './health.ts';
import { embeddedBody, inferredBody } from './schemas.ts';
import { embeddedOf, failureProblem, inferredOf, refusedProblem } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'sender'>>();

const outcomes = [
  'InferenceCompleted',
  'EmbeddingCompleted',
  'InferenceFailed',
  'InferenceRefused',
] as const satisfies readonly RecordName[];

/** Returns the body of an outcome. Throws the Problem of a failure or a refusal. */
function answerOf(record: AnyRecord) {
  switch (record.type) {
    case 'InferenceCompleted':
      return inferredOf(record.data);
    case 'EmbeddingCompleted':
      return embeddedOf(record.data);
    case 'InferenceFailed':
      throw failureProblem(record.data);
    case 'InferenceRefused':
      throw refusedProblem(record.data);
    default:
      throw new Error(`${record.type} is no outcome of a request to a model`);
  }
}

const getSlmRequest = endpoint({
  operationId: 'getSlmRequest',
  tag: 'slm',
  summary: 'Get the answer to an earlier request',
  url: '/v1/slm/requests/:request_id',
  auth: 'any',
  params: { request_id: z.uuid().meta({ description: 'Id of the request' }) },
  response: z.union([inferredBody, embeddedBody]),
  problems: ['REQUEST_UNKNOWN', ...unanswered.InferenceFailed.problems, ...unanswered.InferenceRefused.problems],
  answer: async ({ caller, params: { request_id: requestId }, services: { sender } }) => {
    const { outcome, refused } = await sender.known.latest(caller.tenantId, requestId, outcomes);
    const known = outcome ?? refused;
    if (known === null) throw new Problem('REQUEST_UNKNOWN', `There is no answer to request ${requestId} yet`);
    return answerOf(known.record);
  },
});

/** Routes of synchronous requests to the model: one text, or embeddings. They go through the log like every command. */
export const inferenceRoutes = [inferSync, embed, getSlmRequest, healthRoute];
