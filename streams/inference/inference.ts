import {
  embeddingCompleted,
  inferenceCompleted,
  inferenceFailed,
  inferenceRefused,
  inferenceStarted,
  type PolicyDecided,
  slmEmbeddingRequested,
  slmRequested,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { denialDetail, refusalCode } from '../kernel/denial.ts';
import { seedOf } from '../kernel/seed.ts';
import { boundedMaxTokens } from '../kernel/token-bounds.ts';
import { assertNever, processor, type RecordOf } from '../kernel.ts';

type Input = RecordOf<'PolicyDecided' | 'SlmDelta' | 'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>;
type InferenceEvent = RecordOf<
  'InferenceStarted' | 'InferenceCompleted' | 'EmbeddingCompleted' | 'InferenceFailed' | 'InferenceRefused'
>;
type Output = InferenceEvent | RecordOf<'SlmRequested' | 'SlmEmbeddingRequested' | 'CancelSlmRequest'>;

/**
 * absent ──allow──▶ started ──answer──▶ ended      a request that is repeated while it runs finds itself and says nothing more
 *   └─deny─▶ ended
 *
 * An ended request has no state: one that is repeated later is answered by the gateway, which finds its outcome.
 */
export type InferenceState =
  | { readonly status: 'absent' }
  | { readonly status: 'started' }
  | { readonly status: 'ended' };

/** Asked for by programs, which want the same answer to the same question: nearly greedy. */
const TEMPERATURE = 0.2;

export function decide({ status }: InferenceState, input: Input): readonly Output[] {
  if (input.type === 'PolicyDecided') {
    if (status === 'started') return [];
    return input.data.decision.outcome === 'allow' ? request(input.data) : refusal(input.data);
  }
  return status === 'started' ? answered(input) : [];
}

function answered(input: Exclude<Input, RecordOf<'PolicyDecided'>>): readonly Output[] {
  switch (input.type) {
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
  const started = inferenceStarted({ requestId, principal, model, decisionId });
  if (command.type === 'EmbedText') return [started, slmEmbeddingRequested({ ...common, input: command.data.input })];
  return [
    started,
    slmRequested({
      ...common,
      messages: [{ role: 'user', content: command.data.prompt }],
      maxTokens: boundedMaxTokens(command.data.maxTokens),
      temperature: TEMPERATURE,
      seed: seedOf(requestId),
    }),
  ];
}

function refusal({ command, decision }: PolicyDecided): readonly Output[] {
  if (command.type !== 'InferText' && command.type !== 'EmbedText') return [];
  const { requestId } = command.data;
  return [inferenceRefused({ requestId, code: refusalCode(decision), detail: denialDetail(decision), decision })];
}

const keyOf = (record: Input): string | null => {
  if (record.type !== 'PolicyDecided') return record.data.origin === 'inference' ? record.data.subjectId : null;
  const { type } = record.data.command;
  return type === 'InferText' || type === 'EmbedText' ? record.data.subjectId : null;
};

export function evolve(state: InferenceState, event: Output): InferenceState {
  switch (event.type) {
    case 'SlmRequested':
    case 'SlmEmbeddingRequested':
    case 'CancelSlmRequest':
      return state;
    case 'InferenceStarted':
      return { status: 'started' };
    case 'InferenceCompleted':
    case 'EmbeddingCompleted':
    case 'InferenceFailed':
    case 'InferenceRefused':
      return { status: 'ended' };
    default:
      return assertNever(event);
  }
}

/** Single answers and embeddings outside of any session. State: some 60 bytes a request, while it runs. */
export const inference = processor({
  name: 'inference',
  inputs: [topics.policyDecisions, topics.slmResponses],
  outputs: [topics.inferenceEvents, topics.slmRequests],
  state: topics.inferenceState,
  initial: { status: 'absent' } as InferenceState,
  finished: ({ status }) => status === 'ended',
  key: keyOf,
  decide,
  evolve,
});
