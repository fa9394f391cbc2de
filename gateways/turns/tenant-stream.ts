import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { GatewayMetrics } from '../shared/metrics.ts';
import { HEARTBEAT_FRAME, RETRY_FRAME } from '../shared/stream/frame.ts';
import type { Demand, LiveFeed, LiveReader } from '../shared/stream/live-feed.ts';
import { cutOnFailure } from '../shared/stream/stream.ts';
import type { StreamItem } from './stream-event.ts';

/** Frames of this time are sent together: with a thousand running turns, one write for each would take a whole core. */
const FLUSH_MS = 25;

/** Writes everything that happens in a tenant's conversations to a response. */
class TenantWriter implements LiveReader<StreamItem> {
  readonly #feed: LiveFeed<StreamItem>;
  readonly #response: ServerResponse;
  readonly #metrics: GatewayMetrics;
  #frames: string[] = [];
  #flush: NodeJS.Timeout | undefined;
  #isFull = false;

  constructor(feed: LiveFeed<StreamItem>, response: ServerResponse, metrics: GatewayMetrics) {
    this.#feed = feed;
    this.#response = response;
    this.#metrics = metrics;
  }

  take({ body }: StreamItem): Demand {
    if (body === null) return 'more';
    this.#frames.push(body);
    this.#flush ??= setTimeout(() => this.#write(), FLUSH_MS);
    return this.#isFull ? 'full' : 'more';
  }

  idle(): Demand {
    this.#response.write(HEARTBEAT_FRAME);
    return 'more';
  }

  close(): void {
    clearTimeout(this.#flush);
  }

  #write(): void {
    const frames = this.#frames;
    this.#frames = [];
    this.#flush = undefined;
    if (this.#response.destroyed) return;
    this.#metrics.streamEvents.inc(frames.length);
    if (this.#response.write(frames.join(''))) return;
    this.#isFull = true;
    this.#response.once('drain', () => {
      this.#isFull = false;
      this.#feed.resume();
    });
  }
}

/**
 * Writes the events and the text of all turns of a tenant to a response, from now on, until the feed ends. A client that
 * does not read is cut when the feed's buffer is full. Never rejects.
 */
export async function writeTenantStream(
  feed: LiveFeed<StreamItem>,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  metrics: GatewayMetrics,
): Promise<void> {
  const writer = new TenantWriter(feed, response, metrics);
  await cutOnFailure(response, metrics, async () => {
    response.writeHead(200, headers);
    response.write(RETRY_FRAME);
    // A feed that was full before it flowed has lost events; the stream shows what happens now.
    while ((await feed.flow(writer)) === 'gap');
  });
  writer.close();
}
