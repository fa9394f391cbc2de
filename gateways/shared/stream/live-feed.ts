/** Items that a reader has not taken yet: more than a minute and a half of one turn. */
const BUFFERED_MAX = 1_000;
/** Ticks (seconds) of silence before the reader is called with `idle`: proxies close connections that are silent for longer. */
export const IDLE_TICKS = 15;
/** Ticks (seconds) for which a reader may stay full. */
const FULL_TICKS_MAX = 60;

/** A reader that fell behind. Its client resumes after its last event. */
export class SlowReaderError extends Error {
  override readonly name = 'SlowReaderError';
  readonly code = 'SLOW_READER';
}

/** What a reader can take next. `full`: no event until `resume`. `gap`: an event is missing before this one. `end`: no more events. */
export type Demand = 'more' | 'full' | 'gap' | 'end';

/** A reader of live items. Its methods are called synchronously. */
export interface LiveReader<Item> {
  take(item: Item): Demand;
  /** Called after 15 s without an event. */
  idle(): Demand;
}

interface Flow<Item> {
  readonly reader: LiveReader<Item>;
  readonly resolve: (end: 'gap' | 'end') => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A bounded buffer between the tail, which never waits, and one reader. While it flows, it passes an event to the reader in
 * the same call, without a promise, timer or copy for each of thousands of readers. Before that, and while the reader is
 * full, it buffers up to 1,000 events. An overflow before it flows is reported as `gap`, a later one as SlowReaderError.
 */
export class LiveFeed<Item> {
  readonly #bufferedMax: number;
  #buffered: Item[] = [];
  #overflowed = false;
  #flow: Flow<Item> | null = null;
  #full = false;
  #ended = false;
  #ticks = 0;

  constructor(bufferedMax = BUFFERED_MAX) {
    this.#bufferedMax = bufferedMax;
  }

  /** Passes an event to the reader, or buffers it. */
  push(event: Item): void {
    this.#ticks = this.#full ? this.#ticks : 0;
    if (this.#flow !== null && !this.#full) this.#give(this.#flow, (reader) => reader.take(event));
    else if (this.#buffered.length < this.#bufferedMax) this.#buffered.push(event);
    else this.#overflow();
  }

  /** Called once a second: counts silence, and the time for which the reader is full. */
  tick(): void {
    if (this.#flow === null) return;
    this.#ticks += 1;
    if (this.#full && this.#ticks >= FULL_TICKS_MAX)
      this.#fail(new SlowReaderError('the reader took no event for a minute'));
    else if (!this.#full && this.#ticks >= IDLE_TICKS) {
      this.#ticks = 0;
      this.#give(this.#flow, (reader) => reader.idle());
    }
  }

  /**
   * Passes the buffered events to the reader, then each new one. Resolves with `gap` when the reader returns it or the buffer
   * overflowed before; with `end` when the reader returns it or `end` was called. Rejects with SlowReaderError, or with what
   * the reader throws. Only one reader at a time.
   */
  flow(reader: LiveReader<Item>): Promise<'gap' | 'end'> {
    if (this.#ended) return Promise.resolve('end');
    if (this.#overflowed) {
      this.#overflowed = false;
      return Promise.resolve('gap');
    }
    return new Promise((resolve, reject) => {
      this.#ticks = 0;
      this.#flow = { reader, resolve, reject };
      this.resume();
    });
  }

  /** Passes buffered events to the reader, which can take more. */
  resume(): void {
    this.#full = false;
    this.#ticks = 0;
    while (this.#flow !== null && !this.#full) {
      const event = this.#buffered.shift();
      if (event === undefined) return;
      this.#give(this.#flow, (each) => each.take(event));
    }
  }

  /** Ends the feed and drops its buffer. */
  end(): void {
    this.#ended = true;
    this.#buffered = [];
    this.#settle()?.resolve('end');
  }

  #give(flow: Flow<Item>, call: (reader: LiveReader<Item>) => Demand): void {
    try {
      const taken = call(flow.reader);
      if (taken === 'more') return;
      if (taken === 'full') this.#full = true;
      else this.#settle()?.resolve(taken);
    } catch (error) {
      this.#fail(error);
    }
  }

  #overflow(): void {
    this.#buffered = [];
    if (this.#flow === null) this.#overflowed = true;
    else this.#fail(new SlowReaderError(`the reader is more than ${this.#bufferedMax} events behind`));
  }

  #fail(error: unknown): void {
    this.#settle()?.reject(error);
  }

  #settle(): Flow<Item> | null {
    const flow = this.#flow;
    this.#flow = null;
    this.#full = false;
    return flow;
  }
}
