import { traceDelivered } from '../../infra/tracing/read-spans.ts';
import { frameOf } from '../shared/stream/frame.ts';
import type { StreamView } from '../shared/stream/stream.ts';
import { AnswerText } from './answer-text.ts';
import { endings, type StreamEvent, type StreamItem, type WholeAnswer } from './stream-event.ts';
import { type AnswerPosition, resumeIdOf, type StreamPosition } from './stream-position.ts';

/** The part of a conversation that a stream shows. */
export interface StreamScope {
  /** The only turn to show; null for all turns of the session. */
  readonly turnId: string | null;
  /** True when the stream stays open after its turns have ended. */
  readonly follow: boolean;
  /** What the client has. */
  readonly has: StreamPosition;
  /** `traceparent` of the request of the stream. */
  readonly request?: string;
}

const NOTHING: readonly string[] = [];

/**
 * Selects the part of a conversation that a stream shows, gives it its ids, and decides when the stream ends. One per
 * stream. The text of an answer comes after the start of its turn, in order and without a gap or a repeat; the end of the
 * turn shows what is missing of the text first. So all deltas of the last attempt are the whole text, always.
 */
export class StreamCut implements StreamView<StreamItem> {
  readonly #scope: StreamScope;
  /** Open turns; null for a stream that never ends by itself. */
  readonly #open: Set<string> | null;
  /** Sequence that the client has, or will have with the next frame. */
  #sequence: number;
  /** Text of the running turn that the client has; null while no turn runs. */
  #answer: AnswerPosition | null;
  #turnsSeen = false;
  #caughtUp = false;

  constructor(scope: StreamScope) {
    this.#scope = scope;
    this.#open = scope.follow ? null : new Set();
    this.#sequence = scope.has.sequence;
    this.#answer = scope.follow ? scope.has.answer : null;
  }

  /**
   * Sequence behind which reading begins. The open turns are known only from their first events on, so only a stream that
   * never ends may skip events that the reader has.
   */
  get readAfter(): number {
    return this.#scope.follow ? this.#scope.has.sequence : 0;
  }

  /** Takes the next event, or text. Returns the frames to send: none when the stream does not show it. */
  take(item: StreamItem): readonly string[] {
    const frames = item.kind === 'text' ? this.#takeText(item) : this.#takeEvent(item);
    const trace = item.kind === 'text' ? item.facts.trace : item.trace;
    if (trace !== undefined && frames.length > 0) traceDelivered(trace, this.#scope.request);
    return frames;
  }

  /** Marks the past as read: all events from before the stream was opened were taken. */
  caughtUp(): void {
    this.#caughtUp = true;
  }

  /** True when no more event will be shown: the turn has ended, or no known turn is open. */
  get ended(): boolean {
    return this.#turnsSeen && this.#open?.size === 0 && (this.#caughtUp || this.#scope.turnId !== null);
  }

  /** True while a stream that ends with a turn has not seen any. */
  get waitsToBegin(): boolean {
    return this.#open !== null && !this.#turnsSeen;
  }

  #takeText(text: AnswerText): readonly string[] {
    const { turnId } = text.facts;
    if (this.#answer === null || !this.#shows(turnId)) return NOTHING;
    const part = text.after(this.#answer);
    if (part === null) return NOTHING;
    this.#answer = part.end;
    return [frameOf(this.#id(), part.body)];
  }

  #takeEvent(event: StreamEvent): readonly string[] {
    this.#note(event);
    const { sequence, name, body, turnId, answer, endsAnswer } = event;
    const { has } = this.#scope;
    const isNew = sequence > has.sequence && body !== null && this.#shows(turnId);
    const rest = isNew && answer !== null ? this.#restOf(event, answer) : NOTHING;
    if (name === 'turn.started') this.#answer = this.#answerAt(sequence);
    else if (endsAnswer) this.#answer = null;
    this.#sequence = Math.max(this.#sequence, sequence);
    return isNew ? [...rest, frameOf(this.#id(), body)] : NOTHING;
  }

  /** Returns what the client has of the turn that starts; null when it has passed that turn, or gave a sequence only. */
  #answerAt(turn: number): AnswerPosition | null {
    const { has } = this.#scope;
    if (turn > has.sequence) return { turn, attempt: 0, length: 0 };
    return has.answer?.turn === turn ? has.answer : null;
  }

  /** Returns the frame with the text that the client lacks when the turn completes. */
  #restOf({ sessionId, turnId }: StreamEvent, whole: WholeAnswer): readonly string[] {
    // A client that gave a sequence only, in the middle of a turn, has no text of it.
    this.#answer ??= { turn: 0, attempt: 0, length: 0 };
    const { turn } = this.#answer;
    return this.#takeText(new AnswerText({ ...whole, sessionId, turnId: turnId ?? '', turn, start: 0 }));
  }

  #id(): string {
    return resumeIdOf({ sequence: this.#sequence, answer: this.#answer });
  }

  #shows(turnId: string | null): boolean {
    return this.#scope.turnId === null || turnId === this.#scope.turnId;
  }

  #note({ name, turnId }: StreamEvent): void {
    if (this.#open === null || turnId === null || !this.#shows(turnId)) return;
    this.#turnsSeen = true;
    if (endings.has(name)) this.#open.delete(turnId);
    else this.#open.add(turnId);
  }
}
