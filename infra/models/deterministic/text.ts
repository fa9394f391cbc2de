import { createHash } from 'node:crypto';
import type { SlmMessage } from '../provider.ts';

const wordsMin = 12;
const wordsMax = 40;
const keywordsMax = 8;

const openers = ['In short', 'As the record shows', 'Put simply', 'Looking at it closely', 'From what was asked'];
const subjects = ['the record', 'the next knot', 'each cord', 'the weaver', 'a careful reader', 'the ledger'];
const verbs = ['speaks of', 'leads back to', 'holds', 'is tied to', 'counts', 'keeps watch over'];
const joins = ['and', 'while', 'so that', 'because', 'before', 'where'];
const stopwords = new Set(
  'about after also been before could does from have here into just like more much only over please should some tell than that their them then there these they this those what when where which while will with would your'.split(
    ' ',
  ),
);

/**
 * Returns the deterministic model's answer as words: one sentence of 12 to 40 words (or exactly `wordCount`) that contains
 * the key words of the last user message. A pure function of its arguments; joined by blanks it ends with a full stop.
 */
export function deterministicWords(messages: readonly SlmMessage[], seed: number, wordCount: number | null): string[] {
  const random = randomFrom(JSON.stringify([seed, messages.map((message) => [message.role, message.content])]));
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const count = wordCount ?? wordsMin + Math.floor(random() * (wordsMax - wordsMin + 1));
  const asked = keywords(messages.findLast((message) => message.role === 'user')?.content ?? '');
  const words = `${pick(openers)},`.split(' ');
  for (let clause = 0; words.length < count; clause += 1) {
    if (clause > 0) words.push(...pick(joins).split(' '));
    words.push(...pick(subjects).split(' '), ...pick(verbs).split(' '), asked[clause % asked.length] ?? 'memory');
  }
  words.length = count;
  words[count - 1] = `${words[count - 1]?.replace(/,$/, '')}.`;
  return words;
}

/** Returns an answer as words of the JSON object `{"answer": "…"}`. */
export const asJson = (words: readonly string[]): readonly string[] =>
  JSON.stringify({ answer: words.join(' ') })
    .replace('{"answer":', '{"answer": ')
    .split(' ');

/** Returns the pieces of an answer, one a word, up to the first of the texts that end it. */
export function untilStop(words: readonly string[], stop: readonly string[]): readonly string[] {
  const pieces = words.map((word, index) => (index === 0 ? word : ` ${word}`));
  const text = pieces.join('');
  const found = stop.map((end) => text.indexOf(end)).filter((at) => at >= 0);
  let left = Math.min(text.length, ...found);
  return pieces.flatMap((piece) => {
    const shown = piece.slice(0, left);
    left -= shown.length;
    return shown === '' ? [] : [shown];
  });
}

/** Returns the longer words of a text, in lower case, without repeats and stop words, in order of appearance; at most 8. */
export function keywords(text: string): readonly string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]{4,}/gu) ?? [];
  return [...new Set(found)].filter((word) => !stopwords.has(word)).slice(0, keywordsMax);
}

/** Returns a generator of uniform numbers in [0, 1) from a text: SHA-256 seeds mulberry32. Not for secrets. */
function randomFrom(text: string): () => number {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
