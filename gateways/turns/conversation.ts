import { codeOf } from '../../infra/kafka/errors.ts';
import type { ReadModel } from '../shared/read-model.ts';
import type { ConversationHub } from './hub.ts';
import type { LiveFeed, LiveReader, Taken } from './live-feed.ts';
import type { LogStretch } from './log-stretch.ts';
import { fromReadModel, type StreamEvent } from './stream-event.ts';

export interface ConversationParts {
  readonly hub: Pick<ConversationHub, 'open' | 'close' | 'recent' | 'began'>;
  readonly readModel: Pick<ReadModel, 'conversationAfter'>;
  readonly logStretch: Pick<LogStretch, 'read'>;
}

export interface ConversationRequest {
  readonly tenantId: string;
  readonly sessionId: string;
  /** The last sequence that the reader has. */
  readonly after: number;
  /** True when this process saw the session begin: it can then be streamed without the read model. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

const PAGE = 500;

/**
 * The conversation of a session behind `after`: first what happened (`past`), then what happens (`live`), and the past
 * again when something fell between; each event once and in order, sequence n+1 after n. Ends when the signal does.
 *
 * The live feed is opened before the past is read, so that nothing falls between the two; what comes twice is told by its
 * sequence. The past is in the recent events of this process, else in the read model, else (when the projection is
 * behind) in the log.
 */
export class Conversation implements LiveReader {
  readonly #parts: ConversationParts;
  readonly #request: ConversationRequest;
  readonly #feed: LiveFeed;
  #last: number;
  /** False while the past could not be asked for: what comes next tells by its sequence whether anything was missed. */
  #pastKnown = true;
  #reader: LiveReader | null = null;
  #past: AsyncGenerator<StreamEvent, void, undefined> | null = null;

  constructor(parts: ConversationParts, request: ConversationRequest) {
    this.#parts = parts;
    this.#request = request;
    this.#last = request.after;
    this.#feed = parts.hub.open(request.sessionId);
    if (request.signal.aborted) this.close();
    else request.signal.addEventListener('abort', () => this.close(), { once: true });
  }

  /**
   * All that has happened and was not given yet. Until `live` is called it is read once: another call goes on with what
   * is left. Throws what the read model throws, or the log.
   */
  past(): AsyncGenerator<StreamEvent, void, undefined> {
    this.#past ??= this.#read();
    return this.#past;
  }

  async *#read(): AsyncGenerator<StreamEvent, void, undefined> {
    this.#pastKnown = true;
    try {
      for await (const event of this.#missing()) {
        this.#last = event.sequence;
        yield event;
      }
    } catch (error) {
      if (!this.#request.fresh || codeOf(error) !== 'READ_MODEL_UNAVAILABLE') throw error;
      this.#pastKnown = false;
    }
  }

  /**
   * Gives the reader what happens, until it says `end` or the conversation is closed; `gap` when the past is to be read
   * again. `full`: it says when it can take more by `resume`. Rejects with SlowReaderError.
   */
  live(reader: LiveReader): Promise<'gap' | 'end'> {
    this.#reader = reader;
    this.#past = null;
    return this.#feed.flow(this);
  }

  resume(): void {
    this.#feed.resume();
  }

  /** Twice does no harm. */
  close(): void {
    this.#parts.hub.close(this.#request.sessionId, this.#feed);
  }

  take(event: StreamEvent): Taken {
    if (event.sequence <= this.#last) return 'more';
    if (event.sequence > this.#last + 1 || this.#reader === null) return 'gap';
    this.#last = event.sequence;
    this.#pastKnown = true;
    return this.#reader.take(event);
  }

  /** Silence does not tell whether anything was missed, so a past that is not known is asked for again. */
  idle(): Taken {
    const taken = this.#reader?.idle() ?? 'gap';
    return taken === 'end' || this.#pastKnown ? taken : 'gap';
  }

  /** All events behind the last one that existed when the call was made and are not sure to come by the live feed. */
  async *#missing(): AsyncGenerator<StreamEvent, void, undefined> {
    const { hub, readModel, logStretch } = this.#parts;
    const { tenantId, sessionId, signal } = this.#request;
    while (!signal.aborted) {
      const recent = hub.recent.after(sessionId, this.#last);
      yield* recent;
      // From one event of this process on, all later ones are here or on the live feed.
      if (recent.length > 0) return;
      const { events, positions } = await readModel.conversationAfter(tenantId, sessionId, this.#last, PAGE);
      const isHere = (): boolean => hub.recent.after(sessionId, this.#last).length > 0;
      const stretch =
        events.length > 0 || isHere()
          ? events.map(fromReadModel)
          : hub.recent.covers(positions, hub.began)
            ? null
            : await logStretch.read({ sessionId, tenantId, after: this.#last, positions });
      if (stretch === null) return;
      for (const event of stretch) {
        if (event.sequence !== this.#last + 1)
          throw new Error(`session ${sessionId}: ${event.sequence} follows ${this.#last}`);
        yield event;
      }
      if (stretch.length === 0 && !isHere()) return;
    }
  }
}
