/**
 * How many tokens a request can use at most. Every tokenizer in use falls back to bytes, so a text has no more tokens than
 * bytes of UTF-8: a bound that holds for any model, some four times what English takes.
 */

/** An answer of some 200 words, unless the caller asks for another length. */
const ANSWER_TOKENS_DEFAULT = 256;
/** Second fence behind the constitution's own limit: half of a small model's context. */
const ANSWER_TOKENS_MAX = 2_048;
/** What a chat template puts around one message: role, delimiters, line ends. */
const MESSAGE_TOKENS_EXTRA = 16;

/** Of a persona, as one message. */
export const PERSONA_TOKENS_MAX = 512;
/** What a turn that is held against a budget may take of what was said before. The oldest is left out. */
export const HISTORY_TOKENS_MAX = 2_048;

export const boundedMaxTokens = (asked: number | null): number =>
  Math.min(Math.max(asked ?? ANSWER_TOKENS_DEFAULT, 1), ANSWER_TOKENS_MAX);

/** Most tokens of one message of a chat, or of one text to embed. */
export const tokensMaxOf = (text: string): number => Buffer.byteLength(text, 'utf8') + MESSAGE_TOKENS_EXTRA;
