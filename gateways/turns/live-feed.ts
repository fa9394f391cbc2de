import type { StreamEvent } from './stream-event.ts';

/** Events that a reader has not taken yet. Two hundred turns of a fast model in one second. */
const HELD_MAX = 1_000;
/** Ticks (seconds) of silence before it is told: proxies close what says nothing for longer. */
export const IDLE_TICKS = 15;
/** Ticks that a reader may take for what was written. */
const FULL_TICKS_MAX = 60;

/** The reader took too long; it resumes from the last event it has. */
export class SlowReaderError extends Error {
  override readonly name = 'SlowReaderError';
  readonly code = 'SLOW_READER';
}

/** `full`: nothing more until `resume`. `gap`: an event is missing before this one. `end`: nothing more at all. */
export type Taken = 'more' | 'full' | 'gap' | 'end';

export interface LiveReader {
  take(event: StreamEvent): Taken;
  /** Nothing came for a while. */
  idle(): Taken;
}

interface Flow {
  readonly reader: LiveReader;
  readonly resolve: (end: 'gap' | 'end') => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Between the tail, which never waits, and one reader. While it flows, an event goes to its reader in the same call: no
 * promise, timer or copy for each of thousands of readers. Until then, and while the reader is full, events are held:
 * bounded, and it says when there were too many.
 */
export class LiveFeed {
  readonly #heldMax: number;
  #held: StreamEvent[] = [];
  #overflowed = false;
  #flow: Flow | null = null;
  #full = false;
  #ended = false;
  #ticks = 0;

  constructor(heldMax = HELD_MAX) {
    this.#heldMax = heldMax;
  }

  push(event: StreamEvent): void {
    this.#ticks = this.#full ? this.#ticks : 0;
    if (this.#flow !== null && !this.#full) this.#give(this.#flow, (reader) => reader.take(event));
    else if (this.#held.length < this.#heldMax) this.#held.push(event);
    else this.#overflow();
  }

  /** Once a second. */
  tick(): void {
    if (this.#flow === null) return;
    this.#ticks += 1;
    if (this.#full && this.#ticks >= FULL_TICKS_MAX) this.#fail(new SlowReaderError('nothing was taken for a minute'));
    else if (!this.#full && this.#ticks >= IDLE_TICKS) {
      this.#ticks = 0;
      this.#give(this.#flow, (reader) => reader.idle());
    }
  }

  /**
   * Gives what is held, then what comes as it comes. Resolves with `gap` when the reader said so or too much had come
   * before, with `end` when the reader said so or `end` was called. Rejects with SlowReaderError, or with what the reader
   * throws. One at a time.
   */
  flow(reader: LiveReader): Promise<'gap' | 'end'> {
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

  /** The reader can take more. */
  resume(): void {
    this.#full = false;
    this.#ticks = 0;
    while (this.#flow !== null && !this.#full) {
      const event = this.#held.shift();
      if (event === undefined) return;
      this.#give(this.#flow, (each) => each.take(event));
    }
  }

  end(): void {
    this.#ended = true;
    this.#held = [];
    this.#settle()?.resolve('end');
  }

  #give(flow: Flow, tell: (reader: LiveReader) => Taken): void {
    try {
      const taken = tell(flow.reader);
      if (taken === 'more') return;
      if (taken === 'full') this.#full = true;
      else this.#settle()?.resolve(taken);
    } catch (error) {
      this.#fail(error);
    }
  }

  #overflow(): void {
    this.#held = [];
    if (this.#flow === null) this.#overflowed = true;
    else this.#fail(new SlowReaderError(`more than ${this.#heldMax} events came that were not taken`));
  }

  #fail(error: unknown): void {
    this.#settle()?.reject(error);
  }

  #settle(): Flow | null {
    const flow = this.#flow;
    this.#flow = null;
    this.#full = false;
    return flow;
  }
}
