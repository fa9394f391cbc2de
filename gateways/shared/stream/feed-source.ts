import type { Demand, LiveFeed, LiveReader } from './live-feed.ts';
import type { StreamSource } from './stream.ts';

/**
 * A source of past and live items of one key. Its feed is opened before the past is read, so that no item is lost between
 * the two: `read` yields the past, and `take` sees each live item and recognizes one that the past has shown. Ends when the
 * signal aborts.
 */
export abstract class FeedSource<Item> implements StreamSource<Item>, LiveReader<Item> {
  readonly #feed: LiveFeed<Item>;
  readonly #end: () => void;
  /** The reader of live items; null until `live` is called. */
  protected reader: LiveReader<Item> | null = null;
  #past: AsyncGenerator<Item, void, undefined> | null = null;

  /** `end` ends the feed; a second call has no effect. */
  constructor(feed: LiveFeed<Item>, end: () => void, signal: AbortSignal) {
    this.#feed = feed;
    this.#end = end;
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  }

  /** Yields the past items that were not yielded yet. */
  protected abstract read(): AsyncGenerator<Item, void, undefined>;

  /** Takes a live item: skips one that was shown, reports a gap. */
  abstract take(item: Item): Demand;

  /**
   * Yields the past items that were not yielded yet. Until `live` is called, every call returns the same generator, which
   * continues where it was left. Rejects as the read model and the log do.
   */
  past(): AsyncGenerator<Item, void, undefined> {
    this.#past ??= this.read();
    return this.#past;
  }

  /**
   * Passes live items to the reader. Resolves with `end` when the reader returns `end` or the source is closed, and with
   * `gap` when the past must be read again. A reader that returns `full` calls `resume` when it can take more. Rejects with
   * SlowReaderError.
   */
  live(reader: LiveReader<Item>): Promise<'gap' | 'end'> {
    this.reader = reader;
    this.#past = null;
    return this.#feed.flow(this);
  }

  /** Passes on the items that were buffered while the reader was full. */
  resume(): void {
    this.#feed.resume();
  }

  /** Ends the source; a second call has no effect. */
  close(): void {
    this.#end();
  }

  idle(): Demand {
    return this.reader?.idle() ?? 'gap';
  }
}
