import type { ModelToolCall, TokenUsage } from '../../schemas/generated/records.ts';

/** What every chunk of a completion has in common. */
export interface ChunkHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** The `finish_reason` of an answer. The OpenAI API has none for `other`. */
export const finishReasonOf = (reason: string): 'stop' | 'length' | 'tool_calls' | 'content_filter' =>
  reason === 'length' || reason === 'tool_calls' || reason === 'content_filter' ? reason : 'stop';

/** Returns the `usage` of a completion. */
export const usageOf = ({ prompt, completion }: TokenUsage) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});

/** Returns a Server-Sent Event with data alone, as the OpenAI API sends it. */
export const dataFrame = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
/** The last frame of a stream that was not cut. */
export const DONE_FRAME = 'data: [DONE]\n\n';

/**
 * Returns the frames of a streamed completion. The first delta has the role; `finish_reason` is null until the last chunk
 * with a choice. With `includeUsage`, one more chunk without choices has the usage, and all others have `usage: null`.
 */
export function chunkFrames(head: ChunkHead, includeUsage: boolean) {
  const frame = (choices: readonly object[], usage: object | null): string =>
    dataFrame({
      ...{ id: head.id, object: 'chat.completion.chunk', created: head.created, model: head.model, choices },
      ...(includeUsage && { usage }),
    });
  const choice = (delta: object, finishReason: string | null = null): readonly object[] => [
    { index: 0, delta, logprobs: null, finish_reason: finishReason },
  ];
  return {
    first: (): string => frame(choice({ role: 'assistant', content: '' }), null),
    text: (content: string): string => frame(choice({ content }), null),
    /** Of each call first its index, id and name, then its arguments. */
    calls: (calls: readonly ModelToolCall[]): string =>
      calls
        .map(({ id, name, arguments: given }, index) => {
          const named = { index, id, type: 'function', function: { name, arguments: '' } };
          const filled = { index, function: { arguments: given } };
          return frame(choice({ tool_calls: [named] }), null) + frame(choice({ tool_calls: [filled] }), null);
        })
        .join(''),
    end: (reason: string, tokens: TokenUsage): string =>
      frame(choice({}, finishReasonOf(reason)), null) + (includeUsage ? frame([], usageOf(tokens)) : '') + DONE_FRAME,
  };
}
