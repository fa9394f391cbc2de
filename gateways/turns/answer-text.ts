import type { Decoded } from '../../infra/kafka/envelope.ts';
import { type TracedRecord, tracedOf } from '../../infra/tracing/read-spans.ts';
import type { TurnDelta } from '../../schemas/generated/records.ts';
import { isoOf } from '../../schemas/instant.ts';
import { frameBody } from '../shared/stream/frame.ts';
import type { AnswerPosition } from './stream-position.ts';

interface TextFacts {
  readonly sessionId: string;
  readonly turnId: string;
  /** Sequence of the TurnStarted of the turn. */
  readonly turn: number;
  readonly attempt: number;
  /** Length of the answer before the text, UTF-16 code units. */
  readonly start: number;
  readonly text: string;
  /** Id and time, RFC 3339, of the record that the text was read from. */
  readonly eventId: string;
  readonly at: string;
  /** The record in a trace that is sampled. */
  readonly trace?: TracedRecord;
}

/**
 * Text of an answer from one position on: one piece, or all pieces so far. It has no sequence of its own: it follows the
 * TurnStarted of its turn, and ends with the end of the turn.
 */
export class AnswerText {
  readonly kind = 'text';
  readonly facts: TextFacts;
  #body: string | null = null;

  constructor(facts: TextFacts) {
    this.facts = facts;
  }

  get sessionId(): string {
    return this.facts.sessionId;
  }

  /** The position of a client that has the text. */
  get end(): AnswerPosition {
    const { turn, attempt, start, text } = this.facts;
    return { turn, attempt, length: start + text.length };
  }

  /** Frame without its id. Made when a stream first shows it: most gateways have no reader of most sessions. */
  get body(): string {
    this.#body ??= frameBody('turn.delta', shownOf(this.facts));
    return this.#body;
  }

  /**
   * Returns the part of the text that a client at `has` lacks. Null when it has all of it, when text before it is missing,
   * or when the text is of another turn or of an abandoned attempt. A higher attempt replaces all that the client has, also
   * by no text.
   */
  after(has: AnswerPosition): AnswerText | null {
    const { turn, attempt, start, text } = this.facts;
    if (turn !== has.turn || attempt < has.attempt) return null;
    const length = attempt === has.attempt ? has.length : 0;
    if (text === '' && has.length === 0) return null;
    if (start > length || (attempt === has.attempt && start + text.length <= length)) return null;
    return start === length ? this : new AnswerText({ ...this.facts, start: length, text: text.slice(length - start) });
  }
}

/** Returns the fields that a client sees. */
const shownOf = ({ eventId, sessionId, turnId, at, attempt, start, text }: TextFacts) => ({
  ...{ event_id: eventId, session_id: sessionId, turn_id: turnId, at },
  ...{ attempt, start, text },
});

/** Returns the text of a delta in the log. */
export const deltaText = ({ data, meta }: { readonly data: TurnDelta; readonly meta: Decoded['meta'] }): AnswerText =>
  new AnswerText({
    ...{ sessionId: data.sessionId, turnId: data.turnId, turn: data.turnSequence },
    ...{ attempt: data.attempt, start: data.start, text: data.text },
    ...{ eventId: meta.id, at: isoOf(meta.timeMs), ...tracedOf(meta) },
  });
