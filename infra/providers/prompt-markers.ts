import { type SlmErrorCode, type SlmMessage, slmErrorCodes } from './provider.ts';

const wordsMax = 2_000;
const delayMaxMs = 60_000;

/**
 * What the last user message may ask of the deterministic model, so that failures can be tested through the whole platform:
 * - `[[fail:SLM_REJECTED]]` fails with that code before the first token (any `SlmErrorCode`; others are ignored),
 * - `[[delay:500]]` waits so many milliseconds before the first token (at most 60 000),
 * - `[[words:N]]` answers with exactly N words (1 to 2 000).
 * No other adapter knows them: there they are text.
 */
export interface PromptMarkers {
  readonly fail: SlmErrorCode | null;
  readonly delayMs: number;
  readonly words: number | null;
  /** The messages with all markers cut out, from which the answer is made. */
  readonly messages: readonly SlmMessage[];
}

const markerPattern = /\[\[(fail|delay|words):(\w+)\]\]/g;

export function readMarkers(messages: readonly SlmMessage[]): PromptMarkers {
  const prompt = messages.findLast((message) => message.role === 'user')?.content ?? '';
  const values = new Map([...prompt.matchAll(markerPattern)].map((match) => [match[1], match[2] ?? '']));
  const words = boundedInteger(values.get('words'), wordsMax);
  return {
    fail: slmErrorCodes.find((code) => code === values.get('fail')) ?? null,
    delayMs: boundedInteger(values.get('delay'), delayMaxMs) ?? 0,
    words: words === 0 ? null : words,
    messages: messages.map((message) => ({
      ...message,
      content: message.content.replaceAll(markerPattern, '').trim(),
    })),
  };
}

function boundedInteger(text: string | undefined, max: number): number | null {
  if (text === undefined || !/^\d+$/.test(text)) return null;
  return Math.min(Number(text), max);
}
