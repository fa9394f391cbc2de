import { codeOf } from '../../infra/kit/errors.ts';
import type { ReadModel } from '../shared/read-model.ts';
import { FeedSource } from '../shared/stream/feed-source.ts';
import type { Demand } from '../shared/stream/live-feed.ts';
import type { AnswerText } from './answer-text.ts';
import type { ConversationHub } from './hub.ts';
import type { LogGapReader } from './log-gap-reader.ts';
import { fromReadModel, type StreamEvent, type StreamItem } from './stream-event.ts';

/** Parts that a conversation reads from. */
export interface ConversationParts {
  readonly hub: Pick<ConversationHub, 'open' | 'close' | 'recent' | 'texts' | 'began'>;
  readonly readModel: Pick<ReadModel, 'conversationAfter'>;
  readonly gapReader: Pick<LogGapReader, 'read'>;
}

/** The conversation to read. */
export interface ConversationRequest {
  readonly tenantId: string;
  readonly sessionId: string;
  /** Last sequence that the reader has. */
  readonly after: number;
  /** True when the session began while this process listened: it can then be streamed without the read model. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

const PAGE = 500;

/**
 * The events of a session behind `after`: first past events (`past`), then live events (`live`), and past events again when
 * there is a gap between the two. Each event comes once and in order, sequence n+1 after n. Ends when the signal aborts.
 *
 * Duplicates are recognized by their sequence. Past events are read from the recent events of this process, else from the
 * read model, else (when the projection is behind) from the log.
 *
 * Text of the running turn comes between events, never before the start of its turn. It may come twice, or begin in the
 * middle when this process does not have its beginning: StreamCut shows each part once.
 */
export class Conversation extends FeedSource<StreamItem> {
  readonly #parts: ConversationParts;
  readonly #request: ConversationRequest;
  #last: number;
  /** False while the past could not be read: the sequence of the next event then shows whether an event is missing. */
  #pastKnown = true;

  constructor(parts: ConversationParts, request: ConversationRequest) {
    const { hub } = parts;
    const { sessionId, signal, after } = request;
    const feed = hub.open(sessionId);
    super(feed, () => hub.close(sessionId, feed), signal);
    this.#parts = parts;
    this.#request = request;
    this.#last = after;
  }

  /** Yields the past events that were not yielded yet, and the text of the running turn so far. */
  protected async *read(): AsyncGenerator<StreamItem, void, undefined> {
    this.#pastKnown = true;
    try {
      for await (const event of this.#missing()) {
        this.#last = event.sequence;
        yield event;
      }
      const text = this.#textSoFar();
      if (text !== undefined) yield text;
    } catch (error) {
      if (!this.#request.fresh || codeOf(error) !== 'READ_MODEL_UNAVAILABLE') throw error;
      this.#pastKnown = false;
    }
  }

  /** Takes an item of the live feed: skips a duplicate, reports a gap. */
  take(item: StreamItem): Demand {
    if (item.kind === 'text') return this.#takeText(item);
    if (item.sequence <= this.#last) return 'more';
    if (item.sequence > this.#last + 1 || this.reader === null) return 'gap';
    this.#last = item.sequence;
    this.#pastKnown = true;
    const taken = this.reader.take(item);
    const early = item.name === 'turn.started' ? this.#textSoFar() : undefined;
    return early === undefined || taken === 'end' ? taken : both(taken, this.reader.take(early));
  }

  /** Passes text on. Text of a turn that has not started yet comes with its start. */
  #takeText(text: AnswerText): Demand {
    if (this.reader === null) return 'gap';
    return text.facts.turn > this.#last ? 'more' : this.reader.take(text);
  }

  /** Returns the text of the latest turn so far, when that turn has started for the reader and its text is here. */
  #textSoFar(): AnswerText | undefined {
    const text = this.#parts.hub.texts.of(this.#request.sessionId);
    return text !== undefined && text.facts.turn <= this.#last ? text : undefined;
  }

  /** Reports a gap while the past could not be read, because silence does not show whether an event is missing. */
  override idle(): Demand {
    const taken = super.idle();
    return taken === 'end' || this.#pastKnown ? taken : 'gap';
  }

  /** Yields all events behind the last one that existed at the call and may not come through the live feed. */
  async *#missing(): AsyncGenerator<StreamEvent, void, undefined> {
    const { hub, readModel, gapReader } = this.#parts;
    const { tenantId, sessionId, signal } = this.#request;
    while (!signal.aborted) {
      const recent = hub.recent.after(sessionId, this.#last);
      yield* recent;
      // Events after a recent one are among the recent events too, or on the live feed.
      if (recent.length > 0) return;
      const { events, positions } = await readModel.conversationAfter(tenantId, sessionId, this.#last, PAGE);
      const isHere = (): boolean => hub.recent.after(sessionId, this.#last).length > 0;
      const slice =
        events.length > 0 || isHere()
          ? events.map(fromReadModel)
          : hub.recent.covers(positions, hub.began)
            ? null
            : await gapReader.read({ sessionId, tenantId, after: this.#last, positions });
      if (slice === null) return;
      for (const event of slice) {
        if (event.sequence !== this.#last + 1)
          throw new Error(`session ${sessionId}: ${event.sequence} follows ${this.#last}`);
        yield event;
      }
      if (slice.length === 0 && !isHere()) return;
    }
  }
}

/** Returns what a reader can take after two items. */
const both = (first: Demand, second: Demand): Demand => (second === 'more' ? first : second);
