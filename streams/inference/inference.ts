import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { noTools, textMessage } from '../../schemas/contexts/slm/messages.ts';
import { PROGRAM_TEMPERATURE, slmOrigin } from '../../schemas/contexts/slm/models.ts';
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
  textModerated,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { seedOf } from '../kernel/seed.ts';
import { assertNever, processor, type RecordOf } from '../kernel.ts';

type Input = RecordOf<'PolicyDecided' | 'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>;
type InferenceEvent = RecordOf<
  | 'InferenceStarted'
  | 'InferenceCompleted'
  | 'EmbeddingCompleted'
  | 'TextModerated'
  | 'InferenceFailed'
  | 'InferenceRefused'
>;
type Output = InferenceEvent | RecordOf<'SlmRequested' | 'SlmEmbeddingRequested' | 'CancelSlmRequest'>;

/**
 * absent ──allow──▶ started ──answer──▶ ended      a repeat of a running request emits nothing
 *   └─deny─▶ ended                                 moderation is answered with its decision: absent ──allow──▶ ended
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

/** Decides on a decision of policy, or on an answer of a model. Answers of ended requests are ignored. */
export function decide({ status }: InferenceState, input: Input): readonly Output[] {
  if (input.type === 'PolicyDecided') {
    if (status === 'started') return [];
    if (input.data.decision.outcome === 'deny') return refusal(input.data);
    return input.data.command.type === 'ModerateText' ? moderated(input.data) : request(input.data);
  }
  return status === 'started' ? answered(input) : [];
}

function answered(input: Exclude<Input, RecordOf<'PolicyDecided'>>): readonly Output[] {
  switch (input.type) {
    case 'SlmCompleted': {
      const { requestId, text, modelId, finishReason, tokensConsumed, latencyMs, moderation } = input.data;
      return [inferenceCompleted({ requestId, text, modelId, finishReason, tokensConsumed, latencyMs, moderation })];
    }
    case 'SlmEmbedded': {
      const { requestId, vectors, modelId, tokensConsumed, latencyMs } = input.data;
      return [embeddingCompleted({ requestId, vectors, modelId, tokensConsumed, latencyMs })];
    }
    case 'SlmFailed': {
      const { requestId, code, detail, refusal } = input.data;
      return [inferenceFailed({ requestId, code, detail, refusal })];
    }
    default:
      return assertNever(input);
  }
}

function request({ command, decision: { decisionId } }: PolicyDecided): readonly Output[] {
  if (command.type !== 'InferText' && command.type !== 'EmbedText') return [];
  const { requestId, principal, model } = command.data;
  const request = { subjectId: requestId, origin: ORIGIN, requestId, sessionId: null, turnId: null };
  // A caller waits for the answer.
  const common = { ...request, principal, model, decisionId, lane: 'interactive' };
  const started = inferenceStarted({ requestId, principal, model, decisionId });
  if (command.type === 'EmbedText') return [started, slmEmbeddingRequested({ ...common, input: command.data.input })];
  return [
    started,
    slmRequested({
      ...common,
      turnSequence: null,
      messages: [textMessage('user', command.data.prompt)],
      maxTokens: boundedMaxTokens(command.data.maxTokens),
      temperature: PROGRAM_TEMPERATURE,
      seed: seedOf(requestId),
      stop: [],
      responseFormat: null,
      ...noTools,
    }),
  ];
}

/** Answers at once: policy has classified the texts with its decision. */
function moderated({ command, decision, principal, moderation: report }: PolicyDecided): readonly Output[] {
  if (command.type !== 'ModerateText' || report === null) return [];
  const { decisionId, constitutionVersion, constitutionDigest } = decision;
  const { requestId } = command.data;
  return [textModerated({ requestId, principal, decisionId, constitutionVersion, constitutionDigest, report })];
}

type InferenceCommand = RecordOf<'InferText' | 'EmbedText' | 'ModerateText'>;

const isOurs = (command: PolicyDecided['command']): command is InferenceCommand =>
  command.type === 'InferText' || command.type === 'EmbedText' || command.type === 'ModerateText';

function refusal(decided: PolicyDecided): readonly Output[] {
  const { command } = decided;
  if (!isOurs(command)) return [];
  return [inferenceRefused({ requestId: command.data.requestId, ...refusalOf(decided) })];
}

const keyOf = (record: Input): string | null => {
  if (record.type !== 'PolicyDecided') return record.data.origin === ORIGIN ? record.data.subjectId : null;
  return isOurs(record.data.command) ? record.data.subjectId : null;
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
    case 'TextModerated':
    case 'InferenceFailed':
    case 'InferenceRefused':
      return { status: 'ended' };
    default:
      return assertNever(event);
  }
}

/** Answers single inferences, embeddings and moderation outside of sessions. State: about 60 bytes per request, while it runs. */
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
