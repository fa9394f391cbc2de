import { codeOf } from '../../infra/kafka/errors.ts';
import type { ReadModel } from '../shared/read-model.ts';
import type { ConversationHub } from './hub.ts';
import type { LogStretch } from './log-stretch.ts';
import { fromReadModel, type StreamEvent } from './stream-event.ts';

export interface ConversationParts {
  readonly hub: ConversationHub;
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
  /** How long to wait for an event before saying `idle`. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
}

/** `caught-up`: all that had happened when the stream was opened has been given. `idle`: nothing happened for a while. */
export type ConversationItem = StreamEvent | 'caught-up' | 'idle';

/** The reader took too long; it resumes from the last event it has. */
export class SlowReaderError extends Error {
  override readonly name = 'SlowReaderError';
  readonly code = 'SLOW_READER';
}

/**
 * The conversation of a session behind `after`: first what happened, then what happens, each event once and in order,
 * sequence n+1 after n. Ends when the signal does.
 *
 * The live feed is opened before the past is read, so that nothing falls between the two; what comes twice is told by its
 * sequence. The past is in the recent events of this process, else in the read model, else (when the projection is
 * behind) in the log.
 */
export async function* conversationOf(
  parts: ConversationParts,
  request: ConversationRequest,
): AsyncGenerator<ConversationItem, void, undefined> {
  const feed = parts.hub.open(request.sessionId);
  let last = request.after;
  let caughtUp = false;
  try {
    while (!request.signal.aborted) {
      let pastKnown = true;
      try {
        for await (const event of pastOf(parts, request, last)) {
          last = event.sequence;
          yield event;
        }
      } catch (error) {
        if (!request.fresh || codeOf(error) !== 'READ_MODEL_UNAVAILABLE') throw error;
        // What comes next tells by its sequence whether anything was missed; silence does not, so the past is asked again.
        pastKnown = false;
      }
      if (feed.queue.overflowed) {
        // Much was said while the past was read: that is the past now.
        feed.queue.reset();
        continue;
      }
      if (!caughtUp) yield 'caught-up';
      caughtUp = true;
      for (;;) {
        const item = await feed.queue.next(request.idleMs, request.signal);
        if (item === 'aborted') return;
        if (item === 'overflowed') throw new SlowReaderError(`session ${request.sessionId}: the reader is too slow`);
        if (item === 'idle') {
          yield 'idle';
          if (!pastKnown) break;
          continue;
        }
        if (item.sequence <= last) continue;
        if (item.sequence > last + 1) break;
        last = item.sequence;
        pastKnown = true;
        yield item;
      }
    }
  } finally {
    feed.close();
  }
}

const PAGE = 500;

/** All events behind `after` that existed when the call was made and are not sure to come by the live feed. */
async function* pastOf(
  parts: ConversationParts,
  { tenantId, sessionId, signal }: ConversationRequest,
  after: number,
): AsyncGenerator<StreamEvent, void, undefined> {
  const { hub, readModel } = parts;
  let last = after;
  while (!signal.aborted) {
    const recent = hub.recent.after(sessionId, last);
    for (const event of recent) {
      last = event.sequence;
      yield event;
    }
    // From one event of this process on, all later ones are here or on the live feed.
    if (recent.length > 0) return;
    const { events, positions } = await readModel.conversationAfter(tenantId, sessionId, last, PAGE);
    const stretch =
      events.length > 0 || hub.recent.after(sessionId, last).length > 0
        ? events.map(fromReadModel)
        : hub.recent.covers(positions, hub.began)
          ? null
          : await parts.logStretch.read({ sessionId, tenantId, after: last, positions });
    if (stretch === null) return;
    for (const event of stretch) {
      if (event.sequence !== last + 1) throw new Error(`session ${sessionId}: ${event.sequence} follows ${last}`);
      last = event.sequence;
      yield event;
    }
    if (stretch.length === 0 && hub.recent.after(sessionId, last).length === 0) return;
  }
}
