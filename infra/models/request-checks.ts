import { type SlmCall, SlmProviderError } from './provider.ts';

/** Bounds that all adapters share. */
export const messagesMax = 256;
export const embeddingInputsMax = 256;
export const stopTextsMax = 4;

/** Throws `SLM_REJECTED` for an invalid call, so that all adapters reject the same calls. */
export function checkCall(call: SlmCall): void {
  const { messages, maxTokens, temperature, seed, stop = [] } = call;
  if (messages.length === 0 || messages.length > messagesMax) {
    throw rejected(`messages: expected 1 to ${messagesMax}, got ${messages.length}`);
  }
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) throw rejected(`maxTokens: expected ≥ 1, got ${maxTokens}`);
  if (!(temperature >= 0 && temperature <= 2)) throw rejected(`temperature: expected 0 to 2, got ${temperature}`);
  if (!Number.isSafeInteger(seed) || seed < 0) throw rejected(`seed: expected a non-negative integer, got ${seed}`);
  if (stop.length > stopTextsMax) throw rejected(`stop: expected at most ${stopTextsMax} texts, got ${stop.length}`);
  const emptyAt = stop.indexOf('');
  if (emptyAt >= 0) throw rejected(`stop[${emptyAt}]: empty`);
}

/** Throws `SLM_REJECTED` for no inputs, too many inputs, or an empty input. */
export function checkEmbeddingInput(input: readonly string[]): void {
  if (input.length === 0 || input.length > embeddingInputsMax) {
    throw rejected(`input: expected 1 to ${embeddingInputsMax} texts, got ${input.length}`);
  }
  const emptyAt = input.findIndex((text) => text.trim() === '');
  if (emptyAt >= 0) throw rejected(`input[${emptyAt}]: empty`);
}

function rejected(message: string): SlmProviderError {
  return new SlmProviderError('SLM_REJECTED', message);
}
