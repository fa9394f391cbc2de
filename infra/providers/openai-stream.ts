import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { type SlmDone, SlmProviderError, type SlmUsage } from './provider.ts';

export interface StreamEnd {
  readonly finishReason: SlmDone['finishReason'];
  /** What the server counted; null where it does not know `stream_options.include_usage`. */
  readonly usage: SlmUsage | null;
  readonly model: string | null;
}

/**
 * Reads a chat-completion stream: its non-empty texts, then its end. A stream which ends without a finish reason was cut
 * (`SLM_UNAVAILABLE`), one that ends with `content_filter` was refused (`SLM_REJECTED`).
 */
export async function* readAnswer(stream: AsyncIterable<ChatCompletionChunk>): AsyncGenerator<string | StreamEnd> {
  let finishReason: string | null = null;
  let usage: SlmUsage | null = null;
  let model: string | null = null;
  for await (const chunk of stream) {
    model = chunk.model || model;
    // The chunk that carries the usage comes after the last choice and has none itself.
    if (chunk.usage) {
      usage = { promptTokens: chunk.usage.prompt_tokens, completionTokens: chunk.usage.completion_tokens };
    }
    const choice = chunk.choices?.[0];
    finishReason = choice?.finish_reason ?? finishReason;
    if (choice?.delta?.content) yield choice.delta.content;
  }
  if (finishReason === null) throw new SlmProviderError('SLM_UNAVAILABLE', 'the stream was cut before its end');
  if (finishReason === 'content_filter') {
    throw new SlmProviderError('SLM_REJECTED', "the model server's content filter refused the answer");
  }
  yield { finishReason: finishReason === 'length' ? 'length' : 'stop', usage, model };
}
