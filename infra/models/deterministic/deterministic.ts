import { hashedEmbedding } from '../../../schemas/feature-hashing.ts';
import { startAnswerMeter } from '../answer-meter.ts';
import { type Deadline, type DeadlineLimits, sleep, startDeadline } from '../deadline.ts';
import { type SlmCall, type SlmChunk, type SlmProvider, SlmProviderError } from '../provider.ts';
import { checkCall, checkEmbeddingInput } from '../request-checks.ts';
import { countTokens, countUsage } from '../token-count.ts';
import { readMarkers } from './prompt-markers.ts';
import { asJson, deterministicWords, untilStop } from './text.ts';

/** The model id of answers to requests that name no model. */
export const deterministicModelId = 'khipu-deterministic-1';

/** Time bounds and pace of the deterministic model. */
export interface DeterministicOptions extends DeadlineLimits {
  /** Pause before every word, in milliseconds. */
  readonly delayMs: number;
}

/**
 * Creates the model for installations without one, and for tests. It answers requests for any model, with its name
 * as `modelId`. The answer is a pure function of messages and seed; temperature has no effect.
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
      if (call.format?.kind === 'json_schema')
        throw new SlmProviderError(
          'SLM_FORMAT_UNSUPPORTED',
          'the deterministic model knows no JSON schema; ask for json_object',
        );
      if (call.tools !== undefined)
        throw new SlmProviderError('SLM_TOOLS_UNSUPPORTED', 'the deterministic model knows no tools');
      const words = deterministicWords(markers.messages, call.seed, markers.words);
      const answer = untilStop(call.format === undefined ? words : asJson(words), call.stop ?? []);
      let tokens = 0;
      for (const piece of answer) {
        tokens += countTokens(piece);
        if (tokens > call.maxTokens) break;
        deadline.expectToken();
        if (options.delayMs > 0) await sleep(options.delayMs, deadline.signal);
        deadline.tokenArrived();
        deadline.check();
        yield meter.delta(piece);
      }
      const finishReason = tokens > call.maxTokens ? 'length' : 'stop';
      yield meter.done(call.model ?? deterministicModelId, finishReason, (text) => countUsage(call.messages, text));
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

function closedError(): SlmProviderError {
  return new SlmProviderError('SLM_UNAVAILABLE', 'the provider is closed');
}
