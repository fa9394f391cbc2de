/** Texts as moderation sees them: normalized, whole or as they flow. */

/** Zero-width and directional marks, soft hyphens, variation selectors: invisible, and used to hide words from rules. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Normalizes a text for the rules: the first `charsMax` UTF-16 units (a longer text is refused for its length),
 * compatibility forms folded, invisible characters removed, white space replaced by one space. Never throws. Source:
 * NFKC, Unicode Standard Annex 15; Default_Ignorable_Code_Point, Unicode Standard Annex 44.
 */
export const normalized = (text: string, charsMax: number = text.length): string =>
  text.slice(0, charsMax).normalize('NFKC').replace(INVISIBLE, '').replace(/\s+/gu, ' ');

/**
 * Characters that may join with the one before them under NFKC: marks, vowels and finals of Hangul with their halfwidth
 * forms, halfwidth voice marks, and one vowel of Kirat Rai that is a letter.
 */
const JOINS = /[\p{M}\u1160-\u11FF\uD7B0-\uD7FF\uFF9E-\uFFDC\u{16D67}]/u;

/** Returns true when the normalization of a text ending before `char` does not depend on `char`. Never throws. */
export const beginsApart = (char: string): boolean =>
  char <= '\u007F' ||
  !(JOINS.test(char) || JOINS.test(String.fromCodePoint(char.normalize('NFKD').codePointAt(0) ?? 0)));

/** Longest run of characters that join, in code points: a longer one is not text, and is taken in parts. */
const JOINED_MAX = 64;

/** One character of the normalized text, with the place of its first unit in the text itself. */
export type Take = (char: string, at: number) => void;

/**
 * Normalizes a text as it flows: the characters that it passes on are those of `normalized` of the whole text, in any
 * split of it. It keeps back the last character with the marks on it, at most 64 of them.
 */
export class FlowingNormalizer {
  readonly #take: Take;
  #segment = '';
  #points = 0;
  /** Place of the segment in the text, UTF-16 units. */
  #at = 0;
  /** The high half of a surrogate pair at the end of the last piece. */
  #half = '';
  #isAfterSpace = false;

  constructor(take: Take) {
    this.#take = take;
  }

  /** Place of the first unit that was not passed on, UTF-16 units. */
  get pendingAt(): number {
    return this.#at;
  }

  push(piece: string): void {
    const text = this.#half + piece;
    const ends = /[\uD800-\uDBFF]$/.test(text);
    this.#half = ends ? text.slice(-1) : '';
    for (const char of ends ? text.slice(0, -1) : text) this.#add(char);
  }

  /** Passes on the rest. Nothing may follow. */
  end(): void {
    if (this.#half !== '') this.#add(this.#half);
    this.#half = '';
    this.#flush();
  }

  #add(char: string): void {
    if (this.#points > 0 && (this.#points >= JOINED_MAX || beginsApart(char))) this.#flush();
    this.#segment += char;
    this.#points += 1;
  }

  #flush(): void {
    const segment = this.#segment;
    const isAscii = segment.length === 1 && segment <= '\u007F';
    for (const char of isAscii ? segment : segment.normalize('NFKC').replace(INVISIBLE, '')) {
      const isSpace = /\s/u.test(char);
      if (!isSpace || !this.#isAfterSpace) this.#take(isSpace ? ' ' : char, this.#at);
      this.#isAfterSpace = isSpace;
    }
    this.#at += segment.length;
    this.#segment = '';
    this.#points = 0;
  }
}
