import { type SlmCall, SlmProviderError } from './provider.ts';

/** Bounds that all adapters share. */
export const messagesMax = 256;
export const embeddingInputsMax = 256;
export const stopTextsMax = 4;
export const toolsMax = 128;

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
  checkTools(call);
}

function checkTools({ tools, toolChoice = 'auto' }: SlmCall): void {
  if (tools === undefined) return;
  if (tools.length === 0 || tools.length > toolsMax)
    throw rejected(`tools: expected 1 to ${toolsMax}, got ${tools.length}`);
  const names = new Set(tools.map(({ name }) => name));
  if (names.size < tools.length) throw rejected('tools: a name occurs twice');
  for (const [at, { name, parameters }] of tools.entries()) {
    if (!/^[\w-]{1,64}$/.test(name)) throw rejected(`tools[${at}].name: expected 1 to 64 letters, digits, _ and -`);
    if (!isJsonObject(parameters)) throw rejected(`tools[${at}].parameters: expected a JSON Schema as JSON text`);
  }
  if (typeof toolChoice === 'object' && !names.has(toolChoice.name))
    throw rejected(`toolChoice: no tool has the name ${toolChoice.name}`);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
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
