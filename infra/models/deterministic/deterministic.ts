import { hashedEmbedding } from '../../../schemas/feature-hashing.ts';
import { startAnswerMeter } from '../answer-meter.ts';
import { type Deadline, type DeadlineLimits, sleep, startDeadline } from '../deadline.ts';
import { type SlmCall, type SlmChunk, type SlmProvider, SlmProviderError, type SlmToolCall } from '../provider.ts';
import { checkCall, checkEmbeddingInput } from '../request-checks.ts';
import { countTokens, countUsage } from '../token-count.ts';
import { type PromptMarkers, readMarkers } from './prompt-markers.ts';
import { asJson, deterministicWords, untilStop } from './text.ts';
import { askedCalls } from './tool-calls.ts';

/** The model id of answers to requests that name no model. */
export const deterministicModelId = 'khipu-deterministic-1';

/** Time bounds and pace of the deterministic model. */
export interface DeterministicOptions extends DeadlineLimits {
  /** Pause before every word, in milliseconds. */
  readonly delayMs: number;
}

/**
 * Creates the model for installations without one, and for tests. It answers requests for any model, with its name
 * as `modelId`. The answer is a pure function of messages, tools and seed; temperature has no effect.
 * See `prompt-markers.ts` for the controls in a prompt.
 */
export function createDeterministicProvider(options: DeterministicOptions): SlmProvider {
  const open = new Set<Deadline>();
  let closed = false;

  async function* complete(call: SlmCall, signal: AbortSignal): AsyncGenerator<SlmChunk> {
    checkCall(call);
    if (closed) throw closedError();
    const meter = startAnswerMeter();
    const deadline = startDeadline(options, signal);
    open.add(deadline);
    try {
      const markers = readMarkers(call.messages);
      deadline.expectToken();
      if (markers.delayMs > 0) await sleep(markers.delayMs, deadline.signal);
      if (markers.fail !== null) throw new SlmProviderError(markers.fail, `the prompt asked for ${markers.fail}`);
      const toolCalls = askedCalls(call, markers.messages, markers.step);
      let tokens = countUsage({ messages: [] }, '', toolCalls).completionTokens;
      for (const piece of piecesOf(call, markers, toolCalls)) {
        tokens += countTokens(piece);
        if (tokens > call.maxTokens) break;
        deadline.expectToken();
        if (options.delayMs > 0) await sleep(options.delayMs, deadline.signal);
        deadline.tokenArrived();
        deadline.check();
        yield meter.delta(piece);
      }
      const modelId = call.model ?? deterministicModelId;
      const usage = (asked: readonly SlmToolCall[]) => (text: string) => countUsage(call, text, asked);
      if (tokens > call.maxTokens) yield meter.done(modelId, 'length', usage([]));
      else if (toolCalls.length === 0) yield meter.done(modelId, 'stop', usage([]));
      else yield meter.done(modelId, 'tool_calls', usage(toolCalls), toolCalls);
    } finally {
      deadline.stop();
      open.delete(deadline);
    }
  }

  return {
    name: 'deterministic',
    modelId: deterministicModelId,
    complete,
    async embed({ model, input }, signal) {
      checkEmbeddingInput(input);
      if (closed) throw closedError();
      if (signal.aborted) throw new SlmProviderError('SLM_CANCELLED', 'the caller cancelled the call');
      const promptTokens = input.reduce((sum, text) => sum + countTokens(text), 0);
      return { modelId: model ?? deterministicModelId, vectors: input.map(hashedEmbedding), promptTokens };
    },
    async health() {
      return closed
        ? { ok: false, detail: 'closed' }
        : { ok: true, detail: `${deterministicModelId}, no model behind it` };
    },
    circuitOpen: () => false,
    async close() {
      closed = true;
      for (const deadline of open) deadline.abort(closedError());
    },
  };
}

/**
 * Returns the pieces of the answer: the text of the script's step as it is, none beside calls of tools, else the words of
 * the model. Throws SLM_FORMAT_UNSUPPORTED for a JSON schema without a script.
 */
function piecesOf(
  { seed, format, stop = [] }: SlmCall,
  { step, messages, words: wordCount }: PromptMarkers,
  toolCalls: readonly SlmToolCall[],
): readonly string[] {
  if (step?.text !== undefined) return untilStop(step.text.split(/ (?=\S)/), stop);
  if (toolCalls.length > 0) return [];
  if (format?.kind === 'json_schema') {
    const detail = 'the deterministic model knows no JSON schema; ask for json_object';
    throw new SlmProviderError('SLM_FORMAT_UNSUPPORTED', detail);
  }
  const words = deterministicWords(messages, seed, wordCount);
  return untilStop(format === undefined ? words : asJson(words), stop);
}

function closedError(): SlmProviderError {
  return new SlmProviderError('SLM_UNAVAILABLE', 'the provider is closed');
}
