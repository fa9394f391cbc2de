import { LiveFeed } from './live-feed.ts';

const TICK_MS = 1_000;

/** The open feeds of a process, by the key that they read, such as a session. They share one timer. */
export class Feeds<Item> {
  /** Most keys have one feed. */
  readonly #feeds = new Map<string, readonly LiveFeed<Item>[]>();
  readonly #bufferedMax: number | undefined;
  #ticking: NodeJS.Timeout | undefined;

  /** `bufferedMax`: items that a reader has not taken yet; the default is that of a feed. */
  constructor(bufferedMax?: number) {
    this.#bufferedMax = bufferedMax;
  }

  /** Returns a new feed of a key. */
  open(key: string): LiveFeed<Item> {
    const feed = new LiveFeed<Item>(this.#bufferedMax);
    this.#feeds.set(key, [...(this.#feeds.get(key) ?? []), feed]);
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return feed;
  }

  /** Ends the feed; a second call has no effect. */
  close(key: string, feed: LiveFeed<Item>): void {
    const left = (this.#feeds.get(key) ?? []).filter((each) => each !== feed);
    if (left.length > 0) this.#feeds.set(key, left);
    else this.#feeds.delete(key);
    feed.end();
    if (this.#feeds.size > 0) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  /** Passes an item to all feeds of its key. */
  push(key: string, item: Item): void {
    for (const feed of this.#feeds.get(key) ?? []) feed.push(item);
  }

  #tick(): void {
    for (const feeds of this.#feeds.values()) for (const feed of feeds) feed.tick();
  }
}
