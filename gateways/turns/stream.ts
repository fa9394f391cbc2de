import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { codeOf } from '../../infra/kit/errors.ts';
import type { GatewayMetrics } from '../shared/metrics.ts';
import type { Conversation } from './conversation.ts';
import { HEARTBEAT_FRAME, RETRY_FRAME } from './frame.ts';
import type { Demand, LiveReader } from './live-feed.ts';
import type { StreamCut } from './stream-cut.ts';
import type { StreamItem } from './stream-event.ts';

/** Heartbeats (15 s each) after which a stream without a turn ends: a turn that has not begun by then is unlikely to begin. */
const IDLE_BEFORE_TURN_MAX = 4;

/** A stream that has an event to send, or may have one later. */
export interface OpenStream {
  /** First frames; empty when the stream waits for an event. */
  readonly first: readonly string[];
  readonly conversation: Conversation;
  readonly cut: StreamCut;
}

/**
 * Reads up to the first event to show, or to the end of the past, before the response begins, so that errors still become
 * problems. Resolves with null when the stream has ended already. Rejects as the read model and the log do.
 */
export async function openStream(conversation: Conversation, cut: StreamCut): Promise<OpenStream | null> {
  const past = conversation.past();
  for (let event = await past.next(); event.done !== true; event = await past.next()) {
    const first = cut.take(event.value);
    if (first.length > 0) return { first, conversation, cut };
    if (cut.ended) return null;
  }
  cut.caughtUp();
  return cut.ended ? null : { first: [], conversation, cut };
}

/** Writes the events of a conversation to a response. */
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
    // Flushed separately: with the first frame, Node would keep the head in memory as its many pieces.
    this.#response.flushHeaders();
    this.#metrics.streamEvents.inc(first.length);
    this.#response.write(RETRY_FRAME + first.join(''));
    this.#response.uncork();
  }

  take(item: StreamItem): Demand {
    this.#idle = 0;
    const frames = this.#stream.cut.take(item);
    if (frames.length === 0) return this.#after(true);
    this.#metrics.streamEvents.inc(frames.length);
    return this.#after(this.#response.write(frames.join('')));
  }

  idle(): Demand {
    this.#idle += 1;
    if (this.#idle >= IDLE_BEFORE_TURN_MAX && this.#stream.cut.waitsForFirstTurn) return 'end';
    return this.#after(this.#response.write(HEARTBEAT_FRAME));
  }

  #after(more: boolean): Demand {
    if (this.#stream.cut.ended) return 'end';
    if (more || this.#response.destroyed) return 'more';
    this.#response.once('drain', () => this.#stream.conversation.resume());
    return 'full';
  }
}

/**
 * Writes a stream directly to the response until it ends: a Readable with an iterator would take more memory than the rest
 * of a waiting stream. Waits for a client that does not read; the live feed bounds the events of that time. A stream that
 * fails is cut, so that its client resumes. Never rejects.
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
    // Cut, not ended: the client sees that the stream is incomplete and resumes after its last event.
    response.destroy();
  } finally {
    metrics.streamsOpen.dec();
    conversation.close();
  }
}

async function writePast(conversation: Conversation, writer: StreamWriter, response: ServerResponse): Promise<void> {
  for await (const item of conversation.past()) {
    const taken = writer.take(item);
    if (taken === 'end' || response.destroyed) return;
    if (taken === 'full') await drained(response);
  }
}

/** Resolves when the client has read the written data, or has disconnected. */
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
