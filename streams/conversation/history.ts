/** One finished turn, as it is shown to the model again. */
export interface Exchange {
  readonly prompt: string;
  readonly answer: string;
}

/**
 * Maximum length of the history in characters, about 1,500 tokens of English: half of the context of the small model
 * that runs on a laptop; the rest is for prompt and answer.
 */
export const HISTORY_CHARS_MAX = 6_000;
/** Maximum share of one turn in the history; without it, one long answer would evict all earlier turns. */
const PROMPT_CHARS_MAX = 1_000;
const ANSWER_CHARS_MAX = 2_000;

/** Returns the history with one more turn: the latest turns that fit `HISTORY_CHARS_MAX` together, oldest first. */
export function remember(history: readonly Exchange[], turn: Exchange): readonly Exchange[] {
  const all = [...history, { prompt: cut(turn.prompt, PROMPT_CHARS_MAX), answer: cut(turn.answer, ANSWER_CHARS_MAX) }];
  return latestWithin(all, HISTORY_CHARS_MAX, (text) => text.length);
}

/** Returns the latest exchanges whose texts have at most `room` characters together, oldest first. */
export function latestWithin(
  history: readonly Exchange[],
  room: number,
  sizeOf: (text: string) => number,
): readonly Exchange[] {
  let left = room;
  let first = history.length;
  for (const [index, { prompt, answer }] of [...history.entries()].reverse()) {
    left -= sizeOf(prompt) + sizeOf(answer);
    if (left < 0) break;
    first = index;
  }
  return history.slice(first);
}

/**
 * Cuts a text to at most `max` UTF-16 units, never inside a surrogate pair: half a pair is not valid text and would not
 * survive UTF-8.
 */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.codePointAt(max - 2) === text.charCodeAt(max - 2) ? max - 1 : max - 2;
  return `${text.slice(0, end)}…`;
}
