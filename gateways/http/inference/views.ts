import type { z } from 'zod';
import { wireModeration } from '../../../schemas/contexts/moderation/wire.ts';
import type {
  EmbeddingCompleted,
  InferenceCompleted,
  InferenceFailed,
  InferenceRefused,
} from '../../../schemas/generated/records.ts';
import { modelFailure } from '../../shared/problems/model-failure.ts';
import type { Problem } from '../../shared/problems/problem.ts';
import { policyProblem } from '../../shared/problems/shortfall.ts';
import type { embeddedBody, inferredBody } from './schemas.ts';

/** Returns the problem of a failed request. */
export const failureProblem = ({ code, detail, requestId }: InferenceFailed): Problem =>
  modelFailure(code, detail, { slm_request_id: requestId });

/** Returns the problem of a refused request, with its decision. */
export const refusedProblem = (refused: InferenceRefused): Problem => policyProblem(refused);

/** Returns the body of a generated text. */
export const inferredOf = (event: InferenceCompleted): z.infer<typeof inferredBody> => ({
  request_id: event.requestId,
  text: event.text,
  model_id: event.modelId,
  finish_reason: event.finishReason,
  moderation: wireModeration(event.moderation) as z.infer<typeof inferredBody>['moderation'],
  tokens_consumed: event.tokensConsumed,
  latency_ms: event.latencyMs,
});

/** Returns the body of embeddings. */
export const embeddedOf = (event: EmbeddingCompleted): z.infer<typeof embeddedBody> => ({
  request_id: event.requestId,
  embeddings: event.vectors.map((vector) => [...vector]),
  model_id: event.modelId,
  tokens_consumed: event.tokensConsumed,
  latency_ms: event.latencyMs,
});
