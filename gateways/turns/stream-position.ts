/** The part of a running turn's answer that a client has. */
export interface AnswerPosition {
  /** Sequence of the TurnStarted of the turn; 0 when it is not known. */
  readonly turn: number;
  /** Attempt that the text is of; 0 before the first delta. */
  readonly attempt: number;
  /** Length of the text, UTF-16 code units. */
  readonly length: number;
}

/** What a client has of a session's stream. */
export interface StreamPosition {
  /** Sequence of the last event; 0 before the first. */
  readonly sequence: number;
  /** Null while no turn runs. */
  readonly answer: AnswerPosition | null;
}

/** The position before the first event. */
export const beginning: StreamPosition = { sequence: 0, answer: null };

/**
 * Returns the `id` of a stream event: the position of a client that has all up to this event. A turn that runs is part of
 * it, because other events, such as `turn.queued`, come between the deltas of an answer. Clients return it as
 * `Last-Event-ID`, and to them it has no parts.
 */
export const resumeIdOf = ({ sequence, answer }: StreamPosition): string =>
  answer === null ? `${sequence}` : `${sequence}-${answer.turn}.${answer.attempt}.${answer.length}`;

/** Form of a resume id. A number alone is the position after the event of that sequence, with no text of a running turn. */
export const RESUME_ID = /^(\d{1,9})(?:-(\d{1,9})\.(\d{1,9})\.(\d{1,9}))?$/;

/** Returns the position of a resume id; the beginning when it has another form. */
export function positionOf(id: string): StreamPosition {
  const [, sequence, turn, attempt, length] = RESUME_ID.exec(id) ?? [];
  if (sequence === undefined) return beginning;
  const answer = turn === undefined ? null : { turn: Number(turn), attempt: Number(attempt), length: Number(length) };
  return { sequence: Number(sequence), answer };
}
