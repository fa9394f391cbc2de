/**
 * The prompt-injection head: a logistic regression over hashed words and pairs of words, trained in this repository
 * (`npm run moderation:train`). Its data, held-out figures and limits: docs/reference/prompt-injection-model.md.
 */
import head from './prompt-injection.json' with { type: 'json' };

/** Number of buckets of features. */
export const BUCKETS = 16_384;
/** Words of one window, and the step between windows: an instruction of a few words is found in a long document. */
export const WINDOW_WORDS = 48;
const WINDOW_STEP = 24;
/** Windows of one text at most; the middle of a longer text is not scored. */
const WINDOWS_MAX = 1_024;

const WORD = /\p{L}{1,32}/gu;

/** Returns FNV-1a of 32 bits over the UTF-16 units of a text. Never throws. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return hash >>> 0;
}

/** Returns the words of a normalized text, in lower case: letters alone, because marks and numbers are those of its format. Never throws. */
export const wordsOf = (plain: string): readonly string[] => plain.toLowerCase().match(WORD) ?? [];

/** Returns the buckets of words, of neighbours, and of words two apart; each once, ascending. Never throws. */
export function featuresOf(words: readonly string[]): readonly number[] {
  const found = new Set<number>();
  for (const [n, word] of words.entries()) {
    found.add(hashOf(word) % BUCKETS);
    const [next, second] = [words[n + 1], words[n + 2]];
    if (next !== undefined) found.add(hashOf(`${word} ${next}`) % BUCKETS);
    if (second !== undefined) found.add(hashOf(`${word} _ ${second}`) % BUCKETS);
  }
  return [...found].sort((one, other) => one - other);
}

/** Returns the windows of a text, which overlap by half; the whole text when it is short. Never throws. */
export function windowsOf(words: readonly string[]): readonly (readonly string[])[] {
  if (words.length <= WINDOW_WORDS) return [words];
  const starts = Array.from({ length: Math.ceil((words.length - WINDOW_WORDS) / WINDOW_STEP) + 1 }, (_, n) =>
    Math.min(n * WINDOW_STEP, words.length - WINDOW_WORDS),
  );
  const half = WINDOWS_MAX / 2;
  const taken = starts.length <= WINDOWS_MAX ? starts : [...starts.slice(0, half), ...starts.slice(-half)];
  return taken.map((start) => words.slice(start, start + WINDOW_WORDS));
}

/** Weights as signed bytes, a bucket each. */
const weights = Int8Array.from(atob(head.weights), (char) => char.charCodeAt(0));

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Returns the logit of one window. */
function logitOf(words: readonly string[]): number {
  const features = featuresOf(words);
  if (features.length === 0) return head.bias;
  const sum = features.reduce((total, bucket) => total + (weights[bucket] ?? 0), 0);
  return head.bias + (head.scale * sum) / Math.sqrt(features.length);
}

/**
 * Returns how much a normalized text reads like an injected instruction, from 0 to 1, rounded to three digits so that it
 * is equal on every machine: the highest score of its windows. It is a label, never proof. Never throws.
 */
export function injectionScore(plain: string): number {
  const best = windowsOf(wordsOf(plain)).reduce((most, window) => Math.max(most, logitOf(window)), -Infinity);
  return Math.round(sigmoid(best) * 1_000) / 1_000;
}

/** Version of the head, for records and the model card. */
export const INJECTION_HEAD = head.version;
