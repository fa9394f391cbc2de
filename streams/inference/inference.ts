import {
  embeddingCompleted,
  inferenceCompleted,
  inferenceFailed,
  inferenceRefused,
  type PolicyDecided,
  slmEmbeddingRequested,
  slmRequested,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { denialDetail } from '../kernel/denial.ts';
import { seedOf } from '../kernel/seed.ts';
import { assertNever, processor, type RecordOf } from '../kernel.ts';

type Input = RecordOf<'PolicyDecided' | 'SlmDelta' | 'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>;
type Output = RecordOf<
  | 'InferenceCompleted'
  | 'EmbeddingCompleted'
  | 'InferenceFailed'
  | 'InferenceRefused'
  | 'SlmRequested'
  | 'SlmEmbeddingRequested'
>;

const MAX_TOKENS_DEFAULT = 256;
const MAX_TOKENS_MAX = 2_048;
/** Asked for by programs, which want the same answer to the same question: nearly greedy. */
const TEMPERATURE = 0.2;

export function decide(_: undefined, input: Input): readonly Output[] {
  switch (input.type) {
    case 'PolicyDecided':
      return input.data.decision.outcome === 'allow' ? request(input.data) : refusal(input.data);
    case 'SlmDelta':
      // The caller of the fallback waits for the whole answer.
      return [];
    case 'SlmCompleted': {
      const { requestId, text, modelId, finishReason, tokensConsumed, latencyMs } = input.data;
      return [inferenceCompleted({ requestId, text, modelId, finishReason, tokensConsumed, latencyMs })];
    }
    case 'SlmEmbedded': {
      const { requestId, vectors, modelId, tokensConsumed, latencyMs } = input.data;
      return [embeddingCompleted({ requestId, vectors, modelId, tokensConsumed, latencyMs })];
    }
    case 'SlmFailed': {
      const { requestId, code, detail } = input.data;
      return [inferenceFailed({ requestId, code, detail })];
    }
    default:
      return assertNever(input);
  }
}

function request({ command, decision: { decisionId } }: PolicyDecided): readonly Output[] {
  if (command.type !== 'InferText' && command.type !== 'EmbedText') return [];
  const { requestId, principal, model } = command.data;
  const common = { subjectId: requestId, origin: 'inference', requestId, principal, model, decisionId } as const;
  if (command.type === 'EmbedText') return [slmEmbeddingRequested({ ...common, input: command.data.input })];
  return [
    slmRequested({
      ...common,
      messages: [{ role: 'user', content: command.data.prompt }],
      maxTokens: Math.min(Math.max(command.data.maxTokens ?? MAX_TOKENS_DEFAULT, 1), MAX_TOKENS_MAX),
      temperature: TEMPERATURE,
      seed: seedOf(requestId),
    }),
  ];
}

function refusal({ command, decision }: PolicyDecided): readonly Output[] {
  if (command.type !== 'InferText' && command.type !== 'EmbedText') return [];
  const { requestId } = command.data;
  return [inferenceRefused({ requestId, code: 'POLICY_DENIED', detail: denialDetail(decision), decision })];
}

const keyOf = (record: Input): string | null => {
  if (record.type !== 'PolicyDecided') return record.data.origin === 'inference' ? record.data.subjectId : null;
  const { type } = record.data.command;
  return type === 'InferText' || type === 'EmbedText' ? record.data.subjectId : null;
};

/** Single answers and embeddings outside of any session. Stateless: each record holds all that the next one needs. */
export const inference = processor({
  name: 'inference',
  inputs: [topics.policyDecisions, topics.slmResponses],
  outputs: [topics.inferenceEvents, topics.slmRequests],
  key: keyOf,
  decide,
});
