import { z } from 'zod';
import { policyRefusals } from '../../schemas/contexts/policy/refusals.ts';
import { embedText, type RecordName } from '../../schemas/generated/records.ts';
import { askedBy, waitsForModel } from '../http/inference/commands.ts';
import { embedBody } from '../http/inference/schemas.ts';
import type { App } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { placeOfCommand } from '../shared/command/place.ts';
import { digestOf, identityOf } from '../shared/idempotency.ts';
import type { KnownOutcome } from '../shared/log/outcomes.ts';
import { modelFailure } from '../shared/problems/model-failure.ts';
import { Problem } from '../shared/problems/problem.ts';
import { policyProblem } from '../shared/problems/shortfall.ts';
import type { Route } from '../shared/route/route.ts';
import type { GatewayServices } from '../shared/services.ts';
import { traceparentOf } from '../shared/trace.ts';
import { modelName, modelOf } from './asked-model.ts';
import { openAiErrors } from './error-format.ts';

const embeddingBody = z
  .strictObject({
    model: modelName,
    input: embedBody.shape.input.meta({
      description: 'One text, or a list of at most 64 texts; tokens are not supported',
    }),
    encoding_format: z
      .enum(['float', 'base64'])
      .default('float')
      .meta({ description: '`base64`: 32-bit floats, little-endian' }),
    user: z.string().max(512).nullish(),
  })
  .meta({ id: 'EmbeddingRequest', examples: [{ model: 'default', input: 'a knotted cord' }] });

const embeddingList = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        object: z.literal('embedding'),
        index: z.int(),
        embedding: z.union([z.array(z.number()), z.string()]),
      }),
    ),
    model: z.string(),
    usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: 'EmbeddingList' });

/** Returns a vector in the requested encoding. */
const encoded = (vector: readonly number[], format: 'float' | 'base64'): number[] | string =>
  format === 'float' ? [...vector] : Buffer.from(new Float32Array(vector).buffer).toString('base64');

const outcomes = ['EmbeddingCompleted', 'InferenceFailed', 'InferenceRefused'] as const satisfies readonly RecordName[];

/** Returns the vectors of an outcome. Throws the Problem of a failure, of a refusal, and of no outcome in time. */
function embeddedOf(outcome: KnownOutcome | null) {
  switch (outcome?.record.type) {
    case 'EmbeddingCompleted':
      return outcome.record.data;
    case 'InferenceRefused':
      throw policyProblem(outcome.record.data);
    case 'InferenceFailed':
      throw modelFailure(outcome.record.data.code, outcome.record.data.detail);
    default:
      throw new Problem('SLM_TIMEOUT', 'The embedding was not complete in time');
  }
}

type EmbeddingServices = Pick<GatewayServices, 'sender' | 'models' | 'partitions' | 'config'>;

/** Route `POST /v1/embeddings`: embeddings under a policy decision, as `POST /v1/slm/embedding` computes them. */
export const embeddings: Route<EmbeddingServices> = { outcomes, follows: [], register: embeddingRoute };

function embeddingRoute(app: App, { sender, models, partitions, config }: EmbeddingServices): void {
  app.route({
    method: 'POST',
    url: '/v1/embeddings',
    config: {
      ...{ auth: 'any', appends: ['EmbedText'], problemFormat: openAiErrors },
      problems: [...policyRefusals, 'SLM_FAILED', 'SLM_UNAVAILABLE', 'SLM_TIMEOUT'],
    },
    schema: {
      operationId: 'createEmbedding',
      tags: ['openai'],
      summary: 'Compute embeddings of one or more texts',
      body: embeddingBody,
      response: { 200: embeddingList },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      const { input, encoding_format: format } = request.body;
      const { asked: model, shown } = modelOf(models, request.body.model);
      const identity = identityOf(caller, { operationId: 'createEmbedding', tenantId, params: {} }, undefined);
      const { outcome } = await sender.send({
        ...{ tenantId, identity, outcomes, requestDigest: digestOf(request.body) },
        traceparent: traceparentOf(request.raw),
        make: () => embedText({ ...askedBy({ identity, caller }), model, input: [input].flat(), labels: [] }),
        place: (command) => placeOfCommand(command, caller, tenantId, partitions),
        waitMs: waitsForModel(config),
      });
      const { vectors, tokensConsumed } = embeddedOf(outcome);
      return reply.send({
        object: 'list' as const,
        data: vectors.map((vector, index) => ({
          object: 'embedding' as const,
          index,
          embedding: encoded(vector, format),
        })),
        model: shown,
        usage: { prompt_tokens: tokensConsumed.prompt, total_tokens: tokensConsumed.prompt },
      });
    },
  });
}
