import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { slmOrigin } from '../../schemas/contexts/slm/models.ts';
import { boundedMaxTokens } from '../../schemas/contexts/slm/token-bounds.ts';
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
import { seedOf } from '../kernel/seed.ts';
import { assertNever, processor, type RecordOf } from '../kernel.ts';

type Input = RecordOf<'PolicyDecided' | 'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>;
type InferenceEvent = RecordOf<
  'InferenceStarted' | 'InferenceCompleted' | 'EmbeddingCompleted' | 'InferenceFailed' | 'InferenceRefused'
>;
type Output = InferenceEvent | RecordOf<'SlmRequested' | 'SlmEmbeddingRequested' | 'CancelSlmRequest'>;

/**
 * absent ──allow──▶ started ──answer──▶ ended      a repeat of a running request emits nothing
 *   └─deny─▶ ended
 *
 * An ended request has no state: a later repeat is answered by the gateway, which finds its outcome.
 */
export type InferenceState =
  | { readonly status: 'absent' }
  | { readonly status: 'started' }
  | { readonly status: 'ended' };

const NAME = 'inference';
/** Origin of its requests to models; answers carry the same origin. */
const ORIGIN = slmOrigin(NAME);

/** Sampling temperature, nearly greedy: callers are programs, which expect the same answer to the same question. */
const TEMPERATURE = 0.2;

/** Decides on a decision of policy, or on an answer of a model. Answers of ended requests are ignored. */
export function decide({ status }: InferenceState, input: Input): readonly Output[] {
  if (input.type === 'PolicyDecided') {
    if (status === 'started') return [];
    return input.data.decision.outcome === 'allow' ? request(input.data) : refusal(input.data);
  }
  return status === 'started' ? answered(input) : [];
}

function answered(input: Exclude<Input, RecordOf<'PolicyDecided'>>): readonly Output[] {
  switch (input.type) {
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
  const request = { subjectId: requestId, origin: ORIGIN, requestId, sessionId: null, turnId: null };
  const common = { ...request, principal, model, decisionId };
  const started = inferenceStarted({ requestId, principal, model, decisionId });
  if (command.type === 'EmbedText') return [started, slmEmbeddingRequested({ ...common, input: command.data.input })];
  return [
    started,
    slmRequested({
      ...common,
      turnSequence: null,
      messages: [{ role: 'user', content: command.data.prompt }],
      maxTokens: boundedMaxTokens(command.data.maxTokens),
      temperature: TEMPERATURE,
      seed: seedOf(requestId),
      stop: [],
    }),
  ];
}

function refusal(decided: PolicyDecided): readonly Output[] {
  const { command } = decided;
  if (command.type !== 'InferText' && command.type !== 'EmbedText') return [];
  return [inferenceRefused({ requestId: command.data.requestId, ...refusalOf(decided) })];
}

const keyOf = (record: Input): string | null => {
  if (record.type !== 'PolicyDecided') return record.data.origin === ORIGIN ? record.data.subjectId : null;
  const { type } = record.data.command;
  return type === 'InferText' || type === 'EmbedText' ? record.data.subjectId : null;
};

/** Folds one output into the state of its request. */
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

/** Answers single inferences and embeddings outside of sessions. State: about 60 bytes per request, while it runs. */
export const inference = processor({
  name: NAME,
  inputs: [topics.policyDecisions, topics.slmResponses],
  outputs: [topics.inferenceEvents, topics.slmRequests],
  state: topics.inferenceState,
  initial: { status: 'absent' } as InferenceState,
  finished: ({ status }) => status === 'ended',
  key: keyOf,
  decide,
  evolve,
});
