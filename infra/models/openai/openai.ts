import OpenAI from 'openai';
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { normalised } from '../../../schemas/feature-hashing.ts';
import { startAnswerMeter } from '../answer-meter.ts';
import { type Deadline, type DeadlineLimits, startDeadline } from '../deadline.ts';
import {
  type SlmCall,
  type SlmChunk,
  type SlmEmbeddingCall,
  type SlmEmbeddings,
  type SlmFormat,
  type SlmMessage,
  type SlmProvider,
  SlmProviderError,
} from '../provider.ts';
import { checkCall, checkEmbeddingInput } from '../request-checks.ts';
import { countTokens, countUsage } from '../token-count.ts';
import { readEmbeddings } from './embeddings.ts';
import { toProviderError } from './errors.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import { probeModelServer } from './probe.ts';
import { readAnswer } from './stream.ts';

/** The server, and the bounds of the adapter. */
export interface OpenAiOptions extends DeadlineLimits, GuardOptions {
  /** With its version, e.g. `http://localhost:8080/v1`. */
  readonly baseUrl: string;
  /** Omitted for servers without authentication. */
  readonly apiKey?: string;
  /** Used by calls that name no model. */
  readonly model: string;
}

/**
 * Creates the adapter for any server with the OpenAI chat-completions protocol. `timeoutMs` bounds a call with all of
 * its retries; `firstTokenTimeoutMs` bounds one attempt from connecting to its first token, and then every gap between
 * tokens. There are no retries after the first token: no text is repeated. `modelId` of an answer is the one that the
 * server reports.
 */
export function createOpenAiProvider(options: OpenAiOptions): SlmProvider {
  const guard = createGuard(options);
  const open = new Set<Deadline>();
  let closed = false;
  // Sets every option that the client would otherwise read from the environment.
  const client = new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: options.timeoutMs,
    logLevel: 'off',
    // Key and prompt go only to the configured server.
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
          yield meter.done(
            modelId,
            part.finishReason,
            (text) => part.usage ?? countUsage(call, text, part.toolCalls),
            part.toolCalls,
          );
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

  async function embed({ model: asked, input }: SlmEmbeddingCall, signal: AbortSignal): Promise<SlmEmbeddings> {
    checkEmbeddingInput(input);
    const deadline = begin(signal);
    try {
      const request = { model: asked ?? options.model, input: [...input], encoding_format: 'float' as const };
      const answer = await guard.run(
        () => client.embeddings.create(request, { signal: deadline.signal }),
        deadline.signal,
      );
      const { data, model, usage } = readEmbeddings(answer, input.length);
      const ordered = data.toSorted((left, right) => left.index - right.index);
      const counted = input.reduce((sum, text) => sum + countTokens(text), 0);
      return {
        modelId: model || request.model,
        vectors: ordered.map((item) => normalised(item.embedding)),
        promptTokens: usage?.prompt_tokens ?? counted,
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
      return probeModelServer(options);
    },
    circuitOpen: () => guard.open,
    async close() {
      closed = true;
      for (const deadline of open) deadline.abort(closedError());
    },
  };
}

function requestOf(call: SlmCall, defaultModel: string): ChatCompletionCreateParamsStreaming {
  return {
    model: call.model ?? defaultModel,
    messages: call.messages.map(messageOf),
    ...toolsOf(call),
    // `max_completion_tokens` is newer, but not all compatible servers support it.
    max_tokens: call.maxTokens,
    temperature: call.temperature,
    seed: call.seed,
    ...(call.stop !== undefined && call.stop.length > 0 && { stop: [...call.stop] }),
    ...(call.format !== undefined && { response_format: formatOf(call.format) }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function messageOf(message: SlmMessage): ChatCompletionMessageParam {
  const { role, content } = message;
  if (role === 'tool') return { role, content, tool_call_id: message.toolCallId };
  if (role !== 'assistant' || message.toolCalls === undefined) return { role, content };
  const tool_calls = message.toolCalls.map(({ id, name, arguments: given }) => ({
    ...{ id, type: 'function' as const, function: { name, arguments: given } },
  }));
  return { role, content: content === '' ? null : content, tool_calls };
}

function toolsOf({
  tools,
  toolChoice = 'auto',
  parallelToolCalls = true,
}: SlmCall): Pick<ChatCompletionCreateParamsStreaming, 'tools' | 'tool_choice' | 'parallel_tool_calls'> {
  if (tools === undefined) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      function: { name, description, parameters: JSON.parse(parameters) as Record<string, unknown> },
    })),
    tool_choice: typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: toolChoice },
    // True is the default, and not all compatible servers support the parameter.
    ...(!parallelToolCalls && { parallel_tool_calls: false }),
  };
}

function formatOf(format: SlmFormat): NonNullable<ChatCompletionCreateParamsStreaming['response_format']> {
  if (format.kind === 'json_object') return { type: 'json_object' };
  const { name, description, strict } = format;
  const schema = JSON.parse(format.schema) as Record<string, unknown>;
  return {
    type: 'json_schema',
    json_schema: { name, schema, strict, ...(description !== null && { description }) },
  };
}

function closedError(): SlmProviderError {
  return new SlmProviderError('SLM_UNAVAILABLE', 'the provider is closed');
}
