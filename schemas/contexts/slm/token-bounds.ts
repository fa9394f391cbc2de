/**
 * Upper bounds on the tokens of a request. Every tokenizer in use falls back to bytes, so a text has no more tokens
 * than bytes of UTF-8: a bound for every model, about four times the tokens of English text.
 */

/** Default bound on an answer, in tokens: some 200 words. */
const ANSWER_TOKENS_DEFAULT = 256;
/** Second bound after the constitution's own limit, in tokens: half of a small model's context. */
const ANSWER_TOKENS_MAX = 2_048;
/** Tokens that a chat template adds to one message: role, delimiters, line ends. */
const MESSAGE_TOKENS_EXTRA = 16;

/** Bound on a persona, as one message. */
export const PERSONA_TOKENS_MAX = 512;
/** Bound on earlier messages in a turn with a budget; the oldest are left out. */
export const HISTORY_TOKENS_MAX = 2_048;

/** Returns the bound on an answer: the requested one or the default, within the second bound. */
export const boundedMaxTokens = (asked: number | null): number =>
  Math.min(Math.max(asked ?? ANSWER_TOKENS_DEFAULT, 1), ANSWER_TOKENS_MAX);

/** Returns the maximum number of tokens of one chat message, or of one text to embed. */
export const tokensMaxOf = (text: string): number => Buffer.byteLength(text, 'utf8') + MESSAGE_TOKENS_EXTRA;
