import OpenAI from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { startAnswerMeter } from './answer-meter.ts';
import { type Deadline, type DeadlineLimits, startDeadline } from './deadline.ts';
import { normalised } from './feature-hashing.ts';
import { toProviderError } from './openai-errors.ts';
import { createGuard, type GuardOptions } from './openai-guard.ts';
import { readAnswer } from './openai-stream.ts';
import { type SlmCall, type SlmChunk, type SlmEmbeddings, type SlmProvider, SlmProviderError } from './provider.ts';
import { checkCall, checkEmbeddingInput } from './request-checks.ts';
import { countTokens, countUsage } from './token-count.ts';

export interface OpenAiOptions extends DeadlineLimits, GuardOptions {
  /** With its version, e.g. `http://localhost:8080/v1`. */
  readonly baseUrl: string;
  /** Absent for servers that want none. */
  readonly apiKey?: string;
  /** Taken where a call names none. */
  readonly model: string;
}

/**
 * Any server that speaks the OpenAI chat-completions protocol. `timeoutMs` bounds a call with all of its retries;
 * `firstTokenTimeoutMs` bounds one attempt from connecting to its first token, and then every gap between tokens. Retries end
 * with the first token: what has been shown is not said again. `modelId` of an answer is what the server says it used.
 */
export function createOpenAiProvider(options: OpenAiOptions): SlmProvider {
  const guard = createGuard(options);
  const open = new Set<Deadline>();
  let closed = false;
  // Everything that the client would else take from the environment is said here.
  const client = new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: options.timeoutMs,
    logLevel: 'off',
    // The key and the prompt go where the operator said, and nowhere else.
    fetchOptions: { redirect: 'error' },
  });

  function begin(signal: AbortSignal): Deadline {
    if (closed) throw closedError();
    const deadline = startDeadline(options, signal);
    open.add(deadline);
    return deadline;
  }

  function end(deadline: Deadline): void {
    deadline.stop();
    open.delete(deadline);
  }

  /** Connects and waits for the first chunk, so that a failure until then can be retried. */
  async function connect(call: SlmCall, deadline: Deadline) {
    deadline.check();
    deadline.expectToken();
    try {
      const stream = await client.chat.completions.create(requestOf(call, options.model), { signal: deadline.signal });
      const answer = readAnswer(stream);
      return { answer, first: await answer.next() };
    } finally {
      deadline.tokenArrived();
    }
  }

  async function* complete(call: SlmCall, signal: AbortSignal): AsyncGenerator<SlmChunk> {
    checkCall(call);
    const meter = startAnswerMeter();
    const deadline = begin(signal);
    try {
      const { answer, first } = await guard.run(() => connect(call, deadline), deadline.signal);
      for (let next = first; !next.done; next = await answer.next()) {
        deadline.tokenArrived();
        deadline.check();
        const part = next.value;
        if (typeof part === 'string') yield meter.delta(part);
        else {
          const modelId = part.model ?? call.model ?? options.model;
          yield meter.done(modelId, part.finishReason, (text) => part.usage ?? countUsage(call.messages, text));
          return;
        }
        deadline.expectToken();
      }
    } catch (error) {
      const failure = toProviderError(deadline.signal.aborted ? deadline.signal.reason : error);
      if (meter.started) await guard.failedLater(failure);
      throw failure;
    } finally {
      deadline.abort(new SlmProviderError('SLM_CANCELLED', 'the reader left'));
      end(deadline);
    }
  }

  async function embed(input: readonly string[], signal: AbortSignal): Promise<SlmEmbeddings> {
    checkEmbeddingInput(input);
    const deadline = begin(signal);
    try {
      const request = { model: options.model, input: [...input], encoding_format: 'float' as const };
      const answer = await guard.run(
        () => client.embeddings.create(request, { signal: deadline.signal }),
        deadline.signal,
      );
      if (answer.data.length !== input.length) {
        throw new SlmProviderError('SLM_UNAVAILABLE', `${answer.data.length} vectors for ${input.length} inputs`);
      }
      const ordered = answer.data.toSorted((left, right) => left.index - right.index);
      const counted = input.reduce((sum, text) => sum + countTokens(text), 0);
      return {
        modelId: answer.model || options.model,
        vectors: ordered.map((item) => normalised(item.embedding)),
        promptTokens: answer.usage?.prompt_tokens ?? counted,
      };
    } catch (error) {
      throw toProviderError(deadline.signal.aborted ? deadline.signal.reason : error);
    } finally {
      end(deadline);
    }
  }

  return {
    name: 'openai',
    modelId: options.model,
    complete,
    embed,
    async health() {
      if (closed) return { ok: false, detail: 'closed' };
      if (guard.open) return { ok: false, detail: `${options.baseUrl}: circuit open` };
      return probe(client, options.baseUrl);
    },
    async close() {
      closed = true;
      for (const deadline of open) deadline.abort(closedError());
    },
  };
}

function requestOf(call: SlmCall, defaultModel: string): ChatCompletionCreateParamsStreaming {
  return {
    model: call.model ?? defaultModel,
    messages: call.messages.map(({ role, content }) => ({ role, content })),
    // `max_completion_tokens` is newer, but compatible servers do not all know it.
    max_tokens: call.maxTokens,
    temperature: call.temperature,
    seed: call.seed,
    stream: true,
    stream_options: { include_usage: true },
  };
}

/** Asks for the list of models, which costs nothing. A server that has no such list has answered all the same. */
async function probe(client: OpenAI, baseUrl: string): Promise<{ ok: boolean; detail: string }> {
  try {
    await client.models.list({ timeout: 2_000 });
    return { ok: true, detail: `${baseUrl}: reachable` };
  } catch (error) {
    if (error instanceof OpenAI.NotFoundError) return { ok: true, detail: `${baseUrl}: reachable, lists no models` };
    return { ok: false, detail: `${baseUrl}: ${toProviderError(error).message}` };
  }
}

function closedError(): SlmProviderError {
  return new SlmProviderError('SLM_UNAVAILABLE', 'the provider is closed');
}
