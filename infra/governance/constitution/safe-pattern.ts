import { messageOf } from '../../kit/errors.ts';

/**
 * The subset of regular expressions that a constitution may use. JavaScript's engine backtracks, so a careless pattern
 * takes exponential or polynomial time on an adversarial prompt. In this subset all repetition is bounded: from each
 * position of the text a pattern can take at most `PATHS_MAX` paths, each no longer than the pattern's longest match, so
 * matching is linear in the text.
 *
 * Allowed: literals; `.`; classes `[...]` and `\d \w \s \D \W \S`; `\b \B ^ $`; escaped punctuation; groups `(?:...)`;
 * alternatives `|`; `?` on an atom or a group; `{m,n}` with n <= 64 on a single character or class. Not allowed: `*`, `+`,
 * `{m,}`, lazy forms, repeated groups, captures, look-around, back-references, `\u`, `\p`.
 */
export const PATHS_MAX = 4_096;
/** Largest `n` of a repetition `{m,n}`. */
export const REPEAT_MAX = 64;

const ATOM = /^(?:\\[dwsDWSbB]|\\[^\w\s]|\[(?:\\[dwsDWS]|\\[^\w\s]|[^\]\\[])+\]|[^\\[\](){}|*+?])/u;
const REPEAT = /^\{(\d{1,2})(?:,(\d{1,2}))?\}/;

/** Returns the reason for which the pattern is not allowed, or null. */
export function patternProblem(pattern: string): string | null {
  const reader = { rest: pattern };
  try {
    const paths = alternatives(reader);
    if (reader.rest !== '') return `unexpected ${reader.rest.slice(0, 8)}`;
    if (paths > PATHS_MAX) return `${paths} paths from one position, at most ${PATHS_MAX} are allowed`;
    const expression = new RegExp(pattern, 'iu');
    return expression.test('') ? 'it matches the empty text' : null;
  } catch (error) {
    return messageOf(error);
  }
}

interface Reader {
  rest: string;
}

const take = (reader: Reader, length: number): void => {
  reader.rest = reader.rest.slice(length);
};

/** Counts the paths of alternatives: their sum. */
function alternatives(reader: Reader): number {
  let paths = sequence(reader);
  while (reader.rest.startsWith('|')) {
    take(reader, 1);
    paths += sequence(reader);
  }
  return paths;
}

/** Counts the paths of a sequence: the product of its items. */
function sequence(reader: Reader): number {
  let paths = 1;
  while (reader.rest !== '' && !/^[|)]/.test(reader.rest)) paths *= item(reader);
  return paths;
}

function item(reader: Reader): number {
  if (!reader.rest.startsWith('(')) return repeated(reader);
  if (!reader.rest.startsWith('(?:')) throw new Error('only groups of the form (?:...) are allowed');
  take(reader, 3);
  const paths = alternatives(reader);
  if (!reader.rest.startsWith(')')) throw new Error('a group is not closed');
  take(reader, 1);
  if (!reader.rest.startsWith('?')) return paths;
  take(reader, 1);
  if (reader.rest.startsWith('?')) throw new Error('lazy repetition is not allowed');
  return paths + 1;
}

function repeated(reader: Reader): number {
  const atom = ATOM.exec(reader.rest)?.[0];
  if (atom === undefined) throw new Error(`unexpected ${reader.rest.slice(0, 8)}`);
  take(reader, atom.length);
  const choices = quantifier(reader);
  if (/^[?*+{]/.test(reader.rest)) throw new Error('lazy or repeated repetition is not allowed');
  return choices;
}

function quantifier(reader: Reader): number {
  if (reader.rest.startsWith('?')) {
    take(reader, 1);
    return 2;
  }
  const repeat = REPEAT.exec(reader.rest);
  if (repeat === null) return 1;
  take(reader, repeat[0].length);
  const min = Number(repeat[1]);
  const max = Number(repeat[2] ?? repeat[1]);
  if (max < min || max > REPEAT_MAX) throw new Error(`a repetition goes from m up to n <= ${REPEAT_MAX}`);
  return max - min + 1;
}
