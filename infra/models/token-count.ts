import type { SlmMessage, SlmUsage } from './provider.ts';

const tokenPattern = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

/**
 * Counts tokens without a tokenizer: a run of letters, marks and digits is one token, every other visible character is one
 * token, white space is none. "What is a khipu?" has 5. Used to meter the deterministic model, and an OpenAI-compatible
 * server that reports no usage. Real tokenizers give about 1.3 times as many for English prose.
 */
export function countTokens(text: string): number {
  return text.match(tokenPattern)?.length ?? 0;
}

/** Counts the tokens of a whole call with `countTokens`; roles and delimiters cost nothing. */
export function countUsage(messages: readonly Pick<SlmMessage, 'content'>[], answer: string): SlmUsage {
  const promptTokens = messages.reduce((sum, message) => sum + countTokens(message.content), 0);
  return { promptTokens, completionTokens: countTokens(answer) };
}
