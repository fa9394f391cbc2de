import type { SlmMessage, SlmTool, SlmToolCall, SlmUsage } from './provider.ts';

const tokenPattern = /[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu;

/**
 * Counts tokens without a tokenizer: a run of letters, marks and digits is one token, every other visible character is one
 * token, white space is none. "What is a khipu?" has 5. Used to meter the deterministic model, and an OpenAI-compatible
 * server that reports no usage. Real tokenizers give about 1.3 times as many for English prose.
 */
export function countTokens(text: string): number {
  return text.match(tokenPattern)?.length ?? 0;
}

/** The texts of a call that a model reads. */
interface CountedPrompt {
  readonly messages: readonly (Pick<SlmMessage, 'content'> & { readonly toolCalls?: readonly SlmToolCall[] })[];
  readonly tools?: readonly SlmTool[] | undefined;
}

/**
 * Counts the tokens of a whole call with `countTokens`: messages, tools that are offered, and calls that are asked for.
 * Roles, ids and delimiters cost nothing.
 */
export function countUsage(
  { messages, tools = [] }: CountedPrompt,
  answer: string,
  toolCalls: readonly SlmToolCall[] = [],
): SlmUsage {
  const said = messages.reduce((sum, { content, toolCalls: asked }) => sum + countTokens(content) + tokensOf(asked), 0);
  const offered = tools.reduce(
    (sum, { name, description, parameters }) => sum + countTokens(`${name} ${description} ${parameters}`),
    0,
  );
  return { promptTokens: said + offered, completionTokens: countTokens(answer) + tokensOf(toolCalls) };
}

const tokensOf = (calls: readonly SlmToolCall[] = []): number =>
  calls.reduce((sum, { name, arguments: given }) => sum + countTokens(name) + countTokens(given), 0);
