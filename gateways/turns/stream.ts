import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { codeOf } from '../../infra/kafka/errors.ts';
import type { GatewayMetrics } from '../shared/metrics.ts';
import type { Conversation } from './conversation.ts';
import { HEARTBEAT_FRAME, RETRY_FRAME, type StreamCut } from './frames.ts';
import type { LiveReader, Taken } from './live-feed.ts';
import type { StreamEvent } from './stream-event.ts';

/** A turn that has not begun by the fourth heartbeat will hardly begin: the stream ends, and its reader may ask again. */
const IDLE_BEFORE_TURN_MAX = 4;

/** A stream that has something to show, or to wait for. */
export interface OpenStream {
  /** The first event; null when the stream waits for one. */
  readonly first: string | null;
  readonly conversation: Conversation;
  readonly cut: StreamCut;
}

/**
 * Reads until there is something to show, or until all that happened has been read; so errors still become problems.
 * Null when there is nothing to show and nothing to come.
 */
export async function openStream(conversation: Conversation, cut: StreamCut): Promise<OpenStream | null> {
  const past = conversation.past();
  for (let event = await past.next(); event.done !== true; event = await past.next()) {
    const first = cut.take(event.value);
    if (first !== null) return { first, conversation, cut };
    if (cut.ended) return null;
  }
  cut.caughtUp();
  return cut.ended ? null : { first: null, conversation, cut };
}

/** Shows a conversation to the reader of a response, straight, and ends with its cut. */
class StreamWriter implements LiveReader {
  readonly #stream: OpenStream;
  readonly #response: ServerResponse;
  readonly #metrics: GatewayMetrics;
  #idle = 0;

  constructor(stream: OpenStream, response: ServerResponse, metrics: GatewayMetrics) {
    this.#stream = stream;
    this.#response = response;
    this.#metrics = metrics;
  }

  begin(headers: OutgoingHttpHeaders): void {
    const { first } = this.#stream;
    this.#response.cork();
    this.#response.writeHead(200, headers);
    // Sent with the first frame, the head would be kept as the many pieces that it was put together from.
    this.#response.flushHeaders();
    if (first !== null) this.#metrics.streamEvents.inc();
    this.#response.write(RETRY_FRAME + (first ?? ''));
    this.#response.uncork();
  }

  take(event: StreamEvent): Taken {
    this.#idle = 0;
    const frame = this.#stream.cut.take(event);
    if (frame === null) return this.#after(true);
    this.#metrics.streamEvents.inc();
    return this.#after(this.#response.write(frame));
  }

  idle(): Taken {
    this.#idle += 1;
    if (this.#idle >= IDLE_BEFORE_TURN_MAX && this.#stream.cut.waitsForFirstTurn) return 'end';
    return this.#after(this.#response.write(HEARTBEAT_FRAME));
  }

  #after(more: boolean): Taken {
    if (this.#stream.cut.ended) return 'end';
    if (more || this.#response.destroyed) return 'more';
    this.#response.once('drain', () => this.#stream.conversation.resume());
    return 'full';
  }
}

/**
 * Writes a stream to its reader until it ends, straight to the response: a Readable between them, and an iterator that
 * feeds it, would take more memory than all else that a waiting stream holds. A reader that does not take what was
 * written is waited for; what comes meanwhile is bounded by its live feed. Never rejects.
 */
export async function writeStream(
  stream: OpenStream,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  metrics: GatewayMetrics,
): Promise<void> {
  const { conversation, cut } = stream;
  const writer = new StreamWriter(stream, response, metrics);
  metrics.streamsOpen.inc();
  response.on('error', () => response.destroy());
  try {
    writer.begin(headers);
    while (!cut.ended) {
      await writePast(conversation, writer, response);
      cut.caughtUp();
      if (cut.ended || (await conversation.live(writer)) === 'end') break;
    }
    response.end();
  } catch (error) {
    metrics.streamsCut.inc({ reason: codeOf(error) });
    // Cut, not ended: the reader sees that there is more, and resumes from the last event it has.
    response.destroy();
  } finally {
    metrics.streamsOpen.dec();
    conversation.close();
  }
}

async function writePast(conversation: Conversation, writer: StreamWriter, response: ServerResponse): Promise<void> {
  for await (const event of conversation.past()) {
    const taken = writer.take(event);
    if (taken === 'end' || response.destroyed) return;
    if (taken === 'full') await drained(response);
  }
}

/** Resolves when the reader has taken what was written, or has gone. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
