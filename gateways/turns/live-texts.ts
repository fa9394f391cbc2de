import { LRUCache } from 'lru-cache';
import { AnswerText } from './answer-text.ts';

/** Running turns of a platform at once; each has the text of one answer, some kilobytes. */
const TURNS_MAX = 10_000;
const CHARS_MAX = 32 * 1024 * 1024;

/**
 * The answers of running turns so far, one per session: at most 10,000 and 32 million code units; the ones that grew
 * longest ago are dropped first. An answer whose beginning was not read here is not held: its streams show it when the
 * turn has ended.
 */
export class LiveTexts {
  readonly #bySession: LRUCache<string, AnswerText>;

  constructor({ turnsMax = TURNS_MAX, charsMax = CHARS_MAX } = {}) {
    this.#bySession = new LRUCache<string, AnswerText>({
      max: turnsMax,
      maxSize: charsMax,
      // lru-cache refuses a size of 0.
      sizeCalculation: ({ facts }) => Math.max(1, facts.text.length),
    });
  }

  /** Adds the next piece of an answer. A later turn or a higher attempt replaces the text; what came before is ignored. */
  add(piece: AnswerText): void {
    const { sessionId, end } = piece;
    const known = this.#bySession.get(sessionId);
    if (known === undefined) {
      if (piece.facts.start === 0) this.#bySession.set(sessionId, piece);
      return;
    }
    const has = known.end;
    if (end.turn < has.turn || (end.turn === has.turn && end.attempt < has.attempt)) return;
    const isSame = end.turn === has.turn && end.attempt === has.attempt;
    const { start, text } = piece.facts;
    if (isSame && start === has.length) this.#bySession.set(sessionId, grown(known, piece));
    else if (!isSame && start === 0) this.#bySession.set(sessionId, piece);
    // A missing piece: the text can no longer be continued.
    else if (!isSame || start + text.length > has.length) this.#bySession.delete(sessionId);
  }

  /** Returns the text of the session's latest turn, from its beginning; undefined when it is not here. */
  of(sessionId: string): AnswerText | undefined {
    return this.#bySession.get(sessionId);
  }

  /** Drops the text of a turn that has ended: its end, of this sequence, has the whole text. */
  end(sessionId: string, sequence: number): void {
    const known = this.#bySession.peek(sessionId);
    if (known !== undefined && known.facts.turn < sequence) this.#bySession.delete(sessionId);
  }
}

/** Returns the text with one more piece, under the id and time of that piece. */
const grown = ({ facts }: AnswerText, { facts: { eventId, at, text } }: AnswerText): AnswerText =>
  new AnswerText({ ...facts, eventId, at, text: facts.text + text });
