import type { SlmMessage, SlmUsage } from './provider.ts';

const tokenPattern = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

/**
 * The rule where no tokenizer is at hand: a run of letters, marks and digits is one token, every other visible character is
 * one token, white space is none. "What is a khipu?" has 5. The deterministic model is metered by it, and so is an
 * OpenAI-compatible server that reports no usage. Real tokenizers give some 1.3 times as many for English prose.
 */
export function countTokens(text: string): number {
  return text.match(tokenPattern)?.length ?? 0;
}

/** The rule of `countTokens` over a whole call; roles and delimiters cost nothing. */
export function countUsage(messages: readonly SlmMessage[], answer: string): SlmUsage {
  const promptTokens = messages.reduce((sum, message) => sum + countTokens(message.content), 0);
  return { promptTokens, completionTokens: countTokens(answer) };
}
