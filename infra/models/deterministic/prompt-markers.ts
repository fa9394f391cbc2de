import { type SlmErrorCode, type SlmMessage, slmErrorCodes } from '../provider.ts';
import { readScript, type ScriptStep } from './script.ts';

const wordsMax = 2_000;
const delayMaxMs = 60_000;

/**
 * Controls of the deterministic model in the last user message, so that failures can be tested through the whole platform:
 * - `[[fail:SLM_REJECTED]]` fails with that code before the first token (any `SlmErrorCode`; others are ignored),
 * - `[[delay:500]]` waits that many milliseconds before the first token (at most 60 000),
 * - `[[words:N]]` answers with exactly N words (1 to 2 000).
 * A `[[script:<JSON>]]` in a system or user message plays answers and calls of tools, see `script.ts`.
 * Other adapters treat them as text.
 */
export interface PromptMarkers {
  readonly fail: SlmErrorCode | null;
  readonly delayMs: number;
  readonly words: number | null;
  /** The answer by the script; null without one, and beyond its end. */
  readonly step: ScriptStep | null;
  /** The messages without all markers; the answer is made from these. */
  readonly messages: readonly SlmMessage[];
}

const markerPattern = /\[\[(fail|delay|words):(\w+)\]\]/g;

/** Reads and removes the markers. Throws SLM_REJECTED for a script that is no JSON of steps. */
export function readMarkers(given: readonly SlmMessage[]): PromptMarkers {
  const { messages, step } = readScript(given);
  const prompt = messages.findLast((message) => message.role === 'user')?.content ?? '';
  const values = new Map([...prompt.matchAll(markerPattern)].map((match) => [match[1], match[2] ?? '']));
  const words = boundedInteger(values.get('words'), wordsMax);
  return {
    fail: slmErrorCodes.find((code) => code === values.get('fail')) ?? null,
    delayMs: boundedInteger(values.get('delay'), delayMaxMs) ?? 0,
    words: words === 0 ? null : words,
    step,
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
