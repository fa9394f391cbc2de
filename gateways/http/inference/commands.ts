import { z } from 'zod';
import type { Config } from '../../../infra/config.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { embedText, inferText } from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import type { Identity } from '../../shared/idempotency.ts';
import { declare } from '../../shared/route/declare.ts';
import { embedBody, embeddedBody, inferBody, inferredBody } from './schemas.ts';
import { embeddedOf, failureProblem, inferredOf, refusedProblem } from './views.ts';

const { command } = declare();

/** Time for the log, in ms, beside the timeout of the model. */
const BESIDE_MODEL_MS = 2_000;

/** Outcomes of failed and refused requests to a model. */
export const unanswered = {
  InferenceFailed: {
    kind: 'refusal',
    problems: [
      'SLM_FAILED',
      'SLM_UNAVAILABLE',
      'SLM_TIMEOUT',
      'KILL_SWITCH',
      'OUTPUT_REFUSED',
      'CONSTITUTION_UNVERIFIED',
    ],
    problem: failureProblem,
  },
  InferenceRefused: { kind: 'refusal', problems: policyRefusals, problem: refusedProblem },
} as const;

/** A request to a model; its id is that of its command. */
export interface Asking {
  readonly identity: Identity;
  readonly caller: Caller;
}

/** Returns the fields of a request to a model that name its id and its caller. */
export const askedBy = ({ identity, caller }: Asking) => ({
  requestId: identity.commandId,
  ...askerOf(caller),
});

/** Returns the maximum wait for the outcome of a request to a model, in ms. */
export const waitsForModel = ({ slm }: Pick<Config, 'slm'>): number => slm.timeoutMs + BESIDE_MODEL_MS;

const common = {
  tag: 'slm',
  method: 'POST',
  auth: 'any',
  waits: waitsForModel,
  location: ({ identity }: Asking): string => `/v1/slm/requests/${identity.commandId}`,
} as const;
const requestFields = { request_id: z.string().meta({ description: 'Id of the request' }) };
const requestOf = ({ identity }: Asking) => ({ request_id: identity.commandId });

/** Route that generates a text. */
export const inferSync = command({
  ...common,
  operationId: 'inferSync',
  summary: 'Generate one answer of the model',
  url: '/v1/slm/infer_sync',
  body: inferBody,
  appends: ['InferText'],
  command: (request) => {
    const { prompt, model = null, max_tokens: maxTokens = null, labels = [] } = request.body;
    return inferText({ ...askedBy(request), model, prompt, maxTokens, labels });
  },
  pending: { id: 'InferencePending', shape: requestFields, of: requestOf },
  outcomes: { ...unanswered, InferenceCompleted: { status: 200, schema: inferredBody, answer: inferredOf } },
});

/** Route that computes embeddings. */
export const embed = command({
  ...common,
  operationId: 'embed',
  summary: 'Compute embeddings of one or more texts',
  url: '/v1/slm/embedding',
  body: embedBody,
  appends: ['EmbedText'],
  command: (request) => {
    const { model = null, labels = [], input } = request.body;
    return embedText({ ...askedBy(request), model, input: [input].flat(), labels });
  },
  pending: { id: 'EmbeddingPending', shape: requestFields, of: requestOf },
  outcomes: { ...unanswered, EmbeddingCompleted: { status: 200, schema: embeddedBody, answer: embeddedOf } },
});
