import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { type SlmDone, SlmProviderError, type SlmToolCall, type SlmUsage } from '../provider.ts';

/** The end of a stream. */
export interface StreamEnd {
  readonly finishReason: SlmDone['finishReason'];
  /** The calls of tools that the answer asks for. */
  readonly toolCalls: readonly SlmToolCall[];
  /** The server's count; null when it does not support `stream_options.include_usage`. */
  readonly usage: SlmUsage | null;
  readonly model: string | null;
}

/**
 * Reads a chat-completion stream: yields its non-empty texts, then its end. A stream without a finish reason was cut off
 * (`SLM_UNAVAILABLE`), one that ends with `content_filter` was rejected (`SLM_REJECTED`).
 */
export async function* readAnswer(stream: AsyncIterable<ChatCompletionChunk>): AsyncGenerator<string | StreamEnd> {
  let finishReason: string | null = null;
  let usage: SlmUsage | null = null;
  let model: string | null = null;
  const calls = new Map<number, { id: string; name: string; arguments: string }>();
  for await (const chunk of stream) {
    model = chunk.model || model;
    // The chunk with the usage follows the last choice and has no choice itself.
    if (chunk.usage) {
      usage = { promptTokens: chunk.usage.prompt_tokens, completionTokens: chunk.usage.completion_tokens };
    }
    const choice = chunk.choices?.[0];
    finishReason = choice?.finish_reason ?? finishReason;
    for (const { index, id, function: part } of choice?.delta?.tool_calls ?? []) {
      const call = calls.get(index) ?? { id: '', name: '', arguments: '' };
      calls.set(index, call);
      call.id ||= id ?? '';
      call.name ||= part?.name ?? '';
      call.arguments += part?.arguments ?? '';
    }
    if (choice?.delta?.content) yield choice.delta.content;
  }
  if (finishReason === null) throw new SlmProviderError('SLM_UNAVAILABLE', 'the stream was cut before its end');
  if (finishReason === 'content_filter') {
    throw new SlmProviderError('SLM_REJECTED', "the model server's content filter refused the answer");
  }
  yield { finishReason: reasonOf(finishReason), toolCalls: [...calls.values()], usage, model };
}

/** Finish reasons of the server; any other one becomes `other`. */
const reasonOf = (finishReason: string): StreamEnd['finishReason'] =>
  finishReason === 'stop' || finishReason === 'length' || finishReason === 'tool_calls' ? finishReason : 'other';
