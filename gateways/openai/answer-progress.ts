/** A piece of the answer of one attempt, which begins after `start` UTF-16 units. */
export interface AnswerPiece {
  readonly attempt: number;
  readonly start: number;
  readonly text: string;
}

/**
 * The text of an answer that a client has. A client of the OpenAI API cannot take text back: a later attempt of the model
 * continues the shown text when it begins with it. When it does not, `take` and `complete` return null.
 */
export class AnswerProgress {
  #shown = '';
  #attempt = 0;
  /** Text of the current attempt so far. */
  #text = '';

  /** Takes the next piece. Returns the text to show: none for a piece that is known, or of an abandoned attempt. */
  take({ attempt, start, text }: AnswerPiece): string | null {
    if (attempt < this.#attempt) return '';
    if (attempt > this.#attempt) this.#text = '';
    this.#attempt = attempt;
    // A piece behind a gap comes again with the whole answer.
    if (start > this.#text.length) return '';
    this.#text = this.#text.slice(0, start) + text;
    return this.#shown.startsWith(this.#text) ? '' : this.#show();
  }

  /** Takes the whole answer. Returns the rest of it. */
  complete(whole: string): string | null {
    this.#text = whole;
    return this.#show();
  }

  #show(): string | null {
    if (!this.#text.startsWith(this.#shown)) return null;
    const rest = this.#text.slice(this.#shown.length);
    this.#shown = this.#text;
    return rest;
  }
}
