/** One finished turn, as the model sees it again. */
export interface Exchange {
  readonly prompt: string;
  readonly answer: string;
}

/** Some 1,500 tokens of English: half of the context of the small model that a laptop runs, the rest is prompt and answer. */
export const HISTORY_CHARS_MAX = 6_000;
/** No turn takes more than this of the history, or one long answer would drive out all that was said before. */
const PROMPT_CHARS_MAX = 1_000;
const ANSWER_CHARS_MAX = 2_000;

/** The history with one more turn: the latest ones that fit `HISTORY_CHARS_MAX` together, oldest first. */
export function remember(history: readonly Exchange[], turn: Exchange): readonly Exchange[] {
  const all = [...history, { prompt: cut(turn.prompt, PROMPT_CHARS_MAX), answer: cut(turn.answer, ANSWER_CHARS_MAX) }];
  return latestWithin(all, HISTORY_CHARS_MAX, (text) => text.length);
}

/** The latest exchanges whose texts have no more than `room` together, oldest first. */
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

/** At most `max` UTF-16 units, never half of a surrogate pair: half of one is no text and would not survive UTF-8. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.codePointAt(max - 2) === text.charCodeAt(max - 2) ? max - 1 : max - 2;
  return `${text.slice(0, end)}…`;
}
