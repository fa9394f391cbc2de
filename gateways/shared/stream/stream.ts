import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { codeOf } from '../../../infra/kit/errors.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { HEARTBEAT_FRAME, RETRY_FRAME } from './frame.ts';
import type { Demand, LiveReader } from './live-feed.ts';

/** Heartbeats (15 s each) after which a stream that waits for a beginning ends: what has not begun by then is unlikely to begin. */
const IDLE_BEFORE_BEGIN_MAX = 4;

/** What a stream shows: past items, then live ones, and past ones again after a gap. */
export interface StreamSource<Item> {
  /** Yields the past items that were not yielded yet. Until `live` is called, every call returns the same generator. */
  past(): AsyncGenerator<Item, void, undefined>;
  /** Passes live items to the reader. Resolves with `gap` when the past must be read again, with `end` at the end. */
  live(reader: LiveReader<Item>): Promise<'gap' | 'end'>;
  /** Passes on the items that were buffered while the reader was full. */
  resume(): void;
  /** Ends the source; a second call has no effect. */
  close(): void;
}

/** The part of a source that one client sees, as frames. */
export interface StreamView<Item> {
  /** Takes the next item. Returns the frames to send: none when the stream does not show it. */
  take(item: Item): readonly string[];
  /** Marks the past as read. */
  caughtUp(): void;
  /** True when no more frames will be sent. */
  readonly ended: boolean;
  /** True while a stream that ends by itself waits for a beginning. */
  readonly waitsToBegin: boolean;
}

/** A stream that has an event to send, or may have one later. */
export interface OpenStream<Item> {
  /** First frames; empty when the stream waits for an event. */
  readonly first: readonly string[];
  readonly source: StreamSource<Item>;
  readonly view: StreamView<Item>;
}

/**
 * Reads up to the first event to show, or to the end of the past, before the response begins, so that errors still become
 * problems. Resolves with null when the stream has ended already. Rejects as the read model and the log do.
 */
export async function openStream<Item>(
  source: StreamSource<Item>,
  view: StreamView<Item>,
): Promise<OpenStream<Item> | null> {
  const past = source.past();
  for (let event = await past.next(); event.done !== true; event = await past.next()) {
    const first = view.take(event.value);
    if (first.length > 0) return { first, source, view };
    if (view.ended) return null;
  }
  view.caughtUp();
  return view.ended ? null : { first: [], source, view };
}

/** Writes the frames of a stream to a response. */
class StreamWriter<Item> implements LiveReader<Item> {
  readonly #stream: OpenStream<Item>;
  readonly #response: ServerResponse;
  readonly #metrics: GatewayMetrics;
  #idle = 0;

  constructor(stream: OpenStream<Item>, response: ServerResponse, metrics: GatewayMetrics) {
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

  take(item: Item): Demand {
    this.#idle = 0;
    const frames = this.#stream.view.take(item);
    if (frames.length === 0) return this.#after(true);
    this.#metrics.streamEvents.inc(frames.length);
    return this.#after(this.#response.write(frames.join('')));
  }

  idle(): Demand {
    this.#idle += 1;
    if (this.#idle >= IDLE_BEFORE_BEGIN_MAX && this.#stream.view.waitsToBegin) return 'end';
    return this.#after(this.#response.write(HEARTBEAT_FRAME));
  }

  #after(more: boolean): Demand {
    if (this.#stream.view.ended) return 'end';
    if (more || this.#response.destroyed) return 'more';
    this.#response.once('drain', () => this.#stream.source.resume());
    return 'full';
  }
}

/** Runs what writes a stream to a response, and counts it. A stream that fails is cut. Never rejects. */
export async function cutOnFailure(
  response: ServerResponse,
  metrics: GatewayMetrics,
  write: () => Promise<void>,
): Promise<void> {
  metrics.streamsOpen.inc();
  response.on('error', () => response.destroy());
  try {
    await write();
    response.end();
  } catch (error) {
    metrics.streamsCut.inc({ reason: codeOf(error) });
    // Cut, not ended: the client sees that the stream is incomplete and resumes after its last event.
    response.destroy();
  } finally {
    metrics.streamsOpen.dec();
  }
}

/**
 * Writes a stream directly to the response until it ends: a Readable with an iterator would take more memory than the rest
 * of a waiting stream. Waits for a client that does not read; the live feed bounds the events of that time. A stream that
 * fails is cut, so that its client resumes. Never rejects.
 */
export async function writeStream<Item>(
  stream: OpenStream<Item>,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  metrics: GatewayMetrics,
): Promise<void> {
  const { source, view } = stream;
  const writer = new StreamWriter(stream, response, metrics);
  await cutOnFailure(response, metrics, async () => {
    writer.begin(headers);
    while (!view.ended) {
      await writePast(source, writer, response);
      view.caughtUp();
      if (view.ended || (await source.live(writer)) === 'end') break;
    }
  });
  source.close();
}

async function writePast<Item>(
  source: StreamSource<Item>,
  writer: StreamWriter<Item>,
  response: ServerResponse,
): Promise<void> {
  for await (const item of source.past()) {
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
